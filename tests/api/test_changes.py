"""The list of changes: nothing is skipped, deletions are told, and of what never was open nothing is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import move_item
from archive.actions.suspend_item import suspend_item
from archive.models import Item
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/changes/"
Row = dict[str, Any]  # Any: JSON


class Clock:
    """The moment that the site believes it is."""

    def __init__(self) -> None:
        self.now = NOW + timedelta(days=1)

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("access.middleware.timezone.now", lambda: made.now)
    return made


def pages(client: Client, address: str) -> Iterator[dict[str, Any]]:  # Any: JSON
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        yield answer.json()
        address = answer.json()["next"] or ""


def rows(client: Client, address: str = CHANGES) -> list[Row]:
    return [row for page in pages(client, address) for row in page["results"]]


def close(item: Item, now: datetime) -> None:
    choose_item_access(item, policy.STAFF, actor=None, now=now)


def test_changes_come_oldest_first_each_with_its_record(client: Client, clock: Clock) -> None:
    first, second = make_item("Một"), make_item("Hai")
    choose_item_access(first, policy.PUBLIC, actor=None, now=clock.tick())

    found = rows(client)

    assert [row["pid"] for row in found] == [second.pid, first.pid]
    assert {row["change"] for row in found} == {"updated"}
    assert client.get(found[1]["url"]).json()["modified_at"] == found[1]["changed_at"]


@pytest.mark.parametrize("how", ["closed", "withdrawn", "hidden by a request"])
def test_what_was_open_to_all_and_is_not_any_more_is_told_as_deleted(client: Client, clock: Clock, how: str) -> None:
    item, moment = make_item("Nhà rông"), clock.tick()
    if how == "closed":
        close(item, moment)
    elif how == "withdrawn":
        move_item(item, "withdrawn", actor=None, now=moment)
    else:
        suspend_item(item, actor=None, now=moment)

    (row,) = rows(client)

    assert (row["pid"], row["change"], row["url"]) == (item.pid, "deleted", None)
    assert datetime.fromisoformat(row["changed_at"]) == moment
    assert rows(client, f"{CHANGES}?since={(moment - timedelta(seconds=1)):%Y-%m-%dT%H:%M:%SZ}") == [row]
    assert rows(client, f"{CHANGES}?since={(moment + timedelta(seconds=1)):%Y-%m-%dT%H:%M:%SZ}") == []


def test_what_is_done_with_a_closed_item_is_not_told(client: Client, clock: Clock) -> None:
    item = make_item("Nhà rông")
    close(item, clock.tick())
    before = client.get(CHANGES).json()["results"]

    choose_item_access(item, policy.of_protocols(["x"]), actor=None, now=clock.tick())
    Item.objects.filter(pk=item.pk).update(modified_at=clock.tick())
    move_item(item, "withdrawn", actor=None, now=clock.tick())

    assert client.get(CHANGES).json()["results"] == before


def test_of_what_never_was_open_to_all_nothing_is_told(client: Client, clock: Clock) -> None:
    for rule in (policy.STAFF, policy.REGISTERED, policy.of_protocols(["x"])):
        item = make_item("Kín", access=rule)
        choose_item_access(item, policy.NOBODY, actor=None, now=clock.tick())
    make_item("Nháp", state="draft")

    assert rows(client) == []


def test_an_item_is_news_when_its_rule_opens_and_gone_when_it_closes(client: Client, clock: Clock) -> None:
    opens, closes = NOW + timedelta(days=2), NOW + timedelta(days=3)
    item = make_item("Mở có hạn", access=policy.of(Level.PUBLIC, opens_at=opens, closes_at=closes))
    assert rows(client) == []

    clock.now = opens + timedelta(hours=1)
    (opened,) = rows(client, f"{CHANGES}?since={opens:%Y-%m-%dT%H:%M:%SZ}")
    Item.objects.filter(pk=item.pk).update(was_public=True)  # as it was seen by then
    clock.now = closes + timedelta(hours=1)
    (closed,) = rows(client)

    assert (opened["change"], datetime.fromisoformat(opened["changed_at"])) == ("updated", opens)
    assert (closed["change"], datetime.fromisoformat(closed["changed_at"])) == ("deleted", closes)


def test_pages_neither_skip_nor_double_where_all_were_changed_at_one_moment(client: Client, clock: Clock) -> None:
    items = [make_item(f"{number}") for number in range(7)]
    for item in items[:3]:
        close(item, NOW)

    for size in (1, 2, 3, 7, 8):
        found = [row["pid"] for row in rows(client, f"{CHANGES}?page_size={size}")]
        assert sorted(found) == sorted(item.pid for item in items)


@pytest.mark.parametrize("seed", range(3))
def test_a_copy_is_the_visible_set_after_one_more_harvest_whatever_happens_meanwhile(
    client: Client, clock: Clock, seed: int
) -> None:
    drawn = random.Random(seed)  # a test
    items = [make_item(f"{number}", access=drawn.choice([policy.PUBLIC, policy.STAFF])) for number in range(12)]
    copy: set[str] = set()

    def harvest(address: str, *, disturbed: bool) -> str:
        until = ""
        for page in pages(client, address):
            until = page["until"]
            for row in page["results"]:
                (copy.discard if row["change"] == "deleted" else copy.add)(row["pid"])
            for _turn in range(2 if disturbed else 0):
                something(drawn, drawn.choice(items), clock)
        return until

    until = harvest(f"{CHANGES}?page_size=3", disturbed=True)
    clock.now += timedelta(seconds=5)
    harvest(f"{CHANGES}?page_size=4&since={until}", disturbed=False)

    listed = client.get("/api/v1/items/?page_size=200").json()["results"]
    assert copy == {row["pid"] for row in listed}


def something(drawn: random.Random, item: Item, clock: Clock) -> None:
    """Do to an item one of the things that people do."""
    item.refresh_from_db()
    what = drawn.randrange(3)
    if what == 0:
        choose_item_access(item, policy.PUBLIC, actor=None, now=clock.tick())
    elif what == 1:
        close(item, clock.tick())
    else:
        move_item(item, "published" if item.state == "withdrawn" else "withdrawn", actor=None, now=clock.tick())


@pytest.mark.parametrize("query", ["?since=x", "?cursor=x", "?page_size=0", "?other=1"])
def test_a_question_that_is_not_understood_is_refused(client: Client, query: str) -> None:
    answer = client.get(f"{CHANGES}{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_an_answer_that_is_known_is_not_sent_again(client: Client, clock: Clock) -> None:
    make_item("Một")
    first = client.get(CHANGES)

    assert client.get(CHANGES, headers={"if-none-match": first["ETag"]}).status_code == 304
