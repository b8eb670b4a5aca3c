"""The base: an index on the disk, mapped into memory, with what was said since about rules and removals. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from archive.search.index import storing
from archive.search.index.arranging import ByDate, ByTitle, Newest
from archive.search.index.bitmaps import array_of, bitmap_of, together
from archive.search.index.columns import LONG_AGO, title_digest
from archive.search.index.counting import Facets
from archive.search.index.remembering import Remembered
from archive.search.index.ruling import Rules
from archive.search.index.runs import SLOT, SLOT_BITS
from archive.search.index.shapes import FACETS, NO_DATE, Arranged, Field, Order
from archive.search.index.storing import Array, BrokenIndex, Reader, Sets

REMEMBERED_BYTES = 64_000_000
FEW = 200  # documents: where words stand together in so few is looked for in them alone
_WORDS = {Field.TITLE: "title", Field.ALL: "all"}
_PLACES = {Field.TITLE: "title_at", Field.ALL: "all_at"}


class Base:
    """A Part of documents that do not change; only their rules may, and they may be removed. Threads may share it.

    Raises BrokenIndex where the folder is no whole index of this format.
    """

    def __init__(self, folder: Path, *, remembered_bytes: int = REMEMBERED_BYTES) -> None:
        self._reader = reader = Reader(folder)
        self.folder, self.meta = folder, reader.meta
        self._folded, self._exact_words = reader.strings("folded"), reader.strings("exact")
        self._sets = {
            name: reader.sets(name)
            for name in ("title", "all", "title_at", "all_at", "in_files", "in_files_at", "exact")
        }
        self._loose, self._loose_words = reader.strings("loose"), reader.array("loose_word")
        self._loose_ends = reader.array("loose_word_ends")
        self._spellings, self._spelling_ends = reader.array("spelling"), reader.array("spelling_ends")
        self._slots, self._file_slots = reader.array("slot"), reader.array("file_slot")
        self._file_owner: Array = reader.array("file_owner")
        self._keys, self._published = reader.array("key"), reader.array("published")
        self._by_key = _Keys(reader, "key")
        self._by_file_key = _Keys(reader, "file_key")
        self._first, self._opens, self._closes = reader.array("first"), reader.array("opens"), reader.array("closes")
        self._orders = {
            name: (reader.array(f"{name}_order"), reader.array(f"{name}_rank")) for name in ("title", "date")
        }
        self._titles = reader.strings("title_key")
        self._title_digests, self._title_owners = reader.array("title_digest"), reader.array("title_owner")
        self._facets = Facets(reader, FACETS)
        self._rules, self._file_rules = Rules(reader, "rule"), Rules(reader, "file_rule")
        self._remembered = Remembered(remembered_bytes)

    @property
    def size(self) -> int:
        return self.meta.documents

    @property
    def positions_end(self) -> int:
        """Return one more than the highest position."""
        return self.meta.positions

    @property
    def position(self) -> Mapping[str, Any]:  # Any: JSON of the caller's
        """Return where in the log of changes these documents stand, as the builder was told."""
        return self.meta.position

    @property
    def removed(self) -> int:
        """Return how many documents have been removed or replaced since it was built."""
        return len(self._rules.dead)

    def verify(self) -> None:
        """Read every byte. Raises BrokenIndex where it is not what was written."""
        self._reader.verify()

    # What was said since.

    def set_rules(self, rules: Mapping[int, int]) -> None:
        """Put items under other rules, by their keys, from the next question on. Keys that are not here are passed over."""
        self._rules.say(*self._by_key.paired(rules))

    def set_file_rules(self, rules: Mapping[int, int]) -> None:
        """The same, of files by their keys."""
        self._file_rules.say(*self._by_file_key.paired(rules))

    def remove(self, keys: Sequence[int]) -> None:
        """Take the documents of these keys, with their files, out of every answer."""
        self._rules.bury(self._by_key.find(keys))

    # The Part.

    def words(self, field: Field, folded: str) -> BitMap:
        return self._set(_WORDS[field], folded)

    def exact(self, word: str) -> BitMap:
        return self._set("exact", word)

    def positions(self, field: Field, folded: str) -> BitMap:
        return self._set(_PLACES[field], folded)

    def documents_at(self, field: Field, positions: BitMap) -> BitMap:  # noqa: ARG002  # both fields share their positions
        return _distinct(self._slots.take(array_of(positions) >> SLOT_BITS))

    def standing(self, field: Field, phrase: Sequence[str], among: BitMap) -> BitMap:
        if not among:
            return BitMap()
        if len(among) > FEW:
            return self.documents_at(field, together(phrase, lambda word: self.positions(field, word))) & among
        places = self._positions_of(among)
        return self.documents_at(field, together(phrase, lambda word: self.positions(field, word) & places))

    def _positions_of(self, documents: BitMap) -> BitMap:
        """Return all positions that there are in these documents."""
        members = array_of(documents)
        begins, ends = (np.searchsorted(self._slots, members, side).astype(np.int64) for side in ("left", "right"))
        counts = ends - begins
        slots = np.repeat(ends - np.cumsum(counts), counts) + np.arange(int(counts.sum()))
        return bitmap_of((slots[:, np.newaxis] * SLOT + np.arange(SLOT)).ravel())

    def titled(self, words: Sequence[str]) -> BitMap:
        digest = np.uint64(title_digest(" ".join(words)))
        begin, end = (int(np.searchsorted(self._title_digests, digest, side)) for side in ("left", "right"))
        return bitmap_of(self._title_owners[begin:end])

    def in_files(self, phrase: Sequence[str], rules: frozenset[int], granted: Sequence[int] = ()) -> BitMap:
        if not phrase:
            return BitMap()
        if len(phrase) == 1:
            files = self._set("in_files", phrase[0])
        else:
            places = together(phrase, lambda word: self._set("in_files_at", word))
            files = _distinct(self._file_slots.take(array_of(places) >> SLOT_BITS))
        if not files:
            return BitMap()
        opened = self._file_rules.under(rules)
        if granted:
            opened |= self._by_file_key.find(granted)
        files = files & opened
        return _distinct(self._file_owner[array_of(files)])

    def under(self, rules: frozenset[int]) -> BitMap:
        return self._rules.under(rules)

    def valued(self, facet: str, value: str) -> BitMap:
        return self._remembered.get((facet, value), lambda: _sized(self._facets.valued(facet, value)))

    def dated(self, start: int | None, end: int | None) -> BitMap:
        def compare() -> tuple[BitMap, int]:
            closes_late = self._closes >= max(LONG_AGO + 1 if start is None else start, LONG_AGO + 1)
            opens_early = self._opens <= min(NO_DATE - 1 if end is None else end, NO_DATE - 1)
            return _sized(bitmap_of(np.flatnonzero(closes_late & opens_early)))

        return self._remembered.get(("dated", start, end), compare)

    def counts(self, facets: Iterable[str], documents: BitMap) -> dict[str, Mapping[str, int]]:
        return self._facets.counts(facets, documents)

    def bounds(self, prefix: str) -> Mapping[str, int]:
        numbers = self._folded.starting(prefix)
        counted = zip(self._folded.several(numbers), self._sets["all"].counts(numbers), strict=True)
        return {word: count for word, count in counted if count}

    def starting(self, prefix: str) -> Iterator[str]:
        return iter(self.bounds(prefix))

    def alike(self, loose: str) -> Sequence[str]:
        number = self._loose.find(loose)
        if number < 0:
            return []
        begin, end = self._loose_ends[number : number + 2].tolist()
        return [self._folded[word] for word in self._loose_words[begin:end].tolist()]

    def spellings(self, folded: str) -> Sequence[str]:
        number = self._folded.find(folded)
        if number < 0:
            return []
        begin, end = self._spelling_ends[number : number + 2].tolist()
        return [self._exact_words[word] for word in self._spellings[begin:end].tolist()]

    def keys(self, documents: Sequence[int]) -> NDArray[np.int64]:
        return np.asarray(self._keys[np.asarray(documents, dtype=np.int64)], dtype=np.int64)

    def numbers(self, keys: Sequence[int]) -> BitMap:
        return self._by_key.find(keys) - self._rules.dead

    def arranged(self, documents: BitMap, order: Order) -> Arranged:
        if order is Order.NEWEST:
            return Newest(documents, self._keys, self._published)
        if order is Order.TITLE:
            return ByTitle(documents, *self._orders["title"], self._titles, self._keys)
        return ByDate(documents, *self._orders["date"], self._first, self._keys)

    def _set(self, table: str, word: str) -> BitMap:
        number = (self._exact_words if table == "exact" else self._folded).find(word)
        sets: Sets = self._sets[table]
        if number < 0 or not (size := sets.size_bytes(number)):
            return BitMap()
        return self._remembered.get((table, number), lambda: (sets[number], size))


class _Keys:
    """Array by key."""

    def __init__(self, reader: Reader, name: str) -> None:
        self._sorted, self._order = reader.array(f"{name}_sorted"), reader.array(f"{name}_order")

    def find(self, keys: Sequence[int]) -> BitMap:
        return bitmap_of(self._order[self._places(keys)[0]])

    def paired(self, values: Mapping[int, int]) -> tuple[BitMap, NDArray[np.int64]]:
        """Return the numbers of those keys that there are, and the values that go with them in the order of numbers."""
        places, known = self._places(list(values))
        found = self._order[places]
        by_number = np.argsort(found)
        return bitmap_of(found[by_number]), np.array(list(values.values()), dtype=np.int64)[known][by_number]

    def _places(self, keys: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        wanted = np.asarray(keys, dtype=np.int64)
        places = np.searchsorted(self._sorted, wanted)
        known = places < len(self._sorted)
        known[known] = self._sorted[places[known]] == wanted[known]
        return places[known], known


def _distinct(ascending: NDArray[np.uint32]) -> BitMap:
    """Return the set of numbers that ascend and may be repeated."""
    if not len(ascending):
        return BitMap()
    first = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return bitmap_of(ascending[first])


def _sized(one: BitMap) -> tuple[BitMap, int]:
    return one, len(one.serialize())


def open_live(root: Path) -> Base | None:
    """Return the live base below this root, None where none has been built. Raises BrokenIndex where it is to be built anew."""
    while True:
        name = storing.pointed(root)
        if not name:
            return None
        try:
            return Base(root / name)
        except (BrokenIndex, OSError):
            if storing.pointed(root) == name:  # not replaced and swept while it was being opened
                raise
