"""Tombstones: what is left of an item that was open to everybody, and that nothing is left of any other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive import queries
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import move_item, withdraw_item
from archive.models import Item
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=10)


@pytest.fixture
def withdrawn() -> Item:
    item = make_item("Chiêng Hrê", identifier="TVQN-0042")
    return withdraw_item(item, actor=None, now=LATER)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/items/{}/", ("Tài liệu này đã ngừng phục vụ", "TVQN-0042", "11/07/2026", "ark:/99999/{}")),
        ("/en/items/{}/", ("This work has been withdrawn", "TVQN-0042", "11 July 2026", "ark:/99999/{}")),
    ],
)
def test_a_reader_is_told_what_became_of_it_and_whom_to_ask(
    client: Client, withdrawn: Item, address: str, said: tuple[str, ...]
) -> None:
    answer = client.get(address.format(withdrawn.pid))
    page = answer.content.decode()

    assert answer.status_code == 410
    assert [word for word in said if word.format(withdrawn.pid) not in page] == []
    assert "Chiêng" not in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_api_says_the_same_in_a_problem_document(client: Client, withdrawn: Item) -> None:
    answer = client.get(f"/api/v1/items/{withdrawn.pid}/", headers={"Accept-Language": "en"})

    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "status": 410,
        "title": "This item was open to everyone and has been withdrawn.",
        "pid": withdrawn.pid,
        "identifier": "TVQN-0042",
        "withdrawn": "2026-07-11",
    }


def test_an_ark_leads_to_the_tombstone_and_describes_no_more(client: Client, withdrawn: Item) -> None:
    plain, described = client.get(f"/ark:/99999/{withdrawn.pid}"), client.get(f"/ark:/99999/{withdrawn.pid}?info")

    assert (plain.status_code, plain["Location"]) == (302, f"/items/{withdrawn.pid}/")
    assert described.status_code == 410
    assert described.content.decode().splitlines() == [
        "erc:",
        "who: (:unav)",
        "what: (:unav)",
        "when: (:unav)",
        f"where: http://testserver/ark:/99999/{withdrawn.pid}",
        "note: withdrawn 2026-07-11",
    ]


def test_it_says_nothing_of_what_staff_does_to_the_item_since(withdrawn: Item) -> None:
    before = queries.tombstone(withdrawn.pid)

    choose_item_access(withdrawn, policy.NOBODY, actor=None, now=LATER + timedelta(days=5))
    move_item(withdrawn, "draft", actor=None, now=LATER + timedelta(days=6))
    move_item(withdrawn, "in_review", actor=None, now=LATER + timedelta(days=7))

    assert before is not None
    assert queries.tombstone(withdrawn.pid) == before


def test_what_is_published_again_has_none(client: Client, withdrawn: Item) -> None:
    move_item(withdrawn, "published", actor=None, now=LATER + timedelta(days=1))

    assert queries.tombstone(withdrawn.pid) is None
    assert client.get(f"/items/{withdrawn.pid}/").status_code == 200


def test_what_a_date_opened_to_everybody_leaves_one(client: Client) -> None:
    opened = make_item("Mở", access=policy.of(Level.PUBLIC, opens_at=NOW + timedelta(days=1)))
    closed_first = make_item("Mở rồi đóng", access=policy.of(Level.PUBLIC, opens_at=NOW + timedelta(days=1)))

    withdraw_item(opened, actor=None, now=LATER)
    choose_item_access(closed_first, policy.NOBODY, actor=None, now=LATER)
    withdraw_item(closed_first, actor=None, now=LATER)

    assert [client.get(f"/items/{item.pid}/").status_code for item in (opened, closed_first)] == [410, 410]


@pytest.mark.parametrize(
    "access", [policy.REGISTERED, policy.NOBODY, policy.of(Level.PUBLIC, opens_at=LATER + timedelta(days=1))]
)
def test_what_never_was_open_to_everybody_leaves_none(access: policy.Policy) -> None:
    item = withdraw_item(make_item("Kín", access=access), actor=None, now=LATER)

    assert queries.tombstone(item.pid) is None


def test_a_public_item_that_is_closed_but_not_withdrawn_leaves_none() -> None:
    item = make_item("Đóng")

    choose_item_access(item, policy.REGISTERED, actor=None, now=LATER)

    assert queries.tombstone(item.pid) is None
