"""The table of contents that a document or a book brings with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DEEPEST_LEVEL = 3


@dataclass(frozen=True)
class Entry:
    """One line of a table of contents: the page or chapter it leads to (0: none of its own), and how deep it lies, from 0."""

    label: str
    number: int
    level: int


def contents_of(outline: object, readable: frozenset[int], level: int = 0) -> Iterator[Entry]:
    """Yield the lines of a toc.json, in order; a line leads nowhere when its page or chapter cannot be read."""
    for entry in _lines(outline):
        number = int(str(entry.get("passage", 0)))
        yield Entry(str(entry.get("label") or ""), number if number in readable else 0, min(level, DEEPEST_LEVEL))
        yield from contents_of(entry.get("children"), readable, level + 1)


def _lines(content: object) -> list[Mapping[str, object]]:
    """Return the lines of a toc.json; an empty list for anything that is not one."""
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []
