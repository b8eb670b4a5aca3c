"""Words with their places on pages, written so that the words of one page can be read without those of the others.

A place is four whole numbers, left, top, width and height, in ten-thousandths of the width and height of the page as it is seen
(turned and cropped as the file asks), so that it fits a picture of any size.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from media_pipeline.processors import OutputFile
from media_pipeline.processors.passages import clean

FULL = 10_000


class Box(NamedTuple):
    """A rectangle on a page, in ten-thousandths; the edges, not a size."""

    left: float
    top: float
    right: float
    bottom: float


class Word(NamedTuple):
    """One word and where it stands: in two places where a line end parts it."""

    text: str
    boxes: tuple[Box, ...]


Line = list[Word]


def squared(boxes: Sequence[Box]) -> Box | None:
    """Return the one rectangle around several, cut at the edges of the page; None where nothing of it is on the page."""
    if not boxes:
        return None
    left, top = min(one.left for one in boxes), min(one.top for one in boxes)
    right, bottom = max(one.right for one in boxes), max(one.bottom for one in boxes)
    if right <= 0 or bottom <= 0 or left >= FULL or top >= FULL:
        return None
    return Box(max(left, 0), max(top, 0), min(right, FULL), min(bottom, FULL))


class WordPages:
    """Collects the words of pages up to a number of them, and writes `words.json` and `words-index.json`."""

    def __init__(self, words_at_most: int) -> None:
        self._left = words_at_most
        self._pages: list[tuple[int, bytes, int]] = []
        self.words = 0
        self.cut = False

    def add(self, number: int, lines: Sequence[Line]) -> None:
        """Take the lines of one page; a page without words takes no room."""
        kept: list[list[list[object]]] = []
        count = 0
        for line in lines:
            if self._left - count < len(line):
                self.cut = True
                break
            words = [[clean(word.text), *_numbers(word.boxes)] for word in line]
            kept.append([one for one in words if one[0]])
            count += len(line)
        self._left -= count
        self.words += count
        if count:
            self._pages.append((number, json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), count))

    def write(self, out: Path) -> list[OutputFile]:
        """Write both files.

        `words.json` is a list with a value for each page that has words: its lines, each a list of words, each a list of the word and
        four numbers for each place. `words-index.json` lists for each of them `number`, `words` (how many) and `part`: first byte
        and length.
        """
        index = []
        with (out / "words.json").open("wb") as file:
            file.write(b"[")
            for at, (number, page, words) in enumerate(self._pages):
                file.write(b"," * (at > 0))
                index.append({"number": number, "words": words, "part": [file.tell(), file.write(page)]})
            file.write(b"]")
        (out / "words-index.json").write_text(json.dumps(index, separators=(",", ":")), encoding="utf-8")
        return [
            OutputFile("words.json", "application/json", {"words": self.words, "pages": len(self._pages)}),
            OutputFile("words-index.json", "application/json"),
        ]


def _numbers(boxes: Sequence[Box]) -> list[int]:
    numbers: list[int] = []
    for one in boxes:
        left, top = round(one.left), round(one.top)
        numbers += [left, top, max(1, round(one.right) - left), max(1, round(one.bottom) - top)]
    return numbers
