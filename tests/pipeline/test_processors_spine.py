"""One picture, one document, one recording go the whole way through identify, plan and every recipe."""

import json
import math
import struct
import wave
from pathlib import Path

import pypdfium2
import pytest
import pyvips

from media_pipeline.identify import identify
from media_pipeline.plan import plan, recipe_for
from media_pipeline.sandbox import run_processor

pytestmark = pytest.mark.pure


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    path = tmp_path / "photograph"
    pyvips.Image.gaussnoise(2000, 1500, mean=128, sigma=30, seed=1).cast("uchar").jpegsave(str(path), Q=85)
    return path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document"
    made = pypdfium2.PdfDocument.new()
    for _ in range(3):
        made.new_page(595, 842)
    made.save(path)
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "recording"
    samples = [round(12000 * math.sin(step / 10)) for step in range(44100 * 2)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


def test_photograph_gets_thumbnails_and_a_pyramid(photograph: Path, work_dir: Path) -> None:
    facts = identify(photograph, work_dir)

    made = {one.role: run_processor(one, photograph, work_dir) for one in plan(facts)}

    assert (facts.kind, facts.media_type, facts.technical["width"]) == ("image", "image/jpeg", 2000)
    assert [one.name for one in made["thumbnail"].files] == ["1280.webp", "480.webp", "160.webp"]
    assert made["thumbnail"].files[2].facts == {"width": 160, "height": 120}
    assert made["pyramid"].facts == {"width": 2000, "height": 1500, "tile_size": 512, "levels": 3}


def test_document_gets_a_cover_pages_and_text(document: Path, work_dir: Path) -> None:
    facts = identify(document, work_dir)

    made = {one.role: run_processor(one, document, work_dir) for one in plan(facts)}

    assert facts.technical["page_count"] == 3
    assert sorted(made) == ["ocr", "outline", "pages", "text", "thumbnail", "words"]
    assert [one.name for one in made["pages"].files[:4]] == ["p0001.jpg", "s0001.webp", "p0002.jpg", "s0002.webp"]
    assert [one.facts["height"] for one in made["pages"].files[:2]] == [1600, 800]


def test_recording_gets_a_waveform_and_its_renditions(recording: Path, work_dir: Path) -> None:
    facts = identify(recording, work_dir)

    waveform = run_processor(recipe_for("waveform", facts), recording, work_dir)
    drawn = json.loads((work_dir / "out" / "waveform.json").read_text())
    audio = run_processor(recipe_for("audio", facts), recording, work_dir)

    assert facts.technical["duration_ms"] == 2000
    assert waveform.facts == {"duration_ms": 2000}
    assert max(drawn["peaks"]) in range(43, 50)
    assert [one.name for one in audio.files] == ["audio-low.opus", "audio-low.m4a", "audio.opus", "audio.m4a"]
    assert abs(float(audio.files[1].facts["duration_ms"]) - 2000) < 60
