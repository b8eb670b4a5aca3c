"""Feeds of searches, and the searches that the library keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive import languages, queries
from archive.models import ItemPlace, Place, PlaceName, SavedSearch
from public_site import atom
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.doors.public import works

pytestmark = pytest.mark.django_db
A = f"{{{atom.ATOM}}}"


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def feed_of(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def links_of(node: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in node.findall(f"{A}link")}


def test_a_feed_of_a_search_holds_what_everybody_may_see(client: Client, now: datetime) -> None:
    item = works.described(makers.item(now=now, title="Ghè rượu cần"))
    makers.item(now=now, title="SECRET ghè", kind="audio", access=policy.of(Level.REGISTERED))
    makers.staff()
    client.login(username="thu-thu", password="mat-khau-dai-1")

    feed = feed_of(client, "/search/feed.atom?q=ghe&kind=image")

    entries = feed.findall(f"{A}entry")
    assert [entry.findtext(f"{A}id") for entry in entries] == [f"ark:/99999/{item.pid}"]
    assert [entry.findtext(f"{A}title") for entry in entries] == ["[Mẫu] Ghè rượu cần"]
    assert links_of(entries[0]) == {"alternate": f"http://testserver/items/{item.pid}/"}
    assert links_of(feed)["self"] == feed.findtext(f"{A}id") == "http://testserver/search/feed.atom?kind=image&q=ghe"
    assert links_of(feed)["alternate"] == "http://testserver/search/?kind=image&q=ghe"
    for node in (feed, *entries):
        assert datetime.fromisoformat(str(node.findtext(f"{A}updated"))).tzinfo is not None
        assert {child.tag for child in node} >= {f"{A}id", f"{A}title", f"{A}updated"}
    assert feed.find(f"{A}author/{A}name") is not None


def test_a_feed_may_be_kept_for_a_minute_and_is_asked_for_by_its_validator(client: Client, now: datetime) -> None:
    makers.item(now=now, title="Ghè")
    first = client.get("/search/feed.atom?q=ghe")

    again = client.get("/search/feed.atom?q=ghe", headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/search/feed.atom?cursor=x").status_code == 404


def test_a_long_feed_goes_on_at_its_next_link(client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("public_site.views.following.ENTRIES", 2)
    for number in range(3):
        makers.item(now=now, title=f"Ghè {number}")

    first = feed_of(client, "/search/feed.atom?q=ghe")
    second = feed_of(client, links_of(first)["next"].removeprefix("http://testserver"))

    titles = [entry.findtext(f"{A}title") for feed in (first, second) for entry in feed.findall(f"{A}entry")]
    assert sorted(map(str, titles)) == ["Ghè 0", "Ghè 1", "Ghè 2"]
    assert "next" not in links_of(second)


def test_no_letter_breaks_a_feed() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    entry = atom.Entry("ark:/1/x", "https://a/x", "a < b & c\u0000\u0007", "vi", "", "image", moment, moment)

    written = atom.write(atom.Feed("https://a/f", "https://a/", "", "Ｔ\u001b", "vi", "Thư viện", [entry]))

    read = ElementTree.fromstring(written)
    assert read.findtext(f"{A}entry/{A}title") == "a < b & c"
    assert read.findtext(f"{A}updated") == "2026-01-02T03:04:05Z"


def test_a_saved_search_has_a_page_and_a_feed_of_what_it_finds_now(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Ghè rượu cần"))
    makers.item(now=now, title="Ghè đất", kind="audio")
    SavedSearch.objects.create(
        slug="ghe",
        names=languages.of(vi="Ghè trong ảnh", en="Jars"),
        query="ghè",
        kind="image",
        date_from=date(1970, 1, 1),
    )
    SavedSearch.objects.create(slug="an", names=languages.of(vi="SECRET"), query="x", is_shown=False)

    page, feed = client.get("/searches/ghe/").content.decode(), feed_of(client, "/searches/ghe/feed.atom")
    index = client.get("/searches/").content.decode()

    assert "<h1>Ghè trong ảnh</h1>" in page
    assert "Ghè</mark> rượu cần" in page
    assert "Ghè đất" not in page
    assert 'href="/searches/ghe/feed.atom"' in page
    assert [entry.findtext(f"{A}title") for entry in feed.findall(f"{A}entry")] == ["[Mẫu] Ghè rượu cần"]
    assert feed.findtext(f"{A}title") == "Ghè trong ảnh"
    assert 'href="/searches/ghe/"' in index
    assert "SECRET" not in index
    assert {client.get(f"/searches/an/{part}").status_code for part in ("", "feed.atom")} == {404}
    assert [saved.slug for saved in queries.saved_searches()] == ["ghe"]
    assert "1 tài liệu" not in client.get("/searches/ghe/?date_to=1960").content.decode()


def test_the_filters_of_a_saved_search_are_chosen_by_name_and_one_that_is_gone_stays(now: datetime) -> None:
    desk = signed_in(staff("bien-muc", "Cataloguer"))
    item = works.described(makers.item(now=now, title="Ghè rượu cần"))
    hidden = Place.objects.create(slug="rung-thieng", kind="village", precision="hidden")
    PlaceName.objects.create(place=hidden, text="Rừng thiêng", kind="official")
    ItemPlace.objects.create(item=item, place=hidden)
    saved = SavedSearch.objects.create(slug="cu", names=languages.of(vi="Cũ"), subject="khong-con", people="ba-na")

    form = desk.get(f"/admin/archive/savedsearch/{saved.pk}/change/").content.decode()

    people = item.peoples.get()
    assert f'<option value="{people.slug}"' in form
    assert str(people) in form
    assert '<option value="khong-con" selected>' in form
    assert "rung-thieng" not in form


def test_a_cataloguer_keeps_a_search_from_the_address_of_the_search_page() -> None:
    desk = signed_in(staff("bien-muc", "Cataloguer"))
    address = "/admin/archive/savedsearch/add/"

    form = desk.get(f"{address}?q=c%E1%BB%93ng&kind=audio").content.decode()
    refused = desk.post(address, {"names-lang": ["vi"], "names-tag": [""], "names-text": ["Rỗng"]})
    kept = desk.post(
        address,
        {
            "names-lang": ["vi"],
            "names-tag": [""],
            "names-text": ["Cồng trong làng"],
            "query": "cồng",
            "kind": "audio",
            "is_shown": "on",
        },
    )

    assert 'value="cồng"' in form
    assert '<option value="audio" selected' in form
    assert refused.status_code == 200
    assert kept.status_code == 302, kept.content.decode()[:3000]
    saved = SavedSearch.objects.get()
    assert (saved.slug, saved.query, saved.kind) == ("cong-trong-lang", "cồng", "audio")
