"""Records that are kept ready: the same as those made on the spot, in step with everything that they tell, and never of what is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import AccessRule, Community, Protocol, User
from access.viewer import visitor
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.languages import of
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    ItemRelation,
    Label,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
    Subject,
)
from interop.api import prepared
from interop.oai import keeping
from interop.oai.models import HarvestBody, HarvestRecord, HarvestState, HarvestWaiting
from media_pipeline.models import Derivative, Master
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
LIST = "/api/v1/items/"


def keep() -> None:
    """Let everything that waits be looked at."""
    keeping.catch_up(now=timezone.now(), within_s=60)
    assert not HarvestWaiting.objects.exists()


def on_the_spot(client: Client, monkeypatch: pytest.MonkeyPatch, address: str, **headers: str) -> bytes:
    """Return the answer that is made without what is kept."""
    with monkeypatch.context() as patch:
        patch.setattr(prepared, "LISTED", {})
        content: bytes = client.get(address, headers=headers).content
    return content


@pytest.fixture
def item(tmp_path: Path) -> Item:
    """An item that tells of a row of every table."""
    master = store_master(b"pages", tmp_path)
    pages = [Made("pages", f"p000{n}.webp", b"RIFF....WEBP", {"width": 9, "height": 9}) for n in (1, 2)]
    publish(master, tmp_path, *pages, Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 9, "height": 9}))
    RightsStatement.objects.create(slug="rieng", uri="https://example.org/r", names=of(vi="Riêng"), family="other")
    item = make_item(
        "Nhà rông",
        languages=["vi", "bdq"],
        template="gong_recording",
        own_values={"bossed_gongs": 3},
        rights_uri="https://example.org/r",
    )
    add_file(item, master, captions=of(vi="Trang bìa"))
    wide = People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    item.peoples.add(People.objects.create(slug="ro-ngao", names=of(vi="Rơ Ngao"), parent=wide))
    item.subjects.add(Subject.objects.create(slug="chieng", names=of(vi="Chiêng")))
    item.collections.add(Collection.objects.create(slug="kho", names=of(vi="Kho")))
    agent = Agent.objects.create(slug="a-nhar", names=of(vi="A Nhar"), shown_as=of(vi="một nghệ nhân"))
    ItemAgent.objects.create(item=item, agent=agent, role="prf")
    village, old, new, province = (
        Place.objects.create(slug=slug, kind=kind, **more)
        for slug, kind, more in (
            ("lang", "village", {}),
            ("xa-cu", "commune", {"valid_to": "2025-06-30"}),
            ("xa-moi", "commune", {"valid_from": "2025-07-01"}),
            ("tinh", "province", {}),
        )
    )
    for place in (village, old, new, province):
        PlaceName.objects.create(place=place, text=f"Tên {place.slug}")
    PlaceParent.objects.create(child=village, parent=old)
    PlaceParent.objects.create(child=new, parent=province)
    PlaceSuccession.objects.create(before=old, after=new, on_date="2025-07-01")
    ItemPlace.objects.create(item=item, place=village, role="created")
    community = Community.objects.create(name="Làng", statements=of(vi="Xin hỏi"))
    item.communities.add(community)
    item.labels.add(Label.objects.create(kind="tk", title="TK", language="en", community=community))
    other = make_item("Bản khác")
    ItemRelation.objects.create(item=item, other=other, kind="version")
    return item


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "address", [LIST, f"{LIST}{{pid}}/", f"{LIST}?fields=titles,files&count=true", f"{LIST}{{pid}}/?fields=ark"]
)
def test_what_is_kept_is_what_is_made_byte_for_byte(
    client: Client, monkeypatch: pytest.MonkeyPatch, item: Item, address: str, language: str
) -> None:
    keep()
    address = address.format(pid=item.pid)
    made = on_the_spot(client, monkeypatch, address, accept_language=language)

    monkeypatch.setattr("interop.api.records.of_item", None)  # nothing can be made now
    kept = client.get(address, headers={"accept-language": language})

    assert kept.content == made
    assert b"http://testserver/" in kept.content or "fields" in address


CHANGES: dict[str, Callable[[Item], object]] = {
    "item": lambda item: Item.objects.filter(pk=item.pk).update(extents=of(vi="mới")),
    "file": lambda item: ItemFile.objects.filter(item=item).update(captions=of(vi="Trang khác")),
    "master": lambda item: Master.objects.update(puid="fmt/1"),
    "derivative": lambda item: Derivative.objects.filter(role="thumbnail").delete(),
    "another derivative": lambda item: Derivative.objects.filter(role="pages").update(size_bytes=1, files=[]),
    "people": lambda item: People.objects.filter(slug="ro-ngao").update(
        codes=[{"scheme": "a", "version": "", "code": "1"}]
    ),
    "what a people is a branch of": lambda item: People.objects.filter(slug="ba-na").update(names=of(vi="Bahnar")),
    "subject": lambda item: Subject.objects.update(notation="781"),
    "collection": lambda item: Collection.objects.update(names=of(vi="Kho mới")),
    "agent": lambda item: Agent.objects.update(notes=of(vi="Người già làng")),
    "a name that must not be spoken": lambda item: Agent.objects.update(name_is_withheld=True),
    "credit": lambda item: ItemAgent.objects.update(role="nrt"),
    "rights": lambda item: RightsStatement.objects.update(notes=of(vi="Chú")),
    "community": lambda item: Community.objects.update(statements=of(vi="Khác")),
    "label": lambda item: Label.objects.update(title="TK Khác"),
    "tie": lambda item: ItemRelation.objects.update(notes=of(vi="chú")),
    "the other end of a tie": lambda item: Item.objects.exclude(pk=item.pk).update(titles=of(vi="Bản đổi tên")),
    "the other end is closed": lambda item: choose_item_access(
        Item.objects.exclude(pk=item.pk).get(), policy.STAFF, actor=None, now=NOW
    ),
    "place": lambda item: Place.objects.filter(slug="lang").update(latitude="14.1", longitude="108.1"),
    "a place that is kept back": lambda item: Place.objects.filter(slug="lang").update(precision="hidden"),
    "name of what is around it": lambda item: PlaceName.objects.filter(place__slug="xa-cu").update(text="Xã cũ"),
    "name of what that became": lambda item: PlaceName.objects.filter(place__slug="xa-moi").update(text="Xã mới"),
    "name of what is around that": lambda item: PlaceName.objects.filter(place__slug="tinh").update(text="Tỉnh khác"),
    "what became what": lambda item: PlaceSuccession.objects.all().delete(),
    "located": lambda item: ItemPlace.objects.update(as_recorded="làng xưa"),
    "a file is closed": lambda item: choose_file_access(item.files.get(), policy.STAFF, actor=None, now=NOW),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_anything_that_a_record_tells_is_told_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, item: Item, change: str
) -> None:
    keep()
    address = f"{LIST}{item.pid}/"
    before = client.get(address).content

    CHANGES[change](item)

    after = client.get(address).content
    assert after != before
    assert after == on_the_spot(client, monkeypatch, address)
    keep()
    assert client.get(address).content == after
    assert client.get(LIST).content == on_the_spot(client, monkeypatch, LIST)


def test_what_is_kept_of_a_closed_item_is_never_served(client: Client) -> None:
    item = make_item("Kín rồi")
    keep()
    assert client.get(f"{LIST}{item.pid}/").status_code == 200

    # The worst case: nobody noticed, and the body is still there.
    Item.objects.filter(pk=item.pk).update(effective_rule=AccessRule.objects.nobody())
    HarvestWaiting.objects.all().delete()

    assert HarvestBody.objects.filter(record__pid=item.pid, format=101).exists()
    assert client.get(f"{LIST}{item.pid}/").status_code == 404
    assert client.get(LIST).json()["results"] == []
    Item.objects.filter(pk=item.pk).update(titles=of(vi="Kín hẳn"))
    keep()
    assert not HarvestBody.objects.filter(record__pid=item.pid).exists()


def test_a_visitor_of_an_archive_with_an_open_protocol_gets_kept_records(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = Protocol.objects.create(name="Mở", is_open=True)
    protocol.communities.add(Community.objects.create(name="Làng"))
    item = make_item("Ai cũng xem", access=policy.of_protocols([protocol.pid]))
    keep()
    monkeypatch.setattr("interop.api.records.of_item", None)  # nothing can be made now

    answer = client.get(f"{LIST}{item.pid}/")

    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")


def test_who_sees_more_than_visitors_gets_no_kept_record(client: Client, tmp_path: Path) -> None:
    item = make_item("Băng ghi âm")
    add_file(item, store_master(b"for readers", tmp_path), access=policy.REGISTERED)
    keep()
    client.force_login(User.objects.create_user("reader"))

    assert len(client.get(f"{LIST}{item.pid}/").json()["files"]) == 1
    assert client.get(LIST).json()["results"][0]["closed_file_count"] == 0


def test_a_day_that_opens_a_file_without_a_row_being_written_is_followed(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make_item("Băng ghi âm")
    day = timezone.now() + timedelta(days=1)
    add_file(item, store_master(b"later", tmp_path), access=policy.of(policy.Level.PUBLIC, opens_at=day))
    keep()
    assert client.get(f"{LIST}{item.pid}/").json()["files"] == []

    monkeypatch.setattr("django.utils.timezone.now", lambda: day + timedelta(minutes=1))

    assert len(client.get(f"{LIST}{item.pid}/").json()["files"]) == 1
    assert HarvestState.objects.get().rule_ids != sorted(visitor(now=day).rule_ids)


def test_a_record_is_not_kept_while_work_on_its_file_goes_on(client: Client, tmp_path: Path) -> None:
    item = make_item("Đang xử lý")
    master = store_master(b"working", tmp_path)
    add_file(item, master)
    Master.objects.filter(pk=master.pk).update(state=Master.State.PROCESSING)
    keep()

    assert HarvestRecord.objects.filter(pid=item.pid).exists()
    assert not HarvestBody.objects.filter(record__pid=item.pid, format__gte=100).exists()
    assert client.get(f"{LIST}{item.pid}/").json()["files"][0]["progress"]["state"] == "working"


def test_records_of_another_version_are_made_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item("Nhà rông")
    keep()
    monkeypatch.setattr(prepared, "mark", lambda: "another")

    assert prepared.one(visitor(now=timezone.now()), item.pid, base="") is None
    assert client.get(f"{LIST}{item.pid}/").json()["pid"] == item.pid


def test_one_kept_record_costs_few_queries_and_a_list_as_many_as_one(client: Client) -> None:
    items = [make_item(f"Mục {number}") for number in range(5)]
    keep()

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        return len(context)

    assert cost(f"{LIST}{items[0].pid}/") <= 4
    assert cost(LIST) <= 5


def test_an_item_by_itself_is_dated_and_not_sent_again_to_who_has_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make_item("Nhà rông")
    keep()
    address = f"{LIST}{item.pid}/"
    assert "Last-Modified" not in client.get(address)  # something may follow within the same second
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    dated = client.get(address)["Last-Modified"]

    again = client.get(address, headers={"if-modified-since": dated})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT"}).status_code == 200
    # A tag decides where both are sent.
    assert client.get(address, headers={"if-modified-since": dated, "if-none-match": '"x"'}).status_code == 200
    item.peoples.add(People.objects.create(slug="ba-na", names=of(vi="Ba Na")))
    assert client.get(address, headers={"if-modified-since": dated}).status_code == 200


def test_a_text_that_looks_like_an_address_mark_stays_json(client: Client) -> None:
    hostile = 'x\ufdd0/ \\u0001/ \u2028 "\\" </script>'
    item = make_item(hostile)
    keep()

    answer: dict[str, Any] = client.get(f"{LIST}{item.pid}/").json()

    assert answer["titles"][0]["value"] == Item.objects.get().titles[0]["value"]
    assert answer["titles"][0]["value"].startswith("x\ufdd0/")
