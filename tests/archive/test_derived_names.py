"""Doors ask for derived files by the names that the pipeline gives them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from archive import derived_names
from archive.models import ItemFile
from tests import makers
from tests.doors.public import works

pytestmark = pytest.mark.django_db


def names(file: ItemFile) -> set[tuple[str, str]]:
    return {(role, entry["name"]) for role, made in file.newest_derivatives().items() for entry in made.files}


def test_what_doors_ask_for_is_what_is_made(tmp_path: Path, now: datetime) -> None:
    item = makers.item(now=now)
    files = (makers.picture(tmp_path / "a.jpg"), makers.sound(tmp_path / "b.wav"), works.book(tmp_path / "c.epub"))

    made = set().union(*(names(makers.file_of(item, path, now=now)) for path in files))

    assert {
        (derived_names.PICTURE_ROLES[0], derived_names.picture_name(160)),
        ("pyramid", derived_names.PYRAMID),
        ("waveform", derived_names.WAVEFORM),
        ("text", derived_names.TEXT),
        ("text", derived_names.TEXT_INDEX),
        ("outline", derived_names.OUTLINE),
    } <= made
