"""What the pages say, to whom, and what they keep to themselves."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access import policy
from access.policy import Level
from archive import languages
from archive.actions.attach_file import attach_file
from archive.models import Item, ItemPlace, Place, PlaceName, PlaceParent
from archive.search import indexing
from media_pipeline import work
from media_pipeline.models import Derivative, Master
from public_site.views import errors
from tests import makers
from tests.access_matrix.world import add_file, store_master
from tests.doors.public import works

pytestmark = pytest.mark.django_db

PAGES = ("/", "/items/", "/search/?q=nha", "/collections/", "/peoples/", "/places/", "/about/")
UNKNOWN = "0000000000b"


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_on_an_empty_archive(client: Client, prefix: str, page: str) -> None:
    text = text_of(client, prefix + page)

    assert f'<html lang="{"en" if prefix else "vi"}"' in text


def test_the_item_page_tells_everything_that_is_known(client: Client, now: datetime) -> None:
    item = works.described(makers.item(now=now, title="Ghè rượu cần"))

    text = text_of(client, f"/items/{item.pid}/")

    for shown in ("[Mẫu] Ghè rượu cần", "Ba Na", "Làng Kon Klor", "Phường Thắng Lợi", "Khoảng năm 1975", "Nhóm điền dã",
                  "Nhà rông", "Ghi rõ nguồn khi dùng", "creativecommons.org", "MAU-image", f"ark:/99999/{item.pid}"):  # fmt: skip
        assert shown in text, shown
    assert '<p class="also" lang="en">A work of the kind image</p>' in text


def test_the_english_page_has_the_english_title_and_says_so_of_the_other(client: Client, now: datetime) -> None:
    item = works.described(makers.item(now=now, title="Ghè rượu cần"))

    text = text_of(client, f"/en/items/{item.pid}/")

    assert re.search(r"<h1>\[Mẫu\] A work of the kind image</h1>", text)
    assert '<p class="also" lang="vi">Ghè rượu cần</p>' in text
    assert "About 1975" in text


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", ["/items/{}/", "/ark:/99999/{}", "/ark:/99999/{}?info"])
def test_a_hidden_item_and_no_item_are_the_same_page(client: Client, now: datetime, prefix: str, page: str) -> None:
    if prefix and "ark" in page:
        pytest.skip("an ARK has no language")
    hidden = [
        makers.item(now=now, title="SECRET draft", publish=False),
        makers.item(now=now, title="SECRET sacred", access=policy.NOBODY),
        makers.item(now=now, title="SECRET registered", access=policy.of(Level.REGISTERED)),
    ]

    answers = [client.get(prefix + page.format(pid)) for pid in (*(item.pid for item in hidden), UNKNOWN)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert b"SECRET" not in answers[0].content
    assert b'name="q"' in answers[0].content


def test_hidden_items_are_in_no_list_no_count_and_no_map(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Mở cho mọi người"))
    before = [client.get(page).content for page in (*PAGES, "/sitemap.xml")]
    hidden = makers.item(now=now, title="SECRET nhà rông", access=policy.NOBODY)
    hidden.peoples.add(*Item.objects.exclude(pk=hidden.pk).get().peoples.all())
    indexing.refresh(hidden)

    after = [client.get(page).content for page in (*PAGES, "/sitemap.xml")]

    assert before == after


def test_a_sacred_spot_is_not_named(client: Client, now: datetime) -> None:
    item = makers.item(now=now, title="Bến nước")
    place = Place.objects.create(slug="ben-nuoc-thieng", kind="village")
    PlaceName.objects.create(place=place, text="SECRET làng")
    ItemPlace.objects.create(item=item, place=place, precision="commune", as_recorded="SECRET chỗ")

    assert "SECRET" not in text_of(client, f"/items/{item.pid}/")
    assert "SECRET" not in text_of(client, "/items/")
    assert client.get("/places/ben-nuoc-thieng/").status_code == 404


def test_a_village_that_is_not_to_be_named_stands_as_its_commune(client: Client, now: datetime) -> None:
    village, commune = (
        Place.objects.create(slug="lang", kind="village"),
        Place.objects.create(slug="xa", kind="commune"),
    )
    PlaceName.objects.create(place=village, text="SECRET làng")
    PlaceName.objects.create(place=commune, text="Xã Măng Đen")
    PlaceParent.objects.create(child=village, parent=commune)
    items = [makers.item(now=now, title=f"Lễ {number}") for number in range(3)]
    for item in items:
        ItemPlace.objects.create(item=item, place=village, precision="commune", as_recorded="SECRET chỗ")

    page, cards = text_of(client, f"/items/{items[0].pid}/"), text_of(client, "/items/")

    # Nothing is listed as being exactly there, so there is no page to lead to.
    assert "<dd>Xã Măng Đen</dd>" in page
    assert cards.count("Xã Măng Đen") == 3
    assert "SECRET" not in page + cards


def test_a_closed_file_of_an_open_record_is_told_and_nothing_of_it(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    item = makers.item(now=now, title="Hơmon")
    file = attach_file(
        item,
        makers.received(makers.picture(tmp_path / "SECRET.jpg"), now=now),
        actor=None,
        now=now,
        captions=languages.of(vi="SECRET"),
        access=policy.of(Level.REGISTERED),
    )

    text = text_of(client, f"/en/items/{item.pid}/")

    assert "Not all of this work is open without an account" in text
    assert f"/account/sign-in/?next=/en/items/{item.pid}/" in text
    assert "SECRET" not in text
    assert file.pid not in text
    assert text_of(client, f"/items/{item.pid}/?file={file.pid}") == text_of(
        client, f"/items/{item.pid}/?file={UNKNOWN}"
    ).replace(UNKNOWN, file.pid)


def test_a_file_being_worked_on_says_how_far_it_is(client: Client, now: datetime, tmp_path: Path) -> None:
    item = makers.item(now=now)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)

    text = text_of(client, f"/items/{item.pid}/")

    assert f'data-status="/files/{file.pid}/status"' in text
    assert "<progress" in text


def test_the_page_asks_the_status_for_what_it_answers(client: Client, now: datetime, tmp_path: Path) -> None:
    script = (Path(__file__).resolve().parents[3] / "static/js/work.js").read_text("utf-8")
    asked_for = set(re.findall(r"\banswer\.(\w+)", script))
    item = makers.item(now=now)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)

    before = client.get(f"/files/{file.pid}/status").json()
    work.perform_all()
    after = client.get(f"/files/{file.pid}/status").json()

    assert "is_final" in asked_for
    assert asked_for <= set(before)
    assert (before["state"], before["is_final"]) == ("checking", False)
    assert (after["state"], after["is_final"]) == ("ready", True)


def test_a_file_kept_without_preview_says_so(client: Client, now: datetime, tmp_path: Path) -> None:
    item = makers.item(now=now)
    (tmp_path / "la.bin").write_bytes(b"\x00\x01 nothing that anyone knows" * 40)
    file = makers.file_of(item, tmp_path / "la.bin", now=now)
    assert file.master is not None
    assert file.master.state == Master.State.KEPT

    text = text_of(client, f"/items/{item.pid}/")

    assert "data-status" not in text
    # Below it the page has a square code for paper.
    assert "<img" not in text.split("<main", 1)[1].split('id="share"')[0]


def test_the_size_of_sound_and_film_is_told_before_any_of_it_is_fetched(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    sizes = {
        "audio": {"audio": {"audio.opus": 2_400_000, "audio.m4a": 4_700_000}},
        "video": {
            "mp4": {"small.mp4": 8_300_000},
            "hls": {"master.m3u8": 500, "480p.mp4": 21_000_000, "240p.mp4": 9_000_000, "audio.mp4": 2_000_000},
        },
    }
    pages = {}
    for kind, roles in sizes.items():
        item = makers.item(now=now, kind=kind)
        master = store_master(kind.encode(), tmp_path, kind=kind)
        file = add_file(item, master)
        for role, files in roles.items():
            entries = [
                {"name": name, "media_type": "audio/mp4" if name == "audio.mp4" else "", "size_bytes": size}
                for name, size in files.items()
            ]
            Derivative.objects.create(
                master=master, role=role, version=1, prefix=role, files=entries, size_bytes=1, made_at=now
            )
        pages[kind] = text_of(client, f"/items/{item.pid}/").replace("\u00a0", " ")
        assert file.pid in pages[kind]

    assert re.search(r'<audio[^>]* preload="none"', pages["audio"])
    assert "2,4 MB, chỉ tải khi bạn bấm phát" in pages["audio"]
    assert {"Opus (2,4 MB)", "AAC (4,7 MB)"} <= set(re.findall(r"(?:Opus|AAC) \([^)]*\)", pages["audio"]))
    assert re.search(r'<video[^>]* preload="none"', pages["video"])
    assert "8,3 MB, chỉ tải khi bạn bấm phát" in pages["video"]
    assert re.search(r"480p: khoảng 23 MB", pages["video"])


def test_a_public_picture_can_be_shared_and_a_closed_one_cannot(client: Client, now: datetime, tmp_path: Path) -> None:
    item = makers.item(now=now, title="Cồng chiêng")
    makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now)
    closed = makers.item(now=now, title="SECRET", access=policy.of(Level.REGISTERED))
    makers.file_of(closed, makers.picture(tmp_path / "b.jpg", colour=(9, 9, 9)), now=now)
    makers.staff()
    client.login(username="thu-thu", password="mat-khau-dai-1")

    shared, unshared = text_of(client, f"/items/{item.pid}/"), text_of(client, f"/items/{closed.pid}/")

    assert '<meta property="og:title" content="Cồng chiêng">' in shared
    assert re.search(r'<meta property="og:image" content="http://testserver/files/\w+/thumbnail/1280.webp">', shared)
    assert "og:" not in unshared
    assert '<meta name="robots" content="noindex">' in unshared


def test_pages_name_themselves_and_their_other_language(client: Client, now: datetime) -> None:
    item = makers.item(now=now)

    text = text_of(client, f"/en/items/{item.pid}/")

    assert f'<link rel="canonical" href="http://testserver/en/items/{item.pid}/">' in text
    assert f'hreflang="vi" href="http://testserver/items/{item.pid}/"' in text
    assert f'<a lang="vi" hreflang="vi" href="/items/{item.pid}/">' in text


def test_an_ark_leads_to_its_item_and_describes_it(client: Client, now: datetime) -> None:
    item = works.described(makers.item(now=now, title="Ghè rượu cần"))
    hyphened = f"{item.pid[:4]}-{item.pid[4:]}"

    for written in (f"/ark:/99999/{item.pid}", f"/ark:99999/{hyphened}"):
        assert client.get(written).headers["Location"] == f"/items/{item.pid}/"
    told = client.get(f"/ark:/99999/{item.pid}?info")
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert told.content.decode() == (
        "erc:\nwho: Nhóm điền dã\nwhat: [Mẫu] Ghè rượu cần\nwhen: khoảng năm 1975\n"
        f"where: http://testserver/ark:/99999/{item.pid}\n"
    )
    assert client.get(f"/ark:/12345/{item.pid}").status_code == 404


def test_a_long_list_is_turned_page_by_page_without_loss(client: Client, now: datetime) -> None:
    pids = {makers.item(now=now, title=f"Ảnh {number}").pid for number in range(49)}
    seen: list[str] = []
    address = "/items/"
    for _ in range(3):
        text = text_of(client, address)
        seen += re.findall(r'<h2><a href="/items/(\w+)/"', text)
        more = re.search(r'rel="next" href="([^"]+)"', text)
        address = "/items/" + more[1].replace("&amp;", "&") if more else ""

    assert address == ""
    assert len(seen) == 49
    assert set(seen) == pids
    assert client.get("/items/?cursor=forged").status_code == 404


def test_filters_narrow_the_list_and_can_be_taken_away(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Ảnh", kind="image"))
    makers.item(now=now, title="Sách", kind="ebook")

    text = text_of(client, "/items/?kind=image&date_from=1970&date_to=1980")

    assert len(re.findall(r'<li class="card">', text)) == 1
    assert 'href="?date_from=1970&amp;date_to=1980"' in text
    assert len(re.findall(r'<li class="card">', text_of(client, "/items/?date_from=1990"))) == 0


def test_a_wrong_date_is_told_and_filters_nothing(client: Client, now: datetime) -> None:
    makers.item(now=now)

    text = text_of(client, "/items/?date_from=hom-qua")

    assert 'aria-invalid="true"' in text
    assert len(re.findall(r'<li class="card">', text)) == 1


def test_search_finds_without_diacritics(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Ghè rượu cần"))

    assert "<mark>Ghè rượu</mark> cần" in text_of(client, "/search/?q=ghe+ruou")
    assert "Ghè rượu" not in text_of(client, "/search/?q=khong+co+gi").split("<main")[1]


def test_what_a_reader_types_is_never_markup(client: Client) -> None:
    assert "<script>alert" not in text_of(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E&kind=%3Cscript%3Ealert")


def test_the_sitemap_has_each_public_item_in_both_languages_whoever_asks(client: Client, now: datetime) -> None:
    item = makers.item(now=now)
    makers.item(now=now, title="SECRET", access=policy.of(Level.STAFF))
    makers.staff()
    client.login(username="thu-thu", password="mat-khau-dai-1")

    text = text_of(client, "/sitemap.xml")

    assert text.count(f"<loc>http://testserver/items/{item.pid}/</loc>") == 1
    assert text.count(f"<loc>http://testserver/en/items/{item.pid}/</loc>") == 1
    assert text.count("/items/") == 2 + 2
    # Strict readers refuse what the schema of sitemaps.org does not know.
    names = {str(element.tag) for element in ElementTree.fromstring(text).iter()}
    assert names == {
        f"{{http://www.sitemaps.org/schemas/sitemap/0.9}}{name}" for name in ("urlset", "url", "loc", "lastmod")
    }


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now))
    makers.item(now=now)
    few = count_queries(client, "/items/")
    for number in range(20):
        makers.item(now=now, title=f"Thêm {number}")

    assert count_queries(client, "/items/") == few
    assert few <= 24


def test_an_item_page_costs_few_queries(client: Client, now: datetime, tmp_path: Path) -> None:
    item = works.described(makers.item(now=now))
    makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now)

    # Two for works close to it, and for both sides of 1 July 2025; four more for a village with all that is around it.
    assert count_queries(client, f"/items/{item.pid}/") <= 15


def count_queries(client: Client, address: str) -> int:
    text_of(client, address)  # what was changed is read into the index once
    with CaptureQueriesContext(connection) as queries:
        text_of(client, address)
    return len(queries)


def test_the_error_pages_keep_their_status_and_need_no_database(settings: LazySettings) -> None:
    request = RequestFactory().get("/SECRET")

    answers = [view(request) for view in (errors.bad_request, errors.forbidden, errors.server_error)]

    assert [answer.status_code for answer in answers] == [400, 403, 500]
    assert all(
        b"SECRET" not in answer.content and settings.LIBRARY_NAME.encode() in answer.content for answer in answers
    )


def test_a_form_that_is_too_large_is_told_so(client: Client, settings: LazySettings, db: None) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.raise_request_exception = False

    answer = client.post("/admin/login/", {"username": "x" * 2000, "password": "y"}, headers={"accept-language": "en"})

    assert answer.status_code == 413
    assert "Too large" in answer.content.decode()


def test_the_library_is_named_by_settings(client: Client, settings: LazySettings) -> None:
    settings.LIBRARY_NAME = "Thư viện Thử"
    settings.LIBRARY_LOGO = "https://thu.example.vn/logo.svg"
    settings.LIBRARY_CONTACT_EMAIL = "hoi@thu.example.vn"
    settings.LIBRARY_CONTACT_PHONE = "+84 (255) 1234"

    text = text_of(client, "/about/")

    assert "Thư viện Thử" in text
    assert 'src="https://thu.example.vn/logo.svg"' in text
    assert 'href="mailto:hoi@thu.example.vn"' in text
    assert 'href="tel:+842551234"' in text


@pytest.mark.parametrize(("coding", "magic"), [("br", None), ("gzip", b"\x1f\x8b")])
def test_pages_are_compressed_for_browsers_that_take_it(coding: str, magic: bytes | None) -> None:
    answer = Client(headers={"accept-encoding": f"{coding}, identity"}).get("/about/")

    assert answer.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert magic is None or answer.content.startswith(magic)
    assert "Content-Encoding" not in Client(headers={"accept-encoding": "br;q=0"}).get("/about/").headers


def test_programs_find_what_they_look_for(client: Client) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in text_of(client, "/robots.txt")
    manifest = client.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert {icon["sizes"] for icon in manifest.json()["icons"]} == {"192x192", "512x512", "any"}
    worker = text_of(client, reverse("public_root:service_worker"))
    assert '"/offline/"' in worker
    assert '"/en/offline/"' in worker
