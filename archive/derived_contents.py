"""Reading small derived files into values, for pages that show what is inside of them, and no more of large ones than they show."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from archive.derived_names import TEXT, TEXT_INDEX, chapter_name
from archive.models import ItemFile
from archive.models.file import READ_BY_MACHINE
from media_pipeline import stores
from media_pipeline.models import Derivative
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

logger = logging.getLogger(__name__)

# The index of ten thousand pages, or an outline of five thousand lines, is below this. What is larger is not for one page of HTML.
LARGEST_JSON_BYTES = 2_000_000
PART_LETTERS = 12_000
# Were each letter four bytes long.
LARGEST_PART_BYTES = 4 * PART_LETTERS
# Thirty million letters, were each three bytes long, and where the parts of ten thousand pages lie: what the recipes make is below.
LARGEST_TEXT_BYTES, LARGEST_INDEX_BYTES = 100_000_000, 5_000_000
# A chapter in HTML that a weak line can carry; longer ones are read as plain text, part by part.
LARGEST_CHAPTER_BYTES = 60_000

Entry = Mapping[str, object]
Span = tuple[int, int]


def read_json(file: ItemFile, role: str, name: str) -> object:
    """Return the value in a derived JSON file of a visible file; None when there is none, it is too large, or it cannot be read.

    What cannot be read is logged: one lost file must not take the page of its item with it. Reads the storage once, and no
    database when master and derivatives are prefetched.
    """
    derivative = file.derivative(role)
    size_bytes = _size_bytes(derivative, name)
    if derivative is None or not 0 < size_bytes <= LARGEST_JSON_BYTES:
        return None
    return _value(f"{name} of file {file.pid}", derivative.prefix, name, 0, size_bytes)


def _value(what: str, prefix: str, name: str, start: int, length: int, *, quote: bytes = b"") -> object:
    """Return the JSON value that lies there (`quote` is put around it); None, and a line in the log, when it cannot be read."""
    try:
        letters = b"".join(stores.derivatives().read_range(prefix, name, start, length))
        value: object = json.loads(quote + letters + quote, strict=False)
    except (KeyMissing, StorageUnavailable, ValueError) as error:
        logger.warning("%s: %s: %s", what, type(error).__name__, error)
        return None
    return value


def _size_bytes(derivative: Derivative | None, name: str) -> int:
    entries = derivative.files if derivative else []
    return next((int(entry["size_bytes"]) for entry in entries if entry["name"] == name), 0)


@dataclass(frozen=True)
class Passage:
    """One page of a document or one chapter of a book. Each of its parts is as much as a page of HTML shows; without text it has none."""

    number: int
    label: str
    parts: tuple[Span, ...]


class Reading:
    """The text of a file: where everything in it lies, and each part when it is asked for. Without a derivative it has no passages.

    `by_machine` is what a machine read where pages have no text of their own: a guess, and shown as one.
    """

    def __init__(
        self,
        derivative: Derivative | None,
        index: object,
        *,
        by_machine: Reading | None = None,
        chapters: Derivative | None = None,
    ) -> None:
        self._derivative = derivative
        self._chapters = chapters
        self.by_machine = by_machine
        self._size_bytes = _size_bytes(derivative, TEXT)
        self.passages = tuple(
            Passage(_number(entry), str(entry.get("label") or ""), tuple(self._spans(entry.get("parts"))))
            for entry in _entries(index)
        )

    def _spans(self, parts: object) -> list[Span]:
        """Return the ranges that lie in the file: what read a stranger's file wrote them."""
        found = [(int(one[0]), int(one[1])) for one in parts] if isinstance(parts, list) else []
        return [
            (start, length)
            for start, length in found
            if start >= 0 and 0 < length <= LARGEST_PART_BYTES and start + length <= self._size_bytes
        ]

    def text(self, part: Span) -> str:
        """Return the letters of a part of one of the passages: one range of one file. What cannot be read is logged, and empty."""
        if self._derivative is None:
            return ""
        start, length = part
        return str(
            _value(f"text.json of {self._derivative}", self._derivative.prefix, TEXT, start, length, quote=b'"') or ""
        )

    def chapter(self, number: int) -> str:
        """Return a chapter as the safe HTML that was made of it: empty where there is none, it is long, or it cannot be read."""
        name = chapter_name(number)
        size_bytes = _size_bytes(self._chapters, name)
        if self._chapters is None or not 0 < size_bytes <= LARGEST_CHAPTER_BYTES:
            return ""
        try:
            return b"".join(stores.derivatives().read_range(self._chapters.prefix, name, 0, size_bytes)).decode()
        except (KeyMissing, StorageUnavailable, UnicodeDecodeError) as error:
            logger.warning("%s of %s: %s: %s", name, self._chapters, type(error).__name__, error)
            return ""


def reading(file: ItemFile) -> Reading:
    """Return the text of a visible file. Reads the storage once or twice now, and once for each part that is asked for."""
    read = file.derivative(READ_BY_MACHINE)
    by_machine = Reading(read, read_json(file, READ_BY_MACHINE, TEXT_INDEX)) if _size_bytes(read, TEXT) else None
    return Reading(
        file.derivative("text"),
        read_json(file, "text", TEXT_INDEX),
        by_machine=by_machine,
        chapters=file.derivative("chapters"),
    )


def whole_text(made: Derivative) -> list[tuple[int, int, str]] | None:
    """Return every part of every page or chapter of a text: its number, the number of the part from 0, its letters. None where it cannot
    be read whole. Reads two files of the storage whole."""
    index_bytes, size_bytes = _size_bytes(made, TEXT_INDEX), _size_bytes(made, TEXT)
    if not (0 < index_bytes <= LARGEST_INDEX_BYTES and 0 < size_bytes <= LARGEST_TEXT_BYTES):
        return []
    try:
        index = json.loads(b"".join(stores.derivatives().read_range(made.prefix, TEXT_INDEX, 0, index_bytes)))
        letters = b"".join(stores.derivatives().read_range(made.prefix, TEXT, 0, size_bytes))
        reading = Reading(made, index)
        return [
            (passage.number, part, str(json.loads(b'"' + letters[start : start + length] + b'"', strict=False)))
            for passage in reading.passages
            for part, (start, length) in enumerate(passage.parts)
        ]
    except (KeyMissing, StorageUnavailable, ValueError) as error:
        logger.warning("the text of %s: %s: %s", made, type(error).__name__, error)
        return None


def _entries(content: object) -> list[Entry]:
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []


def _number(entry: Entry) -> int:
    return int(str(entry.get("number", 0)))
