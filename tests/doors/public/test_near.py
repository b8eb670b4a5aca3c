"""Works close to a work: what they share, in which order, and never one that the reader may not see."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from access import policy
from access.models import User
from access.viewer import viewer_for, visitor
from archive import queries, related
from archive.actions.choose_access import choose_item_access
from archive.models import Collection, Item, ItemPlace, ItemRelation, People, Place, Subject
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def near(item: Item, *, now: datetime, user: User | None = None) -> list[str]:
    """Return the Vietnamese titles of what stands near an item."""
    viewer = visitor(now=now) if user is None else viewer_for(user, now=now)
    return [one.title_in("vi") for one in related.near(viewer, queries.item(viewer, item.pid))]


def shown_near(client: Client, item: Item) -> list[str]:
    """Return the pids that the page of an item lists as close to it."""
    page = client.get(f"/items/{item.pid}/").content.decode()
    section = page.partition('id="near-heading"')[2].partition("</section>")[0]
    return re.findall(r"/items/(\w+)/", section)


def test_what_shares_most_comes_first_and_what_shares_nothing_never(now: datetime) -> None:
    people, subject = People.objects.create(slug="ba-na"), Subject.objects.create(slug="det")
    collection, place = Collection.objects.create(slug="bo"), Place.objects.create(slug="kon-klor", kind="village")
    item, *others = (
        make_item(title) for title in ("Chính", "Dân tộc", "Bộ", "Đề tài", "Nơi", "Nơi và đề tài", "Không")
    )
    for one in (item, others[0]):
        one.peoples.add(people)
    for one in (item, others[1]):
        one.collections.add(collection)
    for one in (item, others[2], others[4]):
        one.subjects.add(subject)
    for one in (item, others[3], others[4]):
        ItemPlace.objects.create(item=one, place=place)

    assert near(item, now=now) == ["Nơi và đề tài", "Nơi", "Đề tài", "Bộ", "Dân tộc"]
    assert near(others[5], now=now) == []


def test_what_a_reader_may_not_see_is_not_near_for_them(client: Client, now: datetime) -> None:
    people = People.objects.create(slug="ba-na")
    item, opened, closed = make_item("Chính"), make_item("Mở"), make_item("Kín", access=policy.REGISTERED)
    for one in (item, opened, closed):
        one.peoples.add(people)

    assert near(item, now=now) == ["Mở"]
    assert near(item, now=now, user=User.objects.create_user("ban-doc")) == ["Mở", "Kín"]
    assert shown_near(client, item) == [opened.pid]
    choose_item_access(opened, policy.NOBODY, actor=None, now=now)
    assert shown_near(client, item) == []


def test_a_place_that_must_not_be_found_brings_no_works_together(now: datetime) -> None:
    place = Place.objects.create(slug="suoi-thieng", kind="feature")
    item, other = make_item("Chính"), make_item("Khác")
    for one in (item, other):
        ItemPlace.objects.create(item=one, place=place, precision="province")

    assert near(item, now=now) == []


def test_no_more_than_six_are_shown_and_none_twice(client: Client) -> None:
    people = People.objects.create(slug="ba-na")
    item, *others = (make_item(f"Số {number}") for number in range(10))
    for one in (item, *others):
        one.peoples.add(people)
    ItemRelation.objects.create(item=item, other=others[0], kind="telling")

    shown = shown_near(client, item)

    assert len(shown) == len(set(shown)) == related.MOST
    assert not {item.pid, others[0].pid} & set(shown)
