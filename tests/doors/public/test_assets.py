"""What is built for the browser: fonts that draw the languages of the highlands, bands that join, a build that is idle when it can be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from scripts.weaving import DraftError, read_draft, weave_to_svg

ROOT = Path(__file__).resolve().parents[3]
BUILT = ROOT / "static" / "built"
pytestmark = [
    pytest.mark.pure,
    pytest.mark.skipif(not BUILT.is_dir(), reason="static/built is missing: run python -m scripts.build_assets"),
]
LETTERS = "aăâeêioôơuưyđƀčñĕĭŏŭAĂÂEÊIOÔƠUƯYĐɃČÑĔĬŎŬếộữỷẼ"
BREVE = 0x306


@pytest.mark.parametrize("face", ["sans-400", "serif-400", "serif-700"])
def test_each_face_places_the_breve_on_every_vowel_that_carries_it(face: str) -> None:
    font = TTFont(BUILT / "fonts" / f"{face}.woff2")
    cmap = font.getBestCmap()
    anchored: set[str] = set()
    for table in font["GPOS"].table.LookupList.Lookup:
        for part in table.SubTable:
            part = getattr(part, "ExtSubTable", part)
            if part.LookupType == 4 and cmap[BREVE] in part.MarkCoverage.glyphs:
                anchored |= set(part.BaseCoverage.glyphs)

    assert [letter for letter in LETTERS if ord(letter) not in cmap] == []
    assert [letter for letter in "êôơưâÊÔƠƯÂ" if cmap[ord(letter)] not in anchored] == []


def test_fonts_are_small_and_keep_no_reserved_name() -> None:
    for file in (BUILT / "fonts").glob("*.woff2"):
        assert file.stat().st_size <= 16_000, file.name
        family = TTFont(file)["name"].getDebugName(1)
        assert family.startswith("Nha Rong"), family
    assert "SIL OPEN FONT LICENSE" in (BUILT / "fonts" / "LICENCES.txt").read_text(encoding="utf-8").upper()


def test_a_build_with_nothing_changed_touches_nothing() -> None:
    builder = [sys.executable, "-m", "scripts.build_assets"]
    subprocess.run(builder, check=True, cwd=ROOT, timeout=600)
    before = {file: file.stat().st_mtime_ns for file in BUILT.rglob("*")}

    subprocess.run(builder, check=True, cwd=ROOT, timeout=120)

    assert {file: file.stat().st_mtime_ns for file in BUILT.rglob("*")} == before


def test_a_draft_is_woven_so_that_its_tiles_join() -> None:
    rows, thread_px = read_draft("# a band\nmirror: both\nthread: 3\nKKR\nKRW\n")

    assert rows == ["KKRK", "KRWR", "KKRK"]
    assert thread_px == 3
    assert weave_to_svg("KR\nRK").count("<path") == 2


@pytest.mark.parametrize("draft", ["KKR\nKR", "KXR", "colour: blue\nKR"])
def test_a_wrong_draft_is_refused(draft: str) -> None:
    with pytest.raises(DraftError):
        read_draft(draft)
