"""Activities of IIIF Change Discovery: followed as its specification says, they lead to exactly what everybody may see."""

from __future__ import annotations

import random
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.viewer import visitor
from archive import queries
from archive.actions.choose_access import choose_item_access
from archive.languages import of
from archive.models import Item
from interop.iiif.discovery import records, wire
from interop.iiif.discovery.values import Activity, Page
from interop.oai import preparing
from interop.oai.models import HarvestActivity, HarvestState, HarvestWaiting
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
Json = dict[str, Any]  # Any: JSON
STREAM = "/iiif/activity/all-changes"


def get(client: Client, address: str) -> Json:
    answer = client.get(address.removeprefix("http://testserver"))
    assert answer.status_code == 200, address
    assert answer["Access-Control-Allow-Origin"] == "*"
    made: Json = answer.json()
    return made


class Follower:
    """Who keeps an index of manifests by the algorithm of section 4.1: from the last page back, as far as was seen before."""

    def __init__(self, client: Client) -> None:
        self.client, self.kept, self.seen = client, set[str](), ""

    def follow(self) -> list[tuple[str, str]]:
        """Return what was processed, the newest first, as (kind, pid)."""
        done: list[tuple[str, str]] = []
        begun, newest = set[str](), ""
        address = get(self.client, STREAM)["last"]["id"]
        while address:
            page = get(self.client, address)
            assert page["id"] == address
            for one in reversed(page["orderedItems"]):
                newest = newest or one["endTime"]
                if one["endTime"] < self.seen:
                    self.seen = newest
                    return done
                pid = one["object"]["id"].split("/")[-2]
                if pid not in begun:
                    begun.add(pid)
                    (self.kept.discard if one["type"] == "Delete" else self.kept.add)(pid)
                    done.append((one["type"], pid))
            address = page.get("prev", {}).get("id", "")
        self.seen = newest
        return done


def open_to_all() -> set[str]:
    items = queries.published_items(visitor(now=timezone.now()))
    return set(items.values_list("pid", flat=True))


def test_who_follows_ends_with_what_everybody_sees(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "PAGE", 3)
    chance, follower = random.Random(20261126), Follower(client)
    for n in range(10):
        make_item(f"Việc {n}", access=policy.PUBLIC if n % 3 else policy.STAFF)
    follower.follow()
    assert follower.kept == open_to_all() != set()

    for turn in range(8):
        for _change in range(3):
            item = chance.choice(list(Item.objects.order_by("pk")))
            deed = chance.randrange(5)
            if deed == 0:
                Item.objects.filter(pk=item.pk).update(titles=of(vi=f"Đổi {turn} {chance.random()}"))
            elif deed == 1:
                choose_item_access(item, chance.choice([policy.STAFF, policy.NOBODY]), actor=None, now=timezone.now())
            elif deed == 2:
                choose_item_access(item, policy.PUBLIC, actor=None, now=timezone.now())
            elif deed == 3:
                make_item(f"Mới {turn}")
            else:
                item.delete()
        follower.follow()

        assert follower.kept == open_to_all()


def test_a_page_holds_numbers_that_never_change_and_leads_both_ways(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PAGE", 2)
    items = [make_item(f"Việc {n}") for n in range(5)]
    stream = get(client, STREAM)
    before = get(client, "/iiif/activity/page/2")

    Item.objects.filter(pk=items[0].pk).update(titles=of(vi="Đổi"))
    changed = get(client, STREAM)

    assert (stream["totalItems"], stream["first"]["id"][-1], stream["last"]["id"][-1]) == (5, "1", "3")
    assert (changed["totalItems"], changed["last"]["id"][-1]) == (5, "3")
    assert get(client, "/iiif/activity/page/2") == before
    assert (before["prev"]["id"][-1], before["next"]["id"][-1]) == ("1", "3")
    kinds = [one["type"] for one in get(client, "/iiif/activity/page/3")["orderedItems"]]
    assert kinds == ["Create", "Update"]
    assert "prev" not in get(client, "/iiif/activity/page/1")


def test_an_emptied_page_does_not_stop_who_walks_through_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "PAGE", 2)
    items = [make_item(f"Việc {n}") for n in range(6)]
    get(client, STREAM)

    Item.objects.filter(pk__in=[one.pk for one in items[2:4]]).update(titles=of(vi="Đổi"))
    get(client, STREAM)

    emptied = get(client, "/iiif/activity/page/2")
    assert (emptied["orderedItems"], emptied["prev"]["id"][-1], emptied["next"]["id"][-1]) == ([], "1", "3")
    assert get(client, "/iiif/activity/page/3")["prev"]["id"][-1] == "1"
    assert client.get("/iiif/activity/page/5").status_code == 404


