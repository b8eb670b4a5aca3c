"""Small derived files read for a page: one that is lost or damaged takes nothing else with it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from archive import derived_contents
from archive.models import ItemFile
from media_pipeline import stores
from media_pipeline.storage.errors import KeyMissing
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
PEAKS = {"peaks": [[-5, 5], [-90, 80]]}


@pytest.fixture
def recording(tmp_path: Path) -> ItemFile:
    """A sound with its wave."""
    master = store_master(b"sound", tmp_path, kind="audio", media_type="audio/wav")
    publish(master, tmp_path, Made("audio", "audio.m4a", b"m4a"))
    publish(master, tmp_path, Made("waveform", "waveform.json", json.dumps(PEAKS).encode()))
    return add_file(make_item("Chiêng", kind="audio"), master)


def lost(file: ItemFile, _folder: Path) -> None:
    made = file.derivative("waveform")
    assert made is not None
    stores.derivatives().delete(made.prefix)


def damaged(file: ItemFile, folder: Path) -> None:
    made = file.derivative("waveform")
    assert file.master is not None
    assert made is not None
    stores.derivatives().delete(made.prefix)
    made.delete()
    publish(file.master, folder, Made("waveform", "waveform.json", b"\xff{ not JSON"))


def test_a_derived_file_is_read_into_its_value(recording: ItemFile) -> None:
    assert derived_contents.read_json(recording, "waveform", "waveform.json") == PEAKS
    assert derived_contents.read_json(recording, "text", "text.json") is None


@pytest.mark.parametrize("harm", [lost, damaged])
def test_an_item_whose_waveform_cannot_be_read_still_has_its_page_and_the_log_tells(
    harm: Callable[[ItemFile, Path], None],
    recording: ItemFile,
    client: Client,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    harm(recording, tmp_path)

    with caplog.at_level(logging.WARNING, logger="archive.derived_contents"):
        page = client.get(f"/items/{recording.item.pid}/")

    assert page.status_code == 200
    assert f"/files/{recording.pid}/audio/audio.m4a" in page.content.decode()
    assert f"waveform.json of file {recording.pid}" in caplog.text


def test_a_page_whose_text_is_lost_while_its_index_is_there_is_shown_without_it(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = store_master(b"book", tmp_path, kind="pdf", media_type="application/pdf")
    publish(master, tmp_path, Made("pages", "p0001.webp", b"RIFF"))
    text = json.dumps([{"number": 1, "label": "", "text": "gùi"}], ensure_ascii=False).encode()
    index = [{"number": 1, "label": "", "parts": [[text.index("gùi".encode()), len("gùi".encode())]]}]
    publish(
        master,
        tmp_path,
        Made("text", "text.json", text),
        Made("text", "index.json", json.dumps(index).encode()),
    )
    file = add_file(make_item("Sách", kind="document"), master)
    shown = client.get(f"/items/{file.item.pid}/?page=1")
    real = stores.derivatives().__class__.read_range

    def read_range(store: object, prefix: str, name: str, start: int, length: int) -> object:
        if name == "text.json":
            raise KeyMissing(name)
        return real(store, prefix, name, start, length)  # type: ignore[arg-type]  # the class's own method

    monkeypatch.setattr(stores.derivatives().__class__, "read_range", read_range)
    without = client.get(f"/items/{file.item.pid}/?page=1")

    assert "gùi" in shown.content.decode()
    assert without.status_code == 200
    assert "gùi" not in without.content.decode()
