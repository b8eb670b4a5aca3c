"""A passage of a recording in an exhibit: its own seconds, its own words, and only for who may hear it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from lxml import html

from access import policy
from access.models import AccessRule
from access.policy import Policy
from archive.languages import of
from archive.models import BlockKind, Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Item
from media_pipeline.models import Kind
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master
from tests.petitioners import reader

pytestmark = pytest.mark.django_db
WORDS = ("Lời mở đầu", "Lời được chọn", "Lời sau cùng")


def recording(folder: Path, *, access: Policy | None = None) -> Item:
    item = make_item("Đêm chiêng", kind="audio")
    master = store_master(b"sound", folder, kind=Kind.AUDIO, media_type="audio/wav")
    rows = [
        {
            "number": number,
            "start_ms": number * 10_000,
            "end_ms": number * 10_000 + 9_000,
            "speaker": "A Thút",
            "text": text,
        }
        for number, text in enumerate(WORDS)
    ]
    said = json.dumps(rows)[1:-1]
    part = {"first": 0, "last": 2, "start_ms": 0, "offset": 1, "length": len(said)}
    index = json.dumps({"is_timed": True, "count": 3, "parts": [part]})
    publish(
        master,
        folder,
        Made("audio", "audio.m4a", b"m4a", {"media_type": "audio/mp4"}),
        Made("captions", "segments.json", f"[{said}]".encode()),
        Made("captions", "index.json", index.encode()),
    )
    add_file(item, master, name="a.wav", access=access)
    return item


def shown(item: Item) -> str:
    public = AccessRule.objects.public()
    exhibit = Exhibit.objects.create(
        slug="dem", titles=of(vi="Đêm"), state="published", chosen_rule=public, effective_rule=public, changed_at=NOW
    )
    page = ExhibitPage.objects.create(exhibit=exhibit, slug="x", titles=of(vi="Đêm"))
    block = ExhibitBlock.objects.create(page=page, kind=BlockKind.RECORDING, start_ms=10_000, end_ms=19_000)
    ExhibitPiece.objects.create(block=block, item=item, captions=of(vi="Nghe đoạn này"))
    return Client().get("/exhibits/dem/").content.decode()


def test_a_passage_has_its_seconds_and_its_words(tmp_path: Path) -> None:
    page = shown(recording(tmp_path))

    assert "audio.m4a#t=10,19" in page
    assert 'preload="none"' in page
    assert [text in page for text in WORDS] == [False, True, False]
    assert "Nghe đoạn này" in page


def test_of_a_recording_that_is_closed_there_is_neither_sound_nor_word(tmp_path: Path) -> None:
    page = shown(recording(tmp_path, access=policy.NOBODY))

    assert "<audio" not in page
    assert not any(text in page for text in WORDS)
    assert "Đêm chiêng" in page


def test_a_warning_stands_in_place_of_what_it_is_about(tmp_path: Path) -> None:
    item = recording(tmp_path)
    Item.objects.filter(pk=item.pk).update(restriction_reasons=["loi_thieng"])

    page = shown(item)

    assert "exhibit-warned" in page
    assert "<audio" not in page
    assert not any(text in page for text in WORDS)


def test_programs_are_told_of_an_exhibit_that_everybody_may_see_and_of_no_other(tmp_path: Path) -> None:
    page = shown(recording(tmp_path))
    (said,) = html.fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    node = json.loads(said)
    assert (node["@type"], node["name"], node["inLanguage"]) == ("CollectionPage", "Đêm", "vi")
    assert node["url"].endswith("/exhibits/dem/")
    assert "image" not in node

    inner = AccessRule.objects.intern(policy.REGISTERED)
    Exhibit.objects.update(chosen_rule=inner, effective_rule=inner)
    client = Client()
    client.force_login(reader())
    page = client.get("/exhibits/dem/").content.decode()
    assert "Nghe đoạn này" in page
    assert "ld+json" not in page