def test_what_closes_is_told_as_deleted_and_what_never_was_open_never(client: Client) -> None:
    shown, hidden = make_item("Mở"), make_item("Kín", access=policy.STAFF)
    get(client, STREAM)

    for item in (shown, hidden):
        choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())
    get(client, STREAM)

    (one,) = get(client, "/iiif/activity/page/1")["orderedItems"]
    assert (one["type"], one["object"]["id"].split("/")[-2]) == ("Delete", shown.pid)
    assert not HarvestActivity.objects.filter(pid=hidden.pid).exists()
    assert HarvestActivity.objects.get().digest == ""

    choose_item_access(shown, policy.PUBLIC, actor=None, now=timezone.now())
    get(client, STREAM)
    (one,) = get(client, "/iiif/activity/page/1")["orderedItems"]
    assert (one["type"], one["id"][-2:]) == ("Create", "#3")


def test_what_closed_a_moment_ago_is_told_by_no_page_whatever_was_written_down(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make_item("Mở")
    get(client, STREAM)
    monkeypatch.setattr(preparing, "settle", lambda *_args, **_more: None)

    choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())

    assert get(client, "/iiif/activity/page/1")["orderedItems"] == []


def test_what_is_made_of_a_file_is_an_update(client: Client, tmp_path: Path) -> None:
    item = make_item("Có ảnh")
    master = store_master(b"picture", tmp_path)
    add_file(item, master)
    assert get(client, STREAM)["totalItems"] == 1

    publish(master, tmp_path, Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 9, "height": 9}))
    get(client, STREAM)

    (one,) = get(client, "/iiif/activity/page/1")["orderedItems"]
    assert (one["type"], one["id"][-2:]) == ("Update", "#2")


def test_what_tells_nothing_new_is_no_activity(client: Client) -> None:
    item = make_item("Như cũ")
    before = get(client, STREAM), get(client, "/iiif/activity/page/1")

    preparing.wait_for([item.pk])

    assert (get(client, STREAM), get(client, "/iiif/activity/page/1")) == before
    assert not HarvestWaiting.objects.exists()


def test_a_clock_that_is_put_back_leaves_activities_in_order(client: Client) -> None:
    make_item("Trước")
    get(client, STREAM)
    later = timezone.now() + timedelta(hours=1)
    HarvestState.objects.update(last_activity_s=int(later.timestamp()))

    make_item("Sau")
    get(client, STREAM)

    ends = [one["endTime"] for one in get(client, "/iiif/activity/page/1")["orderedItems"]]
    assert ends == sorted(ends)
    assert ends[1] == later.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_began_before_a_look_and_ended_after_it_is_dated_after_it(client: Client) -> None:
    get(client, STREAM)
    looked_s = HarvestState.objects.get().asked_s
    make_item("Chậm")

    begun = timezone.now() - timedelta(hours=1)
    preparing.prepare(visitor(now=begun), now=begun)

    assert HarvestActivity.objects.get().told_s >= looked_s > 0


def test_an_archive_of_nothing_has_one_empty_page(client: Client) -> None:
    stream = get(client, STREAM)

    assert (stream["totalItems"], stream["first"], stream["first"]) == (0, stream["last"], stream["last"])
    assert get(client, "/iiif/activity/page/1")["orderedItems"] == []
    for strange in ("0", "2", "9" * 30):
        assert client.get(f"/iiif/activity/page/{strange}").status_code == 404


def test_the_media_type_names_the_context_of_activities(client: Client) -> None:
    answer = client.get(STREAM, headers={"accept": "application/ld+json"})

    assert answer["Content-Type"] == f'application/ld+json;profile="{wire.CONTEXT}"'


def test_an_activity_is_written_as_the_specification_has_it() -> None:
    told = Page(2, [Activity(201, "Delete", "abc", 0)], 1, None)

    made = wire.page(told, "https://a.vn{}".format, "https://a.vn/m/{}".format)

    assert made == {
        "@context": "http://iiif.io/api/discovery/1/context.json",
        "id": "https://a.vn/iiif/activity/page/2",
        "type": "OrderedCollectionPage",
        "partOf": {"id": "https://a.vn/iiif/activity/all-changes", "type": "OrderedCollection"},
        "prev": {"id": "https://a.vn/iiif/activity/page/1", "type": "OrderedCollectionPage"},
        "orderedItems": [
            {
                "id": "https://a.vn/iiif/activity/page/2#201",
                "type": "Delete",
                "endTime": "1970-01-01T00:00:00Z",
                "object": {"id": "https://a.vn/m/abc", "type": "Manifest"},
            }
        ],
    }
