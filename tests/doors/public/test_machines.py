"""What programs ask for: the parts of a sitemap, feeds, square codes, the description of the search, what is shared."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.policy import Level
from public_site.views import sitemaps
from tests import makers
from tests.doors.public import works

pytestmark = pytest.mark.django_db
S = f"{{{sitemaps.NAMESPACE}}}"
MANY = 40


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def document(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return ElementTree.fromstring(answer.content)


def places(root: ElementTree.Element) -> list[str]:
    return [str(one.text).removeprefix("http://testserver") for one in root.iter(f"{S}loc")]


def test_a_large_sitemap_is_an_index_of_parts_in_which_each_work_stands_once(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "ITEMS_PER_PART", 4)
    shown = [makers.item(now=now, title=f"Số {number}") for number in range(MANY)]
    makers.item(now=now, title="SECRET", access=policy.of(Level.STAFF))

    index = document(client, "/sitemap.xml")
    parts = {address: places(document(client, address)) for address in places(index)}

    assert index.tag == f"{S}sitemapindex"
    assert "/sitemap.xml?part=pages" in parts
    assert 2 < len(parts) <= 30
    found = [
        address
        for addresses in parts.values()
        for address in addresses
        if "/items/" in address and address[-7:] != "/items/"
    ]
    assert sorted(found) == sorted(f"{prefix}/items/{item.pid}/" for item in shown for prefix in ("", "/en"))
    assert all(one.text for one in index.iter(f"{S}lastmod"))


@pytest.mark.parametrize("part", ["a", "B", "bcdf", "é", "b/", "pages2", "~"])
def test_a_part_that_is_none_is_not_there(client: Client, part: str) -> None:
    assert client.get("/sitemap.xml", {"part": part}).status_code == 404


def test_parts_have_as_few_letters_as_they_need() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    few = {f"{a}{b}x": (1, moment) for a in "bcd" for b in "bcd"}
    later = {**few, "bbx": (5, moment + timedelta(days=1))}

    assert sitemaps.folded({}, 10) == {}
    assert sitemaps.folded(few, 9) == {"": (9, moment)}
    assert sitemaps.folded(few, 8) == {"b": (3, moment), "c": (3, moment), "d": (3, moment)}
    assert sitemaps.folded(later, 8)["b"] == (7, moment + timedelta(days=1))
    assert set(sitemaps.folded(dict.fromkeys(few, (100, moment)), 3)) == {name[:2] for name in few}


def test_a_part_costs_the_same_number_of_queries_however_many_works_it_holds(client: Client, now: datetime) -> None:
    makers.item(now=now)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap.xml")
        counts.append(len(queries))
        for number in range(9):
            makers.item(now=now, title=f"Thêm {number}")

    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    ("page", "feed"), [("/peoples/ba-na/", "people=ba-na"), ("/places/kon-klor/", ""), ("/collections/lang/", "")]
)
def test_a_heading_is_followed_by_its_feed(client: Client, now: datetime, page: str, feed: str) -> None:
    item = works.described(makers.item(now=now, title="Ghè"))
    makers.item(now=now, title="Khác")

    root = document(client, f"{page}feed.atom")

    entries = root.findall("{http://www.w3.org/2005/Atom}entry")
    assert [entry.findtext("{http://www.w3.org/2005/Atom}id") for entry in entries] == [f"ark:/99999/{item.pid}"]
    assert f'href="{page}feed.atom"' in client.get(page).content.decode()
    assert len(document(client, "/feed.atom").findall("{http://www.w3.org/2005/Atom}entry")) == 2


def test_a_heading_under_which_a_stranger_sees_nothing_has_no_feed_for_anybody(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, access=policy.of(Level.REGISTERED)))
    makers.staff()
    client.login(username="thu-thu", password="mat-khau-dai-1")

    assert client.get("/peoples/ba-na/").status_code == 200
    assert client.get("/peoples/ba-na/feed.atom").status_code == client.get("/peoples/x/feed.atom").status_code == 404


def test_an_entry_of_a_feed_brings_the_picture_that_everybody_may_see(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    until = timezone.now() + timedelta(days=1)
    files = [
        makers.file_of(
            makers.item(now=now), makers.picture(tmp_path / f"{n}.jpg", colour=(n, 1, 1)), now=now, access=access
        )
        for n, access in enumerate((None, policy.of(Level.STAFF), policy.of(Level.PUBLIC, closes_at=until)))
    ]

    text = client.get("/feed.atom").content.decode()

    assert text.count('rel="enclosure"') == 1
    assert f"/files/{files[0].pid}/thumbnail/" in text


def test_the_short_address_leads_to_the_page(client: Client, now: datetime) -> None:
    item, closed = makers.item(now=now), makers.item(now=now, access=policy.of(Level.STAFF))

    assert client.get(f"/i/{item.pid}").headers["Location"] == f"/items/{item.pid}/"
    assert client.get(f"/i/{closed.pid}").status_code == client.get("/i/0123456789b").status_code == 404


def test_a_square_code_is_of_a_page_of_ours_only(client: Client) -> None:
    first, second = (client.get("/qr.svg", {"to": path}) for path in ("/i/0123456789b", "/i/9876543210b"))

    assert first.headers["Content-Type"] == "image/svg+xml"
    assert first.headers["Cache-Control"].startswith("public")
    assert ElementTree.fromstring(first.content).tag == "{http://www.w3.org/2000/svg}svg"
    assert first.content != second.content
    for elsewhere in ("", "//elsewhere.example/", "https://elsewhere.example/", "/a b", "/<", "/" + "a" * 500, "/\n"):
        assert client.get("/qr.svg", {"to": elsewhere}).status_code == 404, elsewhere


def test_browsers_are_told_how_to_search_here_in_each_language(client: Client) -> None:
    for prefix in ("", "/en"):
        root = document(client, f"{prefix}/opensearch.xml")
        urls = {one.attrib["type"]: one.attrib["template"] for one in root if one.tag.endswith("}Url")}
        assert urls["text/html"] == f"http://testserver{prefix}/search/?q={{searchTerms}}"
        assert f'href="{prefix}/opensearch.xml"' in client.get(f"{prefix}/").content.decode()


def test_a_shared_link_shows_a_picture_only_of_what_everybody_may_see(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    item = makers.item(now=now)
    makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, access=policy.of(Level.STAFF))
    client.force_login(makers.staff())

    closed = client.get(f"/items/{item.pid}/").content.decode()
    makers.file_of(item, makers.picture(tmp_path / "b.jpg", colour=(1, 1, 1)), now=now)
    shown = client.get(f"/items/{item.pid}/").content.decode()

    assert 'name="twitter:card" content="summary"' in closed
    assert "og:image" not in closed
    assert 'property="og:image"' in shown
    assert "summary_large_image" in shown


@pytest.mark.parametrize(
    "page",
    [
        "",
        "items/",
        "peoples/",
        "places/",
        "subjects/",
        "collections/",
        "timeline/",
        "new/",
        "agents/",
        "about/",
        "exhibits/",
    ],
)
@pytest.mark.parametrize("language", ["", "en/"])
def test_every_way_in_says_in_a_sentence_what_it_is(page: str, language: str, client: Client) -> None:
    answer = client.get(f"/{language}{page}")

    said = re.findall(r'<meta name="description" content="([^"]*)">', answer.content.decode())
    assert [len(words) > 20 for words in said] == [True]


def test_the_front_page_says_to_programs_where_to_search(client: Client, settings: LazySettings) -> None:
    settings.LIBRARY_NAME = "Thư viện </script> & bạn"

    page = client.get("/en/").content.decode()

    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    found = json.loads(said)
    assert (found["@type"], found["name"]) == ("WebSite", settings.LIBRARY_NAME)
    assert found["potentialAction"]["target"]["urlTemplate"] == "http://testserver/en/search/?q={words}"
