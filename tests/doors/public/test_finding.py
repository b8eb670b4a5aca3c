"""The search page and what helps to find: filters as addresses, marks, bars, a map, suggestions, what an empty answer says."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive import search as searching
from archive import ways
from archive.models import Item, Place
from archive.search import Facet, Heading, Results, SearchPreparing, Suggestions, Told, indexing
from public_site.histogram import BARS_MOST, histogram_of
from public_site.plotting import HEIGHT, WIDTH, plot_of
from public_site.views import finding, following, lists
from tests import makers
from tests.doors.public import works

SUGGESTED_BYTES_MOST = 2048


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def main_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def hrefs(text: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"]*)"', text)]


def answering(monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:  # Any: fields of Results
    """Let the search find what it finds, and say this besides."""
    real = searching.search

    def search(*args: Any, **named: Any) -> Results:  # Any: passed on
        found = real(*args, **named)
        told = {name: value(found) if callable(value) else value for name, value in more.items()}
        return Results(**{**vars(found), **told})

    monkeypatch.setattr(lists, "search", search)


@pytest.mark.django_db
def test_filters_stand_in_the_address_and_a_chip_takes_each_off(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Ghè rượu cần"))
    makers.item(now=now, title="Ghè đất", kind="audio")

    both = main_of(client, "/search/?q=ghe")
    one = main_of(client, "/search/?q=ghe&kind=image&date_from=1970")

    assert "?q=ghe&kind=audio" in hrefs(both)
    assert 'class="chips"' not in both
    chips = hrefs(one.partition('class="chips"')[2].partition("</ul>")[0])
    assert chips == ["?q=ghe&date_from=1970", "?q=ghe&kind=image"]
    assert "<mark>Ghè</mark> rượu cần" in one
    assert "Ghè đất" not in one


@pytest.mark.django_db
def test_a_hit_tells_in_what_field_its_words_stand(client: Client, now: datetime) -> None:
    item = works.described(makers.item(now=now, title="Ghè rượu cần"))
    item.descriptions = [{"lang": "vi", "value": "Một câu dài. " * 30 + "Bên dòng Đăk Bla. " + "Câu khác. " * 30}]
    item.save()
    indexing.refresh(item)

    text = main_of(client, "/search/?q=dak+bla")

    found = text.partition('class="found"')[2].partition("</p>")[0]
    assert "Mô tả" in found
    assert "<mark>Đăk Bla</mark>" in found
    assert found.count("…") == 2
    assert len(found) < 400


@pytest.mark.django_db
def test_what_is_closed_is_in_no_facet_no_bar_and_no_map(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Ghè"))
    before = [client.get(page).content for page in ("/search/?q=ghe", "/search/suggest/?q=ghe", "/search/feed.atom")]
    for kind, access in (("audio", policy.NOBODY), ("video", policy.of(Level.STAFF))):
        works.described(makers.item(now=now, title="SECRET ghè", kind=kind, access=access))

    after = [client.get(page).content for page in ("/search/?q=ghe", "/search/suggest/?q=ghe", "/search/feed.atom")]

    assert before == after


@pytest.mark.django_db
def test_places_with_coordinates_are_dots_that_lead_to_their_items(client: Client, now: datetime) -> None:
    works.described(makers.item(now=now, title="Ghè"))
    Place.objects.filter(located__isnull=False).update(latitude="14.3545", longitude="108.0129")

    text = main_of(client, "/search/?q=ghe")

    plot = text.partition('class="plot"')[2]
    assert "<circle" in plot
    assert any(href.startswith("?q=ghe&place=") for href in hrefs(plot))
    assert " style=" not in text


@pytest.mark.django_db
def test_near_hits_stand_under_a_heading_of_their_own(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.item(now=now, title="Đàn goong")
    makers.item(now=now, title="Đàn gong")
    near = Item.objects.get(titles__0__value="Đàn goong").pk
    answering(monkeypatch, approximate=frozenset([near]), words=frozenset(["dan"]))

    text = main_of(client, "/search/?q=dan")

    exact, _heading, approximate = text.partition("Kết quả gần đúng")
    assert "Đàn</mark> gong<" in exact
    assert "Đàn</mark> goong<" in approximate
    assert "Kết quả gần đúng" not in main_of(client, "/search/?q=dan&sort=title")


@pytest.mark.django_db
def test_an_empty_answer_says_what_would_find_something(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(
        monkeypatch,
        did_you_mean="nha rong",
        alone=(("nha", 7), ("rongg", 0)),
        without=(("kind", 3), ("people", 0), ("place", 2)),
    )

    text = main_of(client, "/search/?q=nha+rongg&kind=image&people=ba-na")

    links = hrefs(text)
    assert {"?q=nha+rong&people=ba-na&kind=image", "?q=nha", "?q=nha+rongg&people=ba-na"} <= set(links)
    assert "?q=rongg" not in links
    assert {"/peoples/", "/places/", "/collections/", "/items/"} <= set(links)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/search/?q=nha", "/en/search/", "/items/", "/search/feed.atom?q=nha"])
def test_while_the_search_is_being_prepared_pages_say_when_to_ask_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def preparing(*_args: object, **_named: object) -> Results:
        raise SearchPreparing(17)

    for module in (lists, following):
        monkeypatch.setattr(module, "search", preparing)
    monkeypatch.setattr(ways, "tally", preparing)

    answer = client.get(address)

    assert (answer.status_code, answer["Retry-After"]) == (503, "17")
    assert answer["Cache-Control"] == "private, no-store"
    assert b"<h1>" in answer.content
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_suggestions_are_small_and_lead_somewhere(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "một nhan đề rất dài " * 20
    found = Suggestions(
        words=tuple(f"nhà rông {number}" for number in range(20)),
        titles=tuple((f"0000000000{number}", long) for number in range(9)),
        headings=(Heading("people", "ba-na", "Ba Na"), Heading("subject", "nha-rong", "Nhà rông")),
    )
    monkeypatch.setattr(finding, "suggest", lambda _prefix, _viewer: found)

    answer = client.get("/search/suggest/?q=nha")

    listed = json.loads(answer.content)["suggestions"]
    assert len(answer.content) <= SUGGESTED_BYTES_MOST
    assert answer["Cache-Control"] == "private, no-store"
    assert listed[0] == {"text": "nhà rông 0", "note": "", "url": ""}
    assert {one["url"] for one in listed} >= {"/peoples/ba-na/", "/search/?subject=nha-rong"}
    assert all(len(one["text"]) <= 90 for one in listed)


@pytest.mark.pure
def test_bars_are_the_latest_decades_without_gaps_and_the_rest_is_a_list() -> None:
    drawn = histogram_of([(1850, 1), (1990, 40), (2020, 4)], {"q": "x"})

    assert drawn is not None
    assert [bar.first for bar in drawn.bars] == list(range(1930, 2021, 10))
    assert len(drawn.bars) == BARS_MOST
    assert drawn.older == ((1850, 1),)
    assert drawn.address(drawn.bars[-1].first) == "?q=x&date_from=2020&date_to=2029"
    assert drawn.bars[-1].height * 10 - drawn.bars[6].height < 10
    assert histogram_of([(1990, 3)], {}) is None


@pytest.mark.pure
def test_a_place_lies_on_the_map_where_it_lies_in_the_province_and_others_are_a_list() -> None:
    inside, beyond = Told("kon-klor", 1, "Kon Klor", (14.3545, 108.0129)), Told("ha-noi", 2, "Hà Nội", (21.03, 105.85))
    drawn = plot_of(Facet("place", [beyond, inside], [9, 4]), {})

    assert drawn is not None
    assert drawn.outside == ((beyond, 9),)
    (dot,) = drawn.dots
    assert 0 < float(dot.x) < WIDTH / 2
    assert HEIGHT / 2 < float(dot.y) < HEIGHT
    assert drawn.around.address(dot.place.value) == "?place=kon-klor"
