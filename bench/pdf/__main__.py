"""python -m bench.pdf [--pairs N]: pictures and text of PDF pages, ours against poppler's programs at equal dots per inch."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.measure import Row, child_cpu_s, median, pairs, spread
from bench.pdf import document
from media_pipeline.processors import Result
from media_pipeline.recipes import Recipe
from media_pipeline.recipes.documents import PDF_PAGES, PDF_TEXT, PDF_WORDS
from media_pipeline.sandbox import run_processor

PAGES, DOTS_PER_INCH, QUALITY = 90, 150, 80
EDGE_PX = round(document.HEIGHT_PT / 72 * DOTS_PER_INCH)
TARGET = 1.4


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9)
    wishes = parser.parse_args()
    if shutil.which("pdftoppm") is None or shutil.which("pdftotext") is None:
        print("pdftoppm and pdftotext are not here (package poppler-utils)", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as name:
        folder = Path(name)
        source = document.write(folder / "document.pdf", PAGES)
        ours = Ours(source, folder / "ours")
        theirs = Poppler(source, folder / "theirs")
        alone = pairs(ours.large_alone, theirs.run, wishes.pairs)
        whole = pairs(ours.run, theirs.run_twice, wishes.pairs)
        rows = [
            *_compared("one JPEG a page and text", alone, TARGET),
            *_compared("as shipped, a JPEG and a small WebP a page and text", whole, 0),
            Row("places of the words besides, CPU ms a page", f"{ours.words() / PAGES * 1e3:.1f}", "one run"),
            Row(
                "bytes a page: ours large, ours small, poppler",
                f"{ours.bytes_a_page('p')}, {ours.bytes_a_page('s')}, {theirs.bytes_a_page()}",
                "",
            ),
        ]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def _compared(what: str, found: list[tuple[float, float]], target: float) -> list[Row]:
    mine, other = [one / PAGES * 1e3 for one, _ in found], [one / PAGES * 1e3 for _, one in found]
    ratios = [second / first for first, second in found]
    return [
        Row(f"{what}: CPU ms a page", f"{median(mine):.1f}", spread(mine, 1)),
        Row(f"{what}: pdftoppm -jpeg with pdftotext", f"{median(other):.1f}", spread(other, 1)),
        Row(
            f"{what}: pages a core, ours to theirs",
            f"**{median(ratios):.2f}**",
            spread(ratios, 2),
            f"≥ {target}" if target else "",
        ),
    ]


class Ours:
    """The recipes in their children behind the walls, started afresh each time."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._source, self._folder = source, folder
        self._folder.mkdir()

    def run(self) -> float:
        """Return processor seconds of both children, pictures in both sizes, the small one half the large."""
        return self._made(PDF_TEXT, {}).cpu_s + self._made(PDF_PAGES, {}).cpu_s

    def large_alone(self) -> float:
        """The same without the small pictures: what the peers make."""
        return self._made(PDF_TEXT, {}).cpu_s + self._made(PDF_PAGES, {"small_edge_px": 0}).cpu_s

    def words(self) -> float:
        return self._made(PDF_WORDS, {}).cpu_s

    def bytes_a_page(self, letter: str) -> int:
        self._made(PDF_PAGES, {})
        return sum(one.stat().st_size for one in (self._folder / "out").glob(f"{letter}*")) // PAGES

    def _made(self, recipe: Recipe, changed: Mapping[str, int]) -> Result:
        equal = (
            {"long_edge_px": EDGE_PX, "small_edge_px": EDGE_PX // 2, "jpeg_quality": QUALITY, **changed}
            if recipe is PDF_PAGES
            else {}
        )
        limits = dataclasses.replace(recipe.limits, cpu_s=600, wall_s=1200)
        wanted = dataclasses.replace(recipe, settings={**recipe.settings, **equal}, limits=limits)
        return run_processor(wanted, self._source, self._folder)


class Poppler:
    """Debian's programs for the same: a JPEG of each page, and the text."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._source, self._folder = source, folder

    def run(self) -> float:
        """Return processor seconds of a JPEG of each page, and the text."""
        self._emptied()
        return self._draw("p", "-r", str(DOTS_PER_INCH)) + self._ran(["pdftotext", str(self._source), "text.txt"])

    def run_twice(self) -> float:
        """The same with a small picture of each page besides."""
        return self.run() + self._draw("s", "-r", str(DOTS_PER_INCH // 2))

    def _emptied(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()

    def _draw(self, letter: str, *size: str) -> float:
        return self._ran(["pdftoppm", "-jpeg", "-jpegopt", f"quality={QUALITY}", *size, str(self._source), letter])

    def _ran(self, words: list[str]) -> float:
        return child_cpu_s(words, env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")}, cwd=self._folder)

    def bytes_a_page(self) -> int:
        return sum(one.stat().st_size for one in self._folder.glob("p*.jpg")) // PAGES


if __name__ == "__main__":
    sys.exit(main())
