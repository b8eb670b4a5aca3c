"""What goes into the index and what a part of it can be asked. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

# Facets whose values may be several for one item, and what is filtered by without being counted for everybody.
FACETS = ("kind", "people", "subject", "collection", "place", "language", "decade", "community")

# Every title stands between these two in the positions of `Field.TITLE`, so that what a title begins or ends with is a phrase like others:
# BEGIN at its first position, its words, END. They are no words: `words`, `bounds` and `alike` never tell of them, and folding makes none.
TITLE_BEGIN = "\x02"
TITLE_END = "\x03"

# A place in an order, ascending; its last number makes it unique. See `Order`.
SortKey = tuple[int, int] | tuple[str, int]
NO_DATE = 2**31 - 1  # after all days


class Field(IntEnum):
    """Where words of an item stand. `ALL` holds the titles too; positions of one value never touch those of the next."""

    TITLE = 0
    ALL = 1


class Order(StrEnum):
    """An order of documents that does not depend on a query, with the keys that it ascends by."""

    NEWEST = "newest"  # (-published, -key): never published last
    TITLE = "title"  # (title_key, key)
    DATE = "date"  # (first, key), NO_DATE where there is none


@dataclass(frozen=True)
class FileText:
    """The words of one file, found only by who satisfies `rule`: folded, passages parted by a line break."""

    key: int
    rule: int
    folded: str


@dataclass(frozen=True)
class Document:
    """The public projection of one item. `published` in microseconds since 1970, -1 where never; `first` and `last` in proleptic days
    (date.toordinal), None where open or unknown. Titles and texts are canonical text as written; titles are not repeated in texts.

    Folded words are `fold(text).split()`, exact ones `exact_words(text)`: as many, in the same places (archive.search.folding).
    """

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

    def sort_key(self, order: Order) -> SortKey:
        """Return the place of this document in an order."""
        if order is Order.TITLE:
            return self.title_key, self.key
        if order is Order.DATE:
            return NO_DATE if self.first is None else self.first, self.key
        return -self.published, -self.key


class Arranged(Protocol):
    """Some documents in an order."""

    def __len__(self) -> int:
        """Return how many they are."""

    def slice(self, start: int, stop: int) -> Sequence[tuple[SortKey, int]]:
        """Return the keys and numbers of the documents from `start` up to before `stop`; fewer where there are no more."""

    def before(self, key: SortKey) -> int:
        """Return how many of them stand before this place, which need not be one of theirs."""


class Part(Protocol):
    """One part of an index, or several as one. Numbers of documents and positions are its own.

    Bitmaps of `words`, `exact`, `positions` and `valued` may be those that the part itself keeps: nobody changes them (copying the
    positions of a common word takes longer than asking about them). All others are the caller's to change.

    Documents that were removed since may be among the answers except where it says living: the caller meets them with `under`.
    """

    @property
    def size(self) -> int:
        """Return one more than the highest number, dead documents among them."""

    def words(self, field: Field, folded: str) -> BitMap:
        """Return the documents that hold this folded word."""

    def exact(self, word: str) -> BitMap:
        """Return the documents that hold this word as written, in `Field.ALL`: canonical, case folded, marks kept."""

    def positions(self, field: Field, folded: str) -> BitMap:
        """Return where this folded word stands: positions that run through all documents, with a gap after each value."""

    def documents_at(self, field: Field, positions: BitMap) -> BitMap:
        """Return the documents that these positions lie in."""

    def standing(self, field: Field, phrase: Sequence[str], among: BitMap) -> BitMap:
        """Return those of some documents in one value of which these folded words stand together: TITLE_BEGIN and TITLE_END may be among
        them. The fewer the documents, the quicker."""

    def titled(self, words: Sequence[str]) -> BitMap:
        """Return the documents one of whose titles is these folded words and nothing else; perhaps, among millions, another one whose title
        has the same digest: the caller meets them with those that hold each of the words."""

    def in_files(self, phrase: Sequence[str], rules: frozenset[int], granted: Sequence[int] = ()) -> BitMap:
        """Return the documents one of whose files, under one of these rules or with one of these keys, has these folded words together in
        one passage; a single word anywhere."""

    def under(self, rules: frozenset[int]) -> BitMap:
        """Return the living documents under one of these rules."""

    def valued(self, facet: str, value: str) -> BitMap:
        """Return the documents with this value of a facet."""

    def dated(self, start: int | None, end: int | None) -> BitMap:
        """Return the documents whose dates touch these days, both included, None for open: `last` is not before `start`, or unknown with a
        known `first`; and `first` not after `end`, or unknown with a known `last`. With two None, all that have a date."""

    def counts(self, facets: Iterable[str], documents: BitMap) -> dict[str, Mapping[str, int]]:
        """Return for each of these facets how many of the documents have each value, without zeros, the most frequent first."""

    def bounds(self, prefix: str) -> Mapping[str, int]:
        """Return the folded words of `Field.ALL` that begin so, each with a number that is no less than that of the documents holding it.
        For pruning only: nobody may see these numbers, nor may an answer depend on them."""

    def starting(self, prefix: str) -> Iterator[str]:
        """Yield the folded words of `Field.ALL` that begin so, in order."""

    def alike(self, loose: str) -> Sequence[str]:
        """Return the folded words of `Field.ALL` and of files that have this key (folding.loose of the folded word), in order."""

    def spellings(self, folded: str) -> Sequence[str]:
        """Return the words as written (those of `exact`) that fold to this word, in order: suggestions are shown with their marks."""

    def keys(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """Return the keys of the items of these numbers, in their order."""

    def numbers(self, keys: Sequence[int]) -> BitMap:
        """Return the numbers of the living documents of these items."""

    def arranged(self, documents: BitMap, order: Order) -> Arranged:
        """Return these documents in an order; the bitmap is not changed afterwards by either side."""
