"""What goes into the index and what a part of it can be asked. Pure values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

# Facets whose values may be several for one item, and what is filtered by without being counted for everybody.
FACETS = ("kind", "people", "subject", "collection", "place", "language", "decade", "community")


class Field(IntEnum):
    """Where words of an item stand. `ALL` holds the titles too; positions of one value never touch those of the next."""

    TITLE = 0
    ALL = 1


@dataclass(frozen=True)
class FileText:
    """The words of one file, found only by who satisfies `rule`: folded, passages parted by a line break."""

    key: int
    rule: int
    folded: str


@dataclass(frozen=True)
class Document:
    """The public projection of one item. `published` in microseconds since 1970, -1 where never; `first` and `last` in proleptic days
    (date.toordinal), None where open or unknown. Titles and texts are canonical text as written; titles are not repeated in texts."""

    key: int
    rule: int
    published: int
    title_key: str
    titles: Sequence[str]
    texts: Sequence[str]
    first: int | None = None
    last: int | None = None
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[FileText] = ()


class Part(Protocol):
    """One part of an index, or several as one. Numbers of documents and positions are its own; every bitmap is the caller's to change."""

    size: int  # numbers run from 0 to size - 1, dead ones among them

    def words(self, field: Field, folded: str) -> BitMap:
        """Return the documents that hold this folded word."""

    def exact(self, word: str) -> BitMap:
        """Return the documents that hold this word as written: canonical, case folded, marks kept."""

    def positions(self, field: Field, folded: str) -> BitMap:
        """Return where this folded word stands: positions that run through all documents, with a gap after each value."""

    def documents_at(self, field: Field, positions: BitMap) -> BitMap:
        """Return the documents that these positions lie in."""

    def in_files(self, folded: str, rules: frozenset[int]) -> BitMap:
        """Return the documents one of whose files that satisfies one of these rules holds this folded word."""

    def under(self, rules: frozenset[int]) -> BitMap:
        """Return the living documents under one of these rules."""

    def valued(self, facet: str, value: str) -> BitMap:
        """Return the documents with this value of a facet."""

    def counts(self, facet: str, documents: BitMap) -> Mapping[str, int]:
        """Return how many of the documents have each value, without zeros."""

    def starting(self, prefix: str) -> Iterator[str]:
        """Yield the folded words that begin so, in order."""

    def alike(self, loose: str) -> Sequence[str]:
        """Return the folded words that have this loose key."""

    def keys(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """Return the keys of the items of these numbers, in their order."""

    def numbers(self, keys: Sequence[int]) -> BitMap:
        """Return the numbers of the living documents of these items."""
