"""The form of an item says when its protection by copyright ends, and from what that was calculated."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.admin import protection
from archive.models import Agent, Item, ItemAgent, RightsStatement
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db


def a_book(*deaths: str) -> Item:
    item = an_item("Sách")
    Item.objects.filter(pk=item.pk).update(kind="ebook")
    item.refresh_from_db()
    for number, died in enumerate(deaths):
        agent = Agent.objects.create(slug=f"a-{number}", names=[], kind="person", died_edtf=died)
        ItemAgent.objects.create(item=item, agent=agent, role="aut")
    return item


def told(item: Item) -> tuple[str, str]:
    term = protection.term_of(item)
    assert term is not None
    return term.rule, "" if term.ends_on is None else term.ends_on.isoformat()


def test_of_several_authors_the_last_death_counts() -> None:
    assert told(a_book("1930", "1954")) == ("life_50", "2004-12-31")


def test_an_author_of_whose_death_nobody_knows_leaves_the_term_open() -> None:
    term = protection.term_of(a_book("1930", ""))

    assert term is not None
    assert (term.ends_on, term.lacking) == (None, ("died",))


def test_a_body_that_signs_is_no_author_who_dies() -> None:
    item = a_book()
    body = Agent.objects.create(slug="nxb", names=[], kind="body")
    ItemAgent.objects.create(item=item, agent=body, role="aut")
    Item.objects.filter(pk=item.pk).update(issued_edtf="1990")
    item.refresh_from_db()

    assert told(item) == ("publication_75", "2065-12-31")


def test_folklore_has_no_term_and_sound_is_another_right() -> None:
    folklore = RightsStatement.objects.get(family="folklore")
    song = an_item("Dân ca")
    song.rights = folklore
    sound = an_item("Băng")
    sound.kind = "audio"

    assert told(song) == ("folklore", "")
    assert protection.sentences(sound, "vi") == []


def test_the_form_tells_the_day_the_rule_and_the_dates(publisher: Client) -> None:
    item = an_item("Ảnh cũ")
    Item.objects.filter(pk=item.pk).update(issued_edtf="1998~")

    page = publisher.get(f"/admin/archive/item/{item.pk}/change/", headers={"accept-language": "vi"}).content.decode()

    assert "Được bảo hộ đến 31/12/2073" in page
    assert "75 năm" in page
    assert "khoảng năm 1998" in page
    assert "lấy thời điểm muộn nhất" in page
