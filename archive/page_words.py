"""The words of pages with their places, read page by page: of what a document says itself, and of what a machine read."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from archive.derived_contents import read_json
from archive.derived_names import WORDS, WORDS_INDEX
from archive.models import ItemFile
from archive.models.file import READ_BY_MACHINE
from media_pipeline import stores
from media_pipeline.models import Derivative
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

logger = logging.getLogger(__name__)
FULL = 10_000  # of a page's width and height
LARGEST_PAGE_BYTES = 4_000_000


@dataclass(frozen=True)
class Word:
    """One word and its boxes: left, top, width, height in ten-thousandths of the page. Two where a line end parts it."""

    text: str
    boxes: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Page:
    """The words of one page, in reading order."""

    number: int
    words: tuple[Word, ...]


def has_words(file: ItemFile) -> bool:
    """Return whether there are words with places. No query when derivatives are prefetched."""
    return any(_has_index(file, role) for role in ("words", READ_BY_MACHINE))


def pages(file: ItemFile) -> Iterator[Page]:
    """Yield the pages that have words, each read when it is asked for; of a page that has text of its own not what a machine read."""
    seen: set[int] = set()
    for made, number, start, length in _places(file):
        if number not in seen:
            seen.add(number)
            yield Page(number, _words(_read(made.prefix, start, length)))


def page(file: ItemFile, number: int) -> Page | None:
    """Return the words of one page, None where it has none. Reads one or two indexes and a range of one file."""
    for made, found, start, length in _places(file):
        if found == number:
            return Page(number, _words(_read(made.prefix, start, length)))
    return None


def _places(file: ItemFile) -> Iterator[tuple[Derivative, int, int, int]]:
    """Yield where the words of each page lie: set, number, first byte and length. First all that the document says itself."""
    for role in ("words", READ_BY_MACHINE):
        made = file.derivative(role) if _has_index(file, role) else None
        index = None if made is None else read_json(file, role, WORDS_INDEX)
        size = next((int(one["size_bytes"]) for one in made.files if one["name"] == WORDS), 0) if made else 0
        for row in index if isinstance(index, list) else []:
            place = _place(row, size)
            if made is not None and place is not None:
                yield (made, *place)


def _has_index(file: ItemFile, role: str) -> bool:
    made = file.derivative(role)
    return made is not None and {WORDS, WORDS_INDEX} <= {str(one["name"]) for one in made.files}


def _place(row: object, size: int) -> tuple[int, int, int] | None:
    """Return number, first byte and length of a page that lies within the file: what read a stranger's file wrote it."""
    number, part = (row.get("number"), row.get("part")) if isinstance(row, dict) else (None, None)
    if not isinstance(number, int) or not isinstance(part, list) or len(part) != 2:
        return None
    start, length = part
    if not isinstance(start, int) or not isinstance(length, int):
        return None
    is_within = start >= 0 and 0 < length <= LARGEST_PAGE_BYTES and start + length <= size
    return (number, start, length) if is_within and number > 0 else None


def _read(prefix: str, start: int, length: int) -> object:
    try:
        value: object = json.loads(b"".join(stores.derivatives().read_range(prefix, WORDS, start, length)))
    except (KeyMissing, StorageUnavailable, ValueError) as error:
        logger.warning("%s below %s: %s: %s", WORDS, prefix, type(error).__name__, error)
        return None
    return value


def _words(lines: object) -> tuple[Word, ...]:
    rows = [row for line in lines if isinstance(line, list) for row in line] if isinstance(lines, list) else []
    return tuple(Word(str(row[0]), _boxes(row[1:])) for row in rows if isinstance(row, list) and len(row) >= 5)


def _boxes(numbers: list[object]) -> tuple[tuple[int, int, int, int], ...]:
    whole = [one for one in numbers if isinstance(one, int)]
    return tuple((whole[at], whole[at + 1], whole[at + 2], whole[at + 3]) for at in range(0, len(whole) - 3, 4))
