"""Lists and single items of the REST API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import User
from archive.actions.choose_access import choose_file_access
from archive.languages import of
from archive.models import Agent, Item, ItemAgent, ItemFile, ItemPlace, Place, PlaceName, PlaceParent
from media_pipeline import intakes, work
from media_pipeline.models import Job, Master
from tests import makers
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
LIST = "/api/v1/items/"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def pids(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return [row["pid"] for row in answer.json()["results"]]


def test_an_item_lists_its_files_with_addresses_that_answer(client: Client, tmp_path: Path) -> None:
    master = store_master(b"jpeg bytes", tmp_path)
    publish(master, tmp_path, Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 480, "height": 320}))
    publish(master, tmp_path, Made("pyramid", "pyramid.tif", b"II*\0", {"width": 900, "height": 600}))
    item = make_item("Nhà rông", languages=["vi"], date_edtf="2012~")
    file = add_file(item, master, captions=of(vi="Mặt trước"))

    record = client.get(f"{LIST}{item.pid}/").json()

    assert record["pid"] == item.pid
    assert record["titles"][0] == {"lang": "vi", "value": "Nhà rông"}
    assert record["date"]["edtf"] == "2012~"
    assert record["manifest"] == f"http://testserver/iiif/presentation/3/{item.pid}/manifest"
    (shown,) = record["files"]
    assert (shown["pid"], shown["kind"], shown["sha256"]) == (file.pid, "image", master.sha256)
    assert shown["captions"] == [{"lang": "vi", "value": "Mặt trước"}]
    assert shown["progress"] == {"state": "ready", "percent": 100, "reason": None, "reason_code": None}
    assert shown["iiif_image"] == f"http://testserver/iiif/image/3/{file.pid}"
    (picture,) = shown["derivatives"]
    assert (picture["role"], picture["width"], picture["size_bytes"]) == ("thumbnail", 480, 12)
    assert b"".join(client.get(picture["url"]).streaming_content) == b"RIFF....WEBP"


def test_why_a_file_is_not_shown_is_said_to_people_and_to_programs(client: Client, tmp_path: Path) -> None:
    master = store_master(b"locked", tmp_path)
    Master.objects.filter(pk=master.pk).update(state=Master.State.KEPT, reason_code="password")
    item = make_item("Nhà rông")
    file = add_file(item, master)

    (shown,) = client.get(f"{LIST}{item.pid}/", headers={"accept-language": "vi"}).json()["files"]
    status = client.get(f"/files/{file.pid}/status", headers={"accept-language": "vi"}).json()

    assert shown["progress"]["reason_code"] == status["reason_code"] == "password"
    assert "mật khẩu" in shown["progress"]["reason"]


def test_a_hidden_item_is_answered_like_one_that_never_was(client: Client) -> None:
    hidden = make_item("Bài khấn kín", access=policy.NOBODY)

    one = client.get(f"{LIST}{hidden.pid}/")
    other = client.get(f"{LIST}0123456789b/")

    assert one.status_code == other.status_code == 404
    assert one.content == other.content
    assert one.headers == other.headers


def test_the_list_holds_published_items_newest_first(client: Client) -> None:
    older = make_item("Cũ", published_at=NOW - timedelta(days=1))
    newer = make_item("Mới")
    make_item("Nháp", state="draft")
    make_item("Kín", access=policy.STAFF)

    assert pids(client, LIST) == [newer.pid, older.pid]


def test_staff_see_in_the_list_what_staff_may_see(client: Client) -> None:
    make_item("Nháp", state="draft")
    closed = make_item("Nội bộ", access=policy.STAFF)
    client.force_login(User.objects.create_user("staff", is_staff=True))

    assert pids(client, LIST) == [closed.pid]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 6])
def test_pages_hold_every_item_once_in_order_and_lead_back(client: Client, length: int) -> None:
    """Three to a page: 0, 1, n-1, n, n+1, 2n. All published at one moment, the hardest case for a keyset."""
    made = [make_item(f"Mục {number}").pid for number in range(length)][::-1]
    seen: list[str] = []
    addresses = [f"{LIST}?page_size=3&count=true"]

    while addresses[-1]:
        page = client.get(addresses[-1]).json()
        assert page["count"] == length
        seen += [row["pid"] for row in page["results"]]
        addresses.append(page["next"])

    assert seen == made
    last = client.get(addresses[-2]).json()
    if len(addresses) > 2:
        first = client.get(last["previous"]).json()
        assert [row["pid"] for row in first["results"]] == made[:3]
        assert first["previous"] is None
        assert client.get(first["next"]).json()["results"] == last["results"]
    else:
        assert last["previous"] is None


def test_a_page_stays_in_place_while_items_are_added_and_taken_away(client: Client) -> None:
    items = [make_item(f"Mục {number}", published_at=NOW + timedelta(hours=number)) for number in range(4)]
    following = client.get(f"{LIST}?page_size=2").json()["next"]
    make_item("Mới hơn", published_at=NOW + timedelta(days=9))
    Item.objects.filter(pk=items[2].pk).delete()

    assert pids(client, following) == [items[1].pid, items[0].pid]


def test_a_cursor_of_another_question_is_refused(client: Client) -> None:
    for number in range(3):
        make_item(f"Mục {number}")
    cursor = dict(parse_qsl(urlsplit(client.get(f"{LIST}?page_size=1").json()["next"]).query))["cursor"]

    assert client.get(LIST, {"cursor": cursor}).status_code == 200
    for query in ({"cursor": cursor, "kind": "image"}, {"cursor": cursor + "0"}, {"cursor": "x"}, {"cursor": ""}):
        answer = client.get(LIST, query)
        assert answer.status_code == 400
        assert answer.json()["parameter"] == "cursor"
    assert client.get("/api/v1/collections/", {"cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=²", "page_size"),
        ("count=1", "count"),
        ("kind=song", "kind"),
        ("people=a b", "people"),
        ("language=\0", "language"),
        ("date_from=1999-02-30", "date_from"),
        ("date_to=0000", "date_to"),
        ("modified_since=2026-07-01 00:00:00", "modified_since"),
        ("modified_since=2026-07-01T00:00:00", "modified_since"),
        ("poeple=ba-na", "poeple"),
        ("kind=image&kind=audio", "kind"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_is_listed(client: Client, query: str, parameter: str) -> None:
    answer = client.get(f"{LIST}?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter


def test_errors_speak_the_readers_language(client: Client) -> None:
    english = client.get(f"{LIST}?kind=song", headers={"Accept-Language": "en"})

    assert english.json()["title"].startswith("This is one of")
    assert english["Content-Language"] == "en"
    assert client.get(f"{LIST}?kind=song", headers={"Accept-Language": "vi"})["Content-Language"] == "vi"


def test_filters_narrow_the_list(client: Client) -> None:
    bahnar = make_item("Hơmon", kind="audio", languages=["bdq"], date_edtf="1975")
    make_item("Sách", kind="ebook", languages=["vi"], date_edtf="2001/2005")

    for query in ("kind=audio", "language=bdq", "date_to=1980", "date_from=1970&date_to=1975-06-01"):
        assert pids(client, f"{LIST}?{query}") == [bahnar.pid]
    assert pids(client, f"{LIST}?language=bd") == []


def test_modified_since_tells_changed_records_and_those_whose_rule_opened_since(client: Client) -> None:
    now = timezone.now()
    make_item("Cũ", published_at=now - timedelta(days=30))
    opened_at = now - timedelta(days=2)
    opened = make_item(
        "Mở theo ngày",
        access=policy.of(policy.Level.PUBLIC, opens_at=opened_at),
        published_at=now - timedelta(days=20),
    )
    changed = make_item("Mới sửa", published_at=now - timedelta(days=1))

    since = (now - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = client.get(LIST, {"modified_since": since}).json()

    assert [row["pid"] for row in answer["results"]] == [changed.pid, opened.pid]
    assert answer["results"][1]["modified_at"] == opened_at.isoformat().replace("+00:00", "Z")


def test_a_place_is_told_no_closer_than_its_keepers_allow(client: Client) -> None:
    province = Place.objects.create(slug="tinh", kind="province")
    commune = Place.objects.create(slug="xa", kind="commune", latitude="14.1000", longitude="108.1000")
    village = Place.objects.create(slug="lang-thieng", kind="village", latitude="14.4325", longitude="108.1631")
    PlaceName.objects.create(place=village, text="Làng Thiêng")
    PlaceName.objects.create(place=commune, text="Xã Ấy")
    PlaceName.objects.create(place=province, text="Tỉnh Ấy")
    PlaceParent.objects.create(child=village, parent=commune)
    PlaceParent.objects.create(child=commune, parent=province)
    shown: dict[str, list[str]] = {}
    for precision in ("exact", "commune", "province", "hidden"):
        item = make_item(f"Mục {precision}")
        ItemPlace.objects.create(item=item, place=village, precision=precision, as_recorded="Bến nước làng Thiêng")
        answer = client.get(f"{LIST}{item.pid}/")
        shown[precision] = [place["slug"] for place in answer.json()["places"]]
        if precision != "exact":
            assert "Thiêng" not in answer.content.decode()
            assert "14.4325" not in answer.content.decode()

    assert shown == {"exact": ["lang-thieng"], "commune": ["xa"], "province": ["tinh"], "hidden": []}


def test_the_note_on_sensitivity_and_the_names_of_received_files_stay_inside(client: Client, tmp_path: Path) -> None:
    item = make_item("Ảnh", sensitivity_note="CANARY-NOTE")
    add_file(item, store_master(b"x", tmp_path), name="CANARY-NAME.jpg")
    client.force_login(User.objects.create_user("staff", is_staff=True))

    for address in (LIST, f"{LIST}{item.pid}/", "/api/v1/search/?q="):
        assert b"CANARY" not in client.get(address).content


def test_closed_files_are_counted_and_not_shown(client: Client, tmp_path: Path) -> None:
    item = make_item("Băng ghi âm")
    closed = add_file(item, store_master(b"closed", tmp_path), access=policy.REGISTERED)

    visitor = client.get(f"{LIST}{item.pid}/")
    client.force_login(User.objects.create_user("reader"))
    reader = client.get(f"{LIST}{item.pid}/")

    assert visitor.json()["files"] == []
    assert visitor.json()["closed_file_count"] == 1
    assert closed.pid.encode() not in visitor.content
    assert [file["pid"] for file in reader.json()["files"]] == [closed.pid]


def test_an_answer_that_the_reader_has_is_not_sent_again(client: Client) -> None:
    item = make_item("Chiêng")
    first = client.get(f"{LIST}{item.pid}/")

    again = client.get(f"{LIST}{item.pid}/", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == "private, no-store"


CHANGES: dict[str, Callable[[ItemFile, Path], object]] = {
    "a file is added": lambda file, folder: makers.file_of(
        file.item, makers.picture(folder / "b.jpg", colour=(1, 2, 3)), now=NOW, process=False
    ),
    "a file is closed": lambda file, _folder: choose_file_access(file, policy.NOBODY, actor=None, now=NOW),
    "its bytes are stored": lambda file, _folder: work.perform(file.intake.jobs.get().pk),  # type: ignore[union-attr]  # just received
    "its bytes are refused": lambda file, _folder: (
        intakes.path_of(file.intake).write_bytes(b""),  # type: ignore[arg-type]  # as above
        work.perform(file.intake.jobs.get().pk),  # type: ignore[union-attr]  # as above
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_harvesters_are_told_of_what_happens_to_a_file(change: str, client: Client, tmp_path: Path) -> None:
    item = make_item("Chiêng")
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=NOW, process=False)
    Item.objects.update(modified_at=LONG_AGO)

    CHANGES[change](file, tmp_path)

    assert pids(client, f"{LIST}?modified_since=2020-01-02") == [item.pid]


@pytest.mark.parametrize("content", ["picture", "nothing that is known"])
def test_harvesters_are_told_when_the_work_on_a_file_is_done(content: str, client: Client, tmp_path: Path) -> None:
    item = make_item("Chiêng")
    other = make_item("Không có tập tin")
    path = makers.picture(tmp_path / "a.jpg")
    if content != "picture":
        path.write_bytes(b"\x00\x01 anything")
    file = makers.file_of(item, path, now=NOW, process=False)
    assert file.intake is not None
    work.perform(file.intake.jobs.get().pk)
    Item.objects.update(modified_at=LONG_AGO)

    while jobs := list(Job.objects.exclude(state__in=["done", "failed"]).order_by("pk")):
        work.perform(jobs[0].pk)

    assert pids(client, f"{LIST}?modified_since=2020-01-02") == [item.pid]
    assert other.pid in pids(client, LIST)


def test_the_list_can_only_be_read(client: Client) -> None:
    for method in ("post", "put", "patch", "delete", "trace"):
        answer = getattr(client, method)(LIST)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert client.head(LIST).status_code == 200
    assert client.options(LIST).status_code == 204
    assert client.get(LIST, headers={"Accept": "text/csv"}).status_code == 406
    assert client.get("/api/v1/none/").status_code == 404


def test_other_sites_may_read_what_strangers_may_read(client: Client) -> None:
    assert client.get(LIST)["Access-Control-Allow-Origin"] == "*"
    client.force_login(User.objects.create_user("reader"))
    assert "Access-Control-Allow-Origin" not in client.get(LIST)


def test_a_long_list_costs_as_many_queries_as_a_short_one(client: Client, tmp_path: Path) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(LIST)
        return len(context)

    for number in range(2):
        add_file(make_item(f"Mục {number}"), store_master(f"{number}".encode(), tmp_path))
    short = cost()
    for number in range(2, 12):
        add_file(make_item(f"Mục {number}"), store_master(f"{number}".encode(), tmp_path))

    assert cost() == short <= 16


def test_a_record_has_the_fields_that_were_asked_for(client: Client) -> None:
    item = make_item("Nhà rông")

    one = client.get(f"{LIST}{item.pid}/?fields=titles,kind").json()
    (listed,) = client.get(f"{LIST}?fields=ark").json()["results"]
    (hit,) = client.get("/api/v1/search/?q=nha+rong&fields=pid").json()["hits"]

    assert set(one) == {"pid", "titles", "kind"}
    assert (set(listed), set(hit)) == ({"pid", "ark"}, {"pid"})
    for wrong in ("", "titles,", "note", "titles%2Csensitivity_note"):
        assert client.get(f"{LIST}?fields={wrong}").status_code == 400, wrong


def test_a_file_is_read_by_itself_with_its_item_and_only_while_it_is_open(client: Client, tmp_path: Path) -> None:
    item = make_item("Nhà rông")
    file = add_file(item, store_master(b"jpeg bytes", tmp_path), captions=of(vi="Mặt trước"))
    address = f"/api/v1/files/{file.pid}/"

    record = client.get(address).json()

    assert record["item"] == {"pid": item.pid, "url": f"http://testserver{LIST}{item.pid}/"}
    (of_item,) = client.get(f"{LIST}{item.pid}/").json()["files"]
    assert {**of_item, "item": record["item"]} == record
    choose_file_access(file, policy.STAFF, actor=None, now=NOW)
    closed = client.get(address)
    assert closed.status_code == 404
    assert closed.content == client.get("/api/v1/files/0123456789b/").content


def test_agents_are_listed_with_what_may_be_seen_of_them_but_not_those_whose_name_must_not_be_spoken(
    client: Client,
) -> None:
    open_item, closed = make_item("Mở"), make_item("Kín", access=policy.STAFF)
    for slug, item, withheld in (
        ("a-nhun", open_item, False),
        ("y-kin", closed, False),
        ("khong-goi-ten", open_item, True),
    ):
        agent = Agent.objects.create(
            slug=slug, names=of(vi=slug), name_is_withheld=withheld, shown_as=of(vi="Nghệ nhân")
        )
        ItemAgent.objects.create(item=item, agent=agent, role="prf")

    answer = client.get("/api/v1/agents/")

    assert [(row["slug"], row["item_count"]) for row in answer.json()["results"]] == [("a-nhun", 1)]
    assert "goi-ten" not in answer.content.decode()
