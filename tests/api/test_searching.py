"""What the API's search tells besides items, and how it says that the search is being prepared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from archive import languages
from archive import search as searching
from archive.search import Heading, Results, SearchPreparing, Suggestions, indexing
from interop.api import views
from tests import makers

pytestmark = pytest.mark.django_db


def described(title: str, description: str, *, now: datetime) -> str:
    item = makers.item(now=now, title=title)
    item.descriptions = languages.of(vi=description)
    item.save()
    indexing.refresh(item)
    return item.pid


def test_highlights_are_parts_of_texts_of_the_record(client: Client, now: datetime) -> None:
    pid = described("Thuyền trên sông Đăk Bla", "Ảnh chụp ở Đăk Bla.", now=now)

    answer = client.get("/api/v1/search/?q=dak+bla").json()

    assert [(one["item"], one["field"], one["lang"]) for one in answer["highlights"]] == [
        (pid, "titles", "vi"),
        (pid, "descriptions", "vi"),
    ]
    parts = answer["highlights"][0]["parts"]
    assert "".join(part["text"] for part in parts) == "Thuyền trên sông Đăk Bla"
    assert [part["text"] for part in parts if part["match"]] == ["Đăk Bla"]


def test_pages_are_turned_both_ways(client: Client, now: datetime) -> None:
    for number in range(3):
        makers.item(now=now, title=f"Ghè {number}")

    first = client.get("/api/v1/search/?q=ghe&page_size=2").json()
    second = client.get(first["next"]).json()
    back = client.get(second["previous"]).json()

    assert first["previous"] is None
    assert second["next"] is None
    assert [hit["pid"] for hit in back["hits"]] == [hit["pid"] for hit in first["hits"]]
    assert client.get("/api/v1/search/?q=other&cursor=" + first["next"].rpartition("cursor=")[2]).status_code == 400


def test_near_hits_and_another_spelling_are_told(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = makers.item(now=now, title="Đàn goong").pid
    real = searching.search

    def search(*args: Any, **named: Any) -> Results:  # Any: passed on
        found = real(*args, **named)
        more = {"approximate": frozenset(hit.pk for hit in found.hits), "did_you_mean": "goong"}
        return Results(**{**vars(found), **more})

    monkeypatch.setattr(views, "search", search)

    answer = client.get("/api/v1/search/?q=dan").json()

    assert (answer["approximate"], answer["did_you_mean"]) == ([pid], "goong")


def test_suggestions_are_told_by_kind(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Suggestions(("nhà rông",), (("0123456789b", "Nhà rông Kon Klor"),), (Heading("people", "ba-na", "Ba Na"),))
    monkeypatch.setattr(views, "suggest", lambda _prefix, _viewer: found)

    answer = client.get("/api/v1/suggest/?q=nha")

    assert answer.json() == {
        "words": ["nhà rông"],
        "titles": [{"pid": "0123456789b", "title": "Nhà rông Kon Klor"}],
        "headings": [{"facet": "people", "slug": "ba-na", "label": "Ba Na"}],
    }
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get("/api/v1/suggest/?q=nha&kind=image").status_code == 400


@pytest.mark.parametrize("door", ["search", "suggest"])
def test_while_the_search_is_being_prepared_it_says_when_to_ask_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    def preparing(*_args: object, **_named: object) -> Results:
        raise SearchPreparing(17)

    monkeypatch.setattr(views, door, preparing)

    answer = client.get(f"/api/v1/{door}/?q=nha")

    assert (answer.status_code, answer["Retry-After"]) == (503, "17")
    assert answer["Content-Type"].startswith("application/problem+json")
