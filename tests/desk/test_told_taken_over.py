"""What somebody told is taken over into the record by a person, and the record says where it came from."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive.actions import contribute
from archive.contributions import digest
from archive.models import Contribution, Item, Remark
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.desk.pages import open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Item:
    return makers.item(now=timezone.now(), title="Chiêng Kon Rẫy")


@pytest.fixture
def desk() -> Client:
    return signed_in(staff("bien_tap", "Cataloguer", "Publisher"))


def told(item: Item, **more: Any) -> Contribution:
    facts = {
        "subject": "person",
        "text": "Già làng A Thút",
        "giver_name": "Y Bớp",
        "consent": "named",
        "state": "accepted",
    }
    return Contribution.objects.create(
        item=item, consented_at=timezone.now(), code_digest=digest(str(more)), **{**facts, **more}
    )


def way_of(desk: Client, row: Contribution) -> str:
    page = desk.get(f"/admin/archive/contribution/{row.pk}/change/").content.decode()
    found = re.search(r'href="(/admin/archive/item/\d+/change/\?told=[0-9a-z]+)"', page)
    return found[1] if found else ""


def test_the_record_that_takes_it_over_names_it_as_its_origin(item: Item, desk: Client) -> None:
    row = told(item)
    way = way_of(desk, row)
    form = open_form(desk, way)
    assert "A Thút" in form.text

    answer = form.put("rights_note", "A Thút ngồi giữa").save(desk)

    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    assert row.taken_over_at is not None
    history = desk.get(f"/admin/archive/item/{item.pk}/history/").content.decode()
    assert f"Told by somebody who knows it: {row.pid}" in history


@pytest.mark.parametrize(
    "facts", [{"consent": "keepers"}, {"state": "open"}, {"state": "withdrawn", "text": "", "giver_name": ""}]
)
def test_what_does_not_stand_or_is_for_the_keepers_alone_is_not_taken_over(
    item: Item, desk: Client, facts: dict[str, str]
) -> None:
    row = told(item, **facts)

    shown = desk.get(f"/admin/archive/item/{item.pk}/change/?told={row.pid}").content.decode()

    assert row.state == "withdrawn" or way_of(desk, row) == ""
    assert "told-over" not in shown


def test_what_was_told_of_another_item_is_not_shown_beside_a_form(item: Item, desk: Client) -> None:
    row = told(makers.item(now=timezone.now(), title="Khác"))

    assert "A Thút" not in desk.get(f"/admin/archive/item/{item.pk}/change/?told={row.pid}").content.decode()


def test_a_name_that_is_not_to_be_shown_is_not_beside_the_form(item: Item, desk: Client) -> None:
    row = told(item, consent="unnamed")

    page = desk.get(way_of(desk, row)).content.decode()

    assert "A Thút" in page
    assert "Y Bớp" not in page


def test_taking_back_what_was_taken_over_tells_who_works_on_the_record(item: Item) -> None:
    now = timezone.now()
    row = told(item, taken_over_at=now)

    contribute.take_back(row, by=None, now=now + timedelta(days=1))

    (said,) = Remark.objects.filter(item=item)
    assert row.pid in said.text
    assert "A Thút" not in said.text


def test_what_waits_is_counted_on_the_start_page(item: Item, desk: Client) -> None:
    assert "waits to be read" not in desk.get("/admin/").content.decode()
    told(item, state="open")

    page = desk.get("/admin/").content.decode()

    assert "thing that was told waits to be read" in page
    assert 'href="/admin/archive/contribution/?state=open"' in page
