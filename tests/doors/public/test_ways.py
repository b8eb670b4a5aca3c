"""Ways into the archive: trees, the map, the time line, what came last, something by chance: exact counts, and nothing that is closed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import Community
from access.policy import Level
from access.viewer import visitor
from archive import ways
from archive.languages import of
from archive.models import (
    Collection,
    Item,
    ItemPlace,
    Label,
    People,
    Place,
    PlaceName,
    PlaceParent,
    Subject,
)
from archive.search import SearchPreparing
from archive.ways import Dated
from public_site import timeline
from public_site.views import indexes
from tests.access_matrix.world import add_file, make_item, store_master

pytestmark = pytest.mark.django_db
INDEXES = ("/peoples/", "/places/", "/collections/", "/subjects/", "/timeline/", "/new/")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def main_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode().split('<main id="main"')[1].split("</main>")[0]


def counted(main: str) -> dict[str, int]:
    """Return what a tree tells: a count by address."""
    return {at: int(count) for at, count in re.findall(r'<a href="([^"?]+)"[^>]*>[^<]*</a> <small>(\d+)</small>', main)}


def total_of(client: Client, address: str) -> int:
    found = re.search(r'role="status">(\d+) tài liệu<', client.get(address).content.decode())
    assert found is not None, address
    return int(found[1])


def place(slug: str, name: str, kind: str = "village", within: Place | None = None, **values: object) -> Place:
    made = Place.objects.create(slug=slug, kind=kind, **values)
    PlaceName.objects.create(place=made, text=name)
    if within is not None:
        PlaceParent.objects.create(child=made, parent=within)
    return made


def dated(title: str, first: date | None, last: date | None, kind: str = "image") -> Item:
    item = make_item(title, kind=kind)
    Item.objects.filter(pk=item.pk).update(date_first=first, date_last=last)
    return item


def a_little_archive() -> None:
    """Make three open items and a closed one under two peoples, a tree of places and subjects."""
    xo_dang = People.objects.create(slug="xo-dang", names=of(vi="Xơ Đăng", en="Sedang"))
    branch = People.objects.create(slug="to-dra", names=of(vi="Tơ Đrá"), parent=xo_dang)
    lone = People.objects.create(
        slug="ro-ngao", names=of(vi="Rơ Ngao"), parent=People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    )
    crafts = Subject.objects.create(slug="nghe", names=of(vi="Nghề thủ công"))
    forging = Subject.objects.create(slug="ren", names=of(vi="Rèn", en="Forging"))
    forging.broader.add(crafts)
    forging.related.add(Subject.objects.create(slug="an", names=of(vi="SECRET ẩn")))
    gathered = Collection.objects.create(slug="bo", names=of(vi="Bộ một"))
    commune = place("xa", "Xã Đăk Hà", "commune", latitude="14.5", longitude="107.9")
    village = place("lang", "Làng Kon Klor", within=commune, latitude="14.52", longitude="107.95")
    PlaceName.objects.create(place=village, text="Kon Klơ̆r", lang="bdq", kind="endonym")
    for number, people in enumerate((xo_dang, branch, lone)):
        item = make_item(f"Mở {number}")
        item.peoples.add(people)
        item.subjects.add(forging)
        item.collections.add(gathered)
        ItemPlace.objects.create(item=item, place=village if number else commune)
    hidden = make_item("SECRET kín", access=policy.NOBODY)
    hidden.peoples.add(xo_dang, People.objects.create(slug="kin", names=of(vi="SECRET")))
    hidden.subjects.add(crafts)
    ItemPlace.objects.create(item=hidden, place=place("cho-kin", "SECRET", latitude="14.4", longitude="107.8"))


def test_indexes_hang_headings_under_headings_with_the_counts_of_their_pages(client: Client) -> None:
    a_little_archive()

    pages = {address: main_of(client, address) for address in INDEXES}

    found = {at: count for main in pages.values() for at, count in counted(main).items()}
    assert found == {
        "/peoples/xo-dang/": 1,
        "/peoples/to-dra/": 1,
        "/peoples/ro-ngao/": 1,
        "/places/xa/": 3,
        "/places/lang/": 2,
        "/collections/bo/": 3,
        "/subjects/ren/": 3,
    }
    assert {address: total_of(client, address) for address in found} == found
    assert '<span lang="en">Sedang</span>' in pages["/peoples/"]
    # A heading of which nothing is open stands above its branch, and leads nowhere.
    assert "<span>Ba Na</span>" in pages["/peoples/"]
    assert re.search(
        r"Xơ Đăng</a> <small>1</small>.*<ul class=\"tree\"><li><a href=\"/peoples/to-dra/\"", pages["/peoples/"]
    )
    assert re.search(r"<span>Nghề thủ công</span><ul", pages["/subjects/"])
    assert '<span lang="bdq">Kon Klơ̆r</span>' in pages["/places/"]
    assert not [address for address, main in pages.items() if "SECRET" in main or "/kin/" in main]


def test_what_is_closed_changes_no_way_in(client: Client) -> None:
    a_little_archive()
    before = {address: main_of(client, address) for address in (*INDEXES, "/", "/en/")}
    closed = make_item("SECRET nữa", access=policy.of(Level.REGISTERED))
    closed.peoples.add(*People.objects.all())
    closed.subjects.add(*Subject.objects.all())
    ItemPlace.objects.create(item=closed, place=Place.objects.get(slug="lang"))
    Item.objects.filter(pk=closed.pk).update(date_first=date(1900, 1, 1), date_last=date(1900, 1, 1))

    assert {address: main_of(client, address) for address in before} == before


def test_indexes_count_without_an_index_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    a_little_archive()

    def preparing(*_asked: object, **_named: object) -> object:
        raise SearchPreparing(7)

    monkeypatch.setattr(ways, "tally", preparing)

    assert counted(main_of(client, "/peoples/")) == {
        "/peoples/xo-dang/": 1,
        "/peoples/to-dra/": 1,
        "/peoples/ro-ngao/": 1,
    }
    assert counted(main_of(client, "/places/")) == {"/places/xa/": 1, "/places/lang/": 2}
    assert ">Bộ một</a> <small>3<" in main_of(client, "/collections/")
    assert client.get("/").status_code == 200


def test_the_map_shows_exact_places_and_nothing_that_is_kept_quiet(client: Client) -> None:
    a_little_archive()
    spring = place("ben-nuoc", "SECRET bến", precision="commune", latitude="14.51", longitude="107.93")
    ItemPlace.objects.create(item=make_item("Bến nước"), place=spring)
    quiet = make_item("Mộ")
    ItemPlace.objects.create(
        item=quiet, place=place("mo", "SECRET mộ", latitude="14.53", longitude="107.94"), precision="province"
    )

    everywhere, around = main_of(client, "/places/"), main_of(client, "/places/lang/")

    for main in (everywhere, around):
        assert set(re.findall(r'<a href="([^"]+)" tabindex="-1"', main)) == {"/places/xa/", "/places/lang/"}
        assert "SECRET" not in main
    assert '<a href="/places/lang/" tabindex="-1" class="here">' in around
    assert client.get("/places/ben-nuoc/").status_code == client.get("/places/mo/").status_code == 404


def test_a_place_within_which_something_lies_has_a_page(client: Client) -> None:
    province = place("tinh", "Tỉnh Quảng Ngãi", "province")
    commune = place("xa", "Xã Măng Đen", "commune", within=province)
    ItemPlace.objects.create(item=make_item("Gùi"), place=place("lang", "Làng", within=commune))
    ItemPlace.objects.create(
        item=make_item("Kín", access=policy.NOBODY),
        place=place("lang-2", "Làng", within=place("xa-2", "SECRET", "commune")),
    )

    assert total_of(client, "/places/xa/") == counted(main_of(client, "/places/"))["/places/xa/"] == 1
    assert client.get("/places/xa-2/").content == client.get("/places/xa-9/").content.replace(b"xa-9", b"xa-2")


def test_a_subject_tells_what_is_around_it_and_whose_works_it_gathers(client: Client) -> None:
    a_little_archive()
    open_one = Community.objects.create(name="Làng Kon Klor", page_is_open=True)
    closed = Community.objects.create(name="SECRET nhóm")
    for item in Item.objects.filter(subjects__slug="ren"):
        item.communities.add(open_one, closed)

    main = main_of(client, "/subjects/ren/")

    assert "<dt>Rộng hơn</dt><dd>Nghề thủ công</dd>" in main.replace("\n", "").replace("  ", "")
    assert f'<a href="/communities/{open_one.pid}/">Làng Kon Klor</a>' in main
    assert "SECRET" not in main
    assert client.get("/subjects/nghe/").status_code == 404


def test_each_row_of_the_time_line_counts_what_the_list_behind_it_holds(client: Client) -> None:
    dated("Một ngày", date(1975, 4, 30), date(1975, 4, 30))
    dated("Khoảng", date(1968, 1, 1), date(1975, 12, 31), "audio")
    dated("Từ đó", date(1990, 1, 1), None)
    dated("Trước đó", None, date(1985, 12, 31))
    dated("Xưa", date(1851, 1, 1), date(1851, 12, 31), "document")
    dated("Nay", date(2015, 5, 1), date(2015, 5, 1))
    make_item("Không rõ")
    Item.objects.filter(pk=make_item("SECRET", access=policy.NOBODY).pk).update(
        date_first=date(1930, 1, 1), date_last=date(1930, 1, 1)
    )

    main = main_of(client, "/timeline/")

    rows = re.findall(
        r'<a href="(/items/\?date_from=\d+&amp;date_to=\d+)">[^<]*</a>.*?<span class="much">(\d+) tài liệu',
        main,
        re.DOTALL,
    )
    assert len(rows) >= 6
    for address, count in rows:
        assert total_of(client, address.replace("&amp;", "&")) == int(count), address
    assert "1970–1979" in main
    assert "Có 1 tài liệu không rõ ngày tháng" in main


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_time_line_has_no_holes(number: int) -> None:
    made = [Dated(1400 + 13 * one, 1400 + 13 * one, "image", 1) for one in range(number * 20)]

    spans = timeline.spans_of([*made, Dated(2024, 2024, "image", 2)])

    assert spans[0].first == 2020
    assert all(later.first == earlier.last + 1 for later, earlier in pairwise(spans))
    assert sum(span.count for span in spans) == len(made) + 2


def test_what_came_last_stands_by_months(client: Client, now: datetime) -> None:
    for number in range(3):
        item = make_item(f"Tài liệu {number}")
        Item.objects.filter(pk=item.pk).update(published_at=now - timedelta(days=40 * number))
    make_item("SECRET", access=policy.NOBODY)

    main = main_of(client, "/new/")

    assert len(re.findall(r"<h2>", main)) == 3
    assert [int(found) for found in re.findall(r"Tài liệu (\d)", main)] == [0, 1, 2]
    assert "SECRET" not in main


def spoil(item: Item, how: str) -> None:
    """Give an open item one thing for which nobody may be led to it by chance."""
    match how:
        case "label":
            community = Community.objects.create(name="Làng")
            item.labels.add(
                Label.objects.create(
                    kind="tk",
                    community=community,
                    project_address="https://localcontextshub.org/projects/1",
                    title="TK",
                )
            )
        case "reason":
            item.restriction_reasons = ["tang_le"]
        case "note":
            item.sensitivity_note = "của làng"
        case "person":
            item.depicts_person = True
        case "place":
            ItemPlace.objects.create(item=item, place=place("ben", "Bến", precision="hidden"))
        case "draft":
            item.state = "draft"
    item.save()


@pytest.mark.parametrize("how", ["label", "reason", "note", "person", "place", "draft"])
def test_nobody_is_led_by_chance_to_what_asks_for_care(
    client: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    plain = make_item("Gùi")
    spoil(make_item("Cần giữ gìn"), how)
    stranger = visitor(now=timezone.now())

    assert set(ways.harmless(stranger)) == {plain}
    for choose in (min, max):
        monkeypatch.setattr(indexes, "draw", choose)
        assert client.get("/random/")["Location"] == f"/items/{plain.pid}/"


def test_nobody_is_led_by_chance_to_a_work_with_a_closed_file_or_to_what_others_may_see(
    client: Client, admin_client: Client, tmp_path: Path
) -> None:
    closed = make_item("Có tệp kín")
    add_file(closed, store_master(b"a", tmp_path), access=policy.of(Level.REGISTERED))
    make_item("Cho bạn đọc", access=policy.of(Level.REGISTERED))

    for one in (client, admin_client):
        assert one.get("/random/")["Location"] == "/items/"
    open_one = make_item("Mở")
    answers = [client.get("/en/random/"), admin_client.get("/en/random/")]

    assert {(answer.status_code, answer["Location"], answer["Cache-Control"]) for answer in answers} == {
        (302, f"/en/items/{open_one.pid}/", "no-store")
    }


def test_every_way_in_costs_the_same_queries_however_much_there_is(client: Client) -> None:
    def costs() -> dict[str, int]:
        found = {}
        for address in ("/", *INDEXES, "/peoples/xo-dang/", "/subjects/ren/", "/collections/bo/", "/places/lang/"):
            client.get(address)  # what was changed is read into the index once
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    a_little_archive()
    before = costs()
    village, people = Place.objects.get(slug="lang"), People.objects.get(slug="xo-dang")
    for number in range(5):
        item = make_item(f"Thêm {number}")
        item.peoples.add(people, People.objects.create(slug=f"p-{number}", names=of(vi=f"P {number}"), parent=people))
        item.subjects.add(*Subject.objects.filter(slug="ren"))
        item.collections.add(*Collection.objects.all())
        ItemPlace.objects.create(item=item, place=village)
        ItemPlace.objects.create(
            item=item, place=place(f"l-{number}", f"Làng {number}", latitude="14.4", longitude="107.9")
        )

    assert costs() == before
    assert before["/peoples/"] <= 5
    assert before["/places/"] <= 7
    assert before["/timeline/"] <= 4
