"""Content Search: where words stand on pages and when they are said, as far as the reader may see them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from access import policy
from archive.actions.choose_access import choose_file_access
from archive.models import Item, ItemFile
from archive.word_places import places
from media_pipeline.models import Kind
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master
from tests.iiif.test_presentation import manifest, recording

LINES = [
    [["Nhà", 1000, 500, 500, 100], ["rông", 1600, 500, 500, 100]],
    [["của", 1000, 700, 300, 100], ["làng.", 1400, 700, 400, 100]],
]


def book(folder: Path) -> tuple[Item, ItemFile]:
    """Return a document of two pages, 600 px by 1200, with the words above on the second."""
    master = store_master(b"%PDF", folder, kind=Kind.PDF, media_type="application/pdf")
    page = json.dumps(LINES).encode()
    index = [{"number": 2, "words": 4, "part": [1, len(page)]}]
    publish(
        master,
        folder,
        *(Made("pages", f"p000{n}.jpg", b"x", {"width": 600, "height": 1200, "page": n}) for n in (1, 2)),
        Made("words", "words.json", b"[" + page + b"]"),
        Made("words", "words-index.json", json.dumps(index).encode()),
    )
    item = make_item("Sách", kind="document")
    return item, add_file(item, master)


def ask(client: Client, item: Item, words: str, version: int = 2) -> dict[str, Any]:  # Any: JSON
    answer = client.get(f"/iiif/search/{version}/{item.pid}", {"q": words})
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.django_db
def test_words_are_found_on_their_page_with_their_box_typed_with_marks_or_without(
    client: Client, tmp_path: Path
) -> None:
    item, _file = book(tmp_path)
    canvas = manifest(client, item)["items"][1]["id"]

    for typed in ("nhà rông", "NHA RONG"):
        found = ask(client, item, typed)
        (hit,) = found["items"]
        assert hit["body"]["value"] == "Nhà rông"
        assert hit["target"] == f"{canvas}#xywh=60,60,66,12"
        (around,) = found["annotations"][0]["items"]
        assert around["target"]["selector"][0] == {
            "type": "TextQuoteSelector", "prefix": "", "exact": "Nhà rông", "suffix": "của làng.",
        }  # fmt: skip


@pytest.mark.django_db
def test_words_that_a_line_end_parts_have_two_boxes(client: Client, tmp_path: Path) -> None:
    item, _file = book(tmp_path)

    targets = [one["target"].partition("#")[2] for one in ask(client, item, "rông của làng")["items"]]

    assert targets == ["xywh=96,60,30,12", "xywh=60,84,48,12"]


@pytest.mark.django_db
def test_viewers_that_know_version_1_find_the_same(client: Client, tmp_path: Path) -> None:
    item, _file = book(tmp_path)

    found = ask(client, item, "làng", version=1)

    assert found["resources"][0]["on"].endswith("#xywh=84,84,24,12")
    (hit,) = found["hits"]
    assert (hit["before"], hit["match"], hit["annotations"]) == (
        "Nhà rông của", "làng.", [found["resources"][0]["@id"]],
    )  # fmt: skip


@pytest.mark.django_db
def test_what_is_said_is_found_by_its_time(client: Client, tmp_path: Path) -> None:
    item = make_item("Hơmon", kind="audio")
    recording(item, tmp_path)

    (hit,) = ask(client, item, "homon")["items"]

    assert hit["target"] == f"{manifest(client, item)['items'][0]['id']}#t=0.5,2"
    assert hit["body"]["language"] == "bdq"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "   ", "nothing", "…", "nhà làng", "x" * 5000])
def test_what_is_not_there_is_not_found(client: Client, tmp_path: Path, typed: str) -> None:
    item, _file = book(tmp_path)

    assert ask(client, item, typed)["items"] == []


@pytest.mark.django_db
def test_the_manifest_names_both_searches_and_only_where_there_are_words(client: Client, tmp_path: Path) -> None:
    item, file = book(tmp_path)
    services = manifest(client, item)["service"]
    assert [one.get("type") or one["@type"] for one in services] == ["SearchService2", "SearchService1"]
    assert services[0]["id"] == f"http://testserver/iiif/search/2/{item.pid}"

    choose_file_access(file, policy.STAFF, actor=None, now=NOW)

    assert "service" not in manifest(client, item)
    closed = client.get(f"/iiif/search/2/{item.pid}?q=rong")
    assert closed.status_code == 404
    assert closed.content == client.get("/iiif/search/2/0123456789b?q=rong").content


@pytest.mark.pure
@pytest.mark.parametrize(
    ("words", "sought", "found"),
    [
        ("a b a b", "a b", [(0, 2), (2, 4)]),
        ("Kon-Tum là", "kon tum", [(0, 1)]),
        ("a-b c", "b c", [(0, 2)]),
        ("aa aa aa", "aa aa", [(0, 2)]),
        ("ba", "a", []),
    ],
)
def test_places_of_words_are_whole_words_one_after_the_other(
    words: str, sought: str, found: list[tuple[int, int]]
) -> None:
    assert list(places(words.split(), sought.split())) == found
