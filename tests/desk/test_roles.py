"""What each ready-made role finds at the desk and may do there. The table is the promise of docs/operations/running.md."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access.admin.accounts import ROLE_NAMES, SHORT_ROLE_NAMES
from archive import languages
from archive.actions.move_item import publish_item
from archive.models import Item, ItemState, People
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_items import change, form

pytestmark = pytest.mark.django_db
ITEM, PEOPLE = "/admin/archive/item/", "/admin/archive/people/"
READS, WRITES = frozenset({"items", "peoples", "work"}), frozenset({"new item", "new people", "edit people"})
MAY: dict[str, frozenset[str]] = {
    "Cataloguer": READS | WRITES | {"describe", "upload", "bin draft"},
    "Reviewer": frozenset({"items", "peoples", "describe", "upload", "bin draft"}),
    "Publisher": READS | WRITES | {"describe", "upload", "bin draft", "access", "delete people", "log", "consents"},
    "Media operator": READS | {"describe", "upload", "bin draft"},
    "Keeper of consents": frozenset({"items", "consents"}),
    "administrator": READS
    | WRITES
    | {"describe", "upload", "bin draft", "access", "delete people", "log", "consents", "accounts"},
}


def opens(client: Client, address: str) -> bool:
    return client.get(address).status_code == 200


def may_do(client: Client, item: Item, people: People) -> frozenset[str]:
    """Return what the screens of the desk let somebody do."""
    changing = client.get(f"{ITEM}{item.pk}/change/").content.decode()
    done = {
        "items": opens(client, ITEM),
        "peoples": opens(client, PEOPLE),
        "work": opens(client, "/admin/media_pipeline/job/"),
        "consents": opens(client, "/admin/archive/consentrecord/"),
        "accounts": opens(client, "/admin/access/user/"),
        "log": opens(client, "/admin/access/auditentry/"),
        "new item": opens(client, f"{ITEM}add/"),
        "new people": opens(client, f"{PEOPLE}add/"),
        "edit people": 'name="_save"' in client.get(f"{PEOPLE}{people.pk}/change/").content.decode(),
        "describe": 'name="_continue"' in changing,
        "upload": "data-files" in changing,
        "access": 'name="access_level"' in changing,
        "bin draft": opens(client, f"{ITEM}{item.pk}/delete/"),
        "delete people": opens(client, f"{PEOPLE}{people.pk}/delete/"),
    }
    return frozenset(name for name, is_open in done.items() if is_open)


@pytest.mark.parametrize("role", MAY)
def test_each_role_finds_what_is_its_work_and_nothing_else(role: str) -> None:
    user = staff("nguoi", is_superuser=True) if role == "administrator" else staff("nguoi", role)
    people = People.objects.create(slug="xo-dang", names=languages.of(vi="Xơ Đăng"))

    assert may_do(signed_in(user), an_item("Gùi"), people) == MAY[role]


@pytest.mark.parametrize(
    ("role", "sent", "held"),
    [
        ("Cataloguer", {"access_level": "nobody"}, True),
        ("Reviewer", {"access_level": "nobody"}, True),
        ("Media operator", {"_move": "published"}, True),
        ("Reviewer", {"_move": "published"}, True),
        ("Publisher", {"_move": "published"}, False),
    ],
)
def test_what_a_form_does_not_offer_is_not_taken_from_it_either(role: str, sent: dict[str, Any], held: bool) -> None:
    item = an_item("Gùi")
    before = (item.state, item.chosen_rule_id)

    change(signed_in(staff("nguoi", role)), item, **sent)

    item.refresh_from_db()
    assert ((item.state, item.chosen_rule_id) == before) is held


@pytest.mark.parametrize("role", ["Reviewer", "Media operator"])
def test_who_does_not_make_items_makes_none_by_a_request(role: str) -> None:
    answer = signed_in(staff("nguoi", role)).post(f"{ITEM}add/", form())

    assert answer.status_code == 403
    assert not Item.objects.exists()


def test_what_readers_saw_is_deleted_by_nobody() -> None:
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())

    signed_in(staff("quan_tri", is_superuser=True)).post(f"{ITEM}{item.pk}/delete/", {"post": "yes"})

    assert Item.objects.get().state == ItemState.PUBLISHED


def test_every_role_has_a_name_in_the_readers_language_and_says_what_it_may(administrator: Client) -> None:
    names = set(Group.objects.values_list("name", flat=True))

    page = administrator.get("/admin/access/user/add/", headers={"accept-language": "vi"}).content.decode()

    assert names == set(ROLE_NAMES) == set(SHORT_ROLE_NAMES) == set(MAY) - {"administrator"}
    assert all(name not in page for name in names)
    assert "Người duyệt: đọc những gì đang chờ duyệt" in page
