"""Reads the words on a picture of a page with Tesseract, in one language, within a time.

What comes out is a machine's guess: it always carries how sure the machine was, and says nothing about whether the page was in that
language at all. Read as Vietnamese, Ba Na comes out as wrong Vietnamese with a high confidence.
"""

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any, NamedTuple

import pyvips

from media_pipeline.processors.word_boxes import FULL, Box, Line, Word

_BLANK_DEVIATION = 3.0  # of 255: paper alone
_MILLISECONDS = 1000
_DOWNWARDS = 2  # the engine's name for a line that runs from the top to the bottom
_SURE_ENOUGH = 60  # of 100: below it a page may be lying on its side


class Read(NamedTuple):
    """What was read on one page. `confidence` is the mean over its words, 0 to 100; 0 where there are none.

    `turn` is how the picture had to be turned, clockwise in degrees, before it could be read: the places are of the turned one.
    """

    lines: list[Line]
    confidence: int
    timed_out: bool = False
    turn: int = 0

    def lines_as_it_lies(self) -> list[Line]:
        """Return the lines with their places on the picture as it was given."""
        if not self.turn:
            return self.lines
        return [
            [Word(word.text, tuple(_turned_back(one, self.turn) for one in word.boxes)) for word in line]
            for line in self.lines
        ]


def _turned_back(box: Box, turn: int) -> Box:
    left, top, right, bottom = box
    if turn == 90:
        return Box(top, FULL - right, bottom, FULL - left)
    if turn == 180:
        return Box(FULL - right, FULL - bottom, FULL - left, FULL - top)
    return Box(FULL - bottom, left, FULL - top, right)


class ScanReader:
    """One open engine. It is opened once a document: its data takes a second to load."""

    def __init__(self, engine: Any, language: str, folder: Path, *, page_s: int) -> None:  # Any: tesserocr has no types
        self._engine = engine
        self._page_ms = page_s * _MILLISECONDS
        # The path ends with a slash, as the engine joins it with the name of the language.
        self._api = engine.PyTessBaseAPI(
            path=f"{folder}/", lang=language, psm=engine.PSM.AUTO, oem=engine.OEM.LSTM_ONLY
        )

    @property
    def name(self) -> str:
        """Name and version of the engine."""
        return f"Tesseract {str(self._engine.tesseract_version()).split()[1]}"

    def read(self, picture: pyvips.Image, *, dots_per_inch: int) -> Read:
        """Read a page: an 8-bit grey picture in memory. Bare paper is not looked at; a page that reads badly is turned and tried again."""
        if picture.deviate() < _BLANK_DEVIATION:
            return Read([], 0)
        best, on_its_side = self._read(picture, dots_per_inch)
        if best.timed_out or (best.confidence >= _SURE_ENOUGH and not on_its_side):
            return best
        # The engine reads lines that run downwards, too, and as surely; those that run upwards, or stand on their heads, it reads badly.
        likely = 270 if best.confidence >= _SURE_ENOUGH else 90 if on_its_side else 180
        for turn in sorted((90, 180, 270), key=lambda one: one != likely):
            other, on_its_side = self._read(picture.rot(f"d{turn}"), dots_per_inch)
            if other.confidence >= _SURE_ENOUGH and not on_its_side:
                return other._replace(turn=turn)
        return best

    def _read(self, picture: pyvips.Image, dots_per_inch: int) -> tuple[Read, bool]:
        """Return what is read, and whether most of its lines run downwards."""
        width, height = picture.width, picture.height
        self._api.SetImageBytes(bytes(picture.write_to_memory()), width, height, 1, width)
        self._api.SetSourceResolution(dots_per_inch)
        if not self._api.Recognize(self._page_ms):
            self._api.Clear()
            return Read([], 0, timed_out=True), False
        lines, sure, downwards = self._words(width, height)
        self._api.Clear()
        return Read(lines, round(sum(sure) / len(sure)) if sure else 0), 2 * downwards > len(sure)

    def _words(self, width: int, height: int) -> tuple[list[Line], list[float], int]:
        level = self._engine.RIL
        found = self._api.GetIterator()
        lines: list[Line] = []
        sure: list[float] = []
        downwards = 0
        for one in self._engine.iterate_level(found, level.WORD) if found is not None else ():
            try:
                text, edges = str(one.GetUTF8Text(level.WORD)).strip(), one.BoundingBox(level.WORD)
            except RuntimeError:  # a place of the page without a word
                continue
            if not text or edges is None:
                continue
            left, top, right, bottom = edges
            box = Box(left * FULL / width, top * FULL / height, right * FULL / width, bottom * FULL / height)
            if one.IsAtBeginningOf(level.TEXTLINE) or not lines:
                lines.append([])
            lines[-1].append(Word(text, (box,)))
            sure.append(float(one.Confidence(level.WORD)))
            downwards += int(one.Orientation()[1] == _DOWNWARDS)
        return lines, sure, downwards


def missing(language: str, folder: str) -> str:
    """Return what is not there of what reading a language takes; empty when all of it is."""
    if not folder or not (Path(folder) / f"{language}.traineddata").is_file():
        return f"{language}.traineddata"
    return "" if importlib.util.find_spec("tesserocr") else "tesserocr"


def open_reader(language: str, folder: str, *, page_s: int) -> ScanReader:
    """Return a reader; `missing` was asked before. One thread: the worker decides how much of the machine this takes."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    return ScanReader(importlib.import_module("tesserocr"), language, Path(folder), page_s=page_s)
