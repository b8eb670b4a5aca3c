"""The part of the index that changes: documents in memory, by the same questions as the base on disk. Pure.

Not for several threads at once while something is added or removed: whoever follows the log holds a lock.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from archive.search.folding import exact_words, fold, loose
from archive.search.index.bitmaps import array_of, bitmap_of, together, union
from archive.search.index.ordering import most_first
from archive.search.index.shapes import (
    TITLE_BEGIN,
    TITLE_END,
    Arranged,
    Document,
    Field,
    FileText,
    Order,
    SortKey,
)

_Postings = defaultdict[str, BitMap]
_NOTHING: Mapping[str, BitMap] = {}


class _Places:
    """Words of one field, with the positions at which they stand: each document from `starts` of its number on."""

    def __init__(self) -> None:
        self.holders: _Postings = defaultdict(BitMap)
        self.positions: _Postings = defaultdict(BitMap)
        self.starts = array("I")
        self.end = 0

    def begin(self) -> int:
        """Open the next document and return its number."""
        self.starts.append(self.end)
        return len(self.starts) - 1

    def put(self, words: Sequence[str]) -> None:
        """Write one value into the document that was opened last, with a gap behind it."""
        number = len(self.starts) - 1
        for position, word in enumerate(words, self.end):
            self.holders[word].add(number)
            self.positions[word].add(position)
        self.end += len(words) + 1

    def having(self, word: str) -> BitMap:
        """Return the documents with this word: the bitmap itself."""
        return self.holders[word] if word in self.holders else BitMap()

    def at(self, word: str) -> BitMap:
        """Return the positions of this word: the bitmap itself."""
        return self.positions[word] if word in self.positions else BitMap()

    def owners(self, positions: BitMap) -> BitMap:
        """Return the documents that these positions lie in."""
        if not positions:
            return BitMap()
        starts = np.array(self.starts, dtype=np.uint32)
        return bitmap_of(np.unique(np.searchsorted(starts, array_of(positions), side="right") - 1))


class _Sorted:
    """All documents of a part in one order."""

    def __init__(self, keys: Sequence[SortKey]) -> None:
        # The keys of one order are all of one type.
        self.numbers = sorted(range(len(keys)), key=lambda number: (keys[number], number))
        self.keys = [keys[number] for number in self.numbers]
        self.ranks = np.empty(len(keys), dtype=np.int64)
        self.ranks[self.numbers] = np.arange(len(keys))


class _Arranged:
    """Some documents of a part in one order."""

    def __init__(self, everything: _Sorted, documents: BitMap) -> None:
        self._all = everything
        self._ranks = np.sort(everything.ranks[array_of(documents)])

    def __len__(self) -> int:
        return len(self._ranks)

    def slice(self, start: int, stop: int) -> Sequence[tuple[SortKey, int]]:
        return [(self._all.keys[rank], self._all.numbers[rank]) for rank in self._ranks[start:stop].tolist()]

    def before(self, key: SortKey) -> int:
        # Equal keys are one item's, taken out and put in again: of those one at most is alive.
        return int(np.searchsorted(self._ranks, bisect_left(self._all.keys, key)))


class Memory:
    """Documents that can be added and removed; a document that is removed leaves its number dead."""

    def __init__(self) -> None:
        self._fields = {one: _Places() for one in Field}
        self._files = _Places()
        self._titled: _Postings = defaultdict(BitMap)
        self._exact: _Postings = defaultdict(BitMap)
        self._loose: dict[str, list[str]] = defaultdict(list)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        self._known: set[str] = set()
        self._known_loose: set[str] = set()
        self._living: dict[int, int] = {}
        self._keys = array("q")
        self._rules: dict[int, BitMap] = defaultdict(BitMap)
        self._rule_of: dict[int, int] = {}
        self._file_owner = array("I")
        self._file_rules: dict[int, BitMap] = defaultdict(BitMap)
        self._file_rule_of: dict[int, int] = {}
        self._file_numbers: dict[int, int] = {}
        self._facets: defaultdict[str, _Postings] = defaultdict(lambda: defaultdict(BitMap))
        self._values: defaultdict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
        self._first, self._last = array("q"), array("q")
        self._sort_keys: dict[Order, list[SortKey]] = {order: [] for order in Order}
        self._sorted: dict[Order, _Sorted] = {}
        self._in_order: list[str] | None = None

    @property
    def size(self) -> int:
        """Return one more than the highest number, dead documents among them."""
        return len(self._keys)

    def __len__(self) -> int:
        """Return how many documents are alive."""
        return len(self._living)

    # Changes

    def add(self, document: Document) -> None:
        """Put in a document, in place of the one of the same item."""
        self.remove(document.key)
        number = len(self._keys)
        self._keys.append(document.key)
        self._living[document.key] = number
        self._put_rule(number, document.rule)
        titles, every = (self._fields[one] for one in (Field.TITLE, Field.ALL))
        titles.begin()
        every.begin()
        for title in document.titles:
            words = fold(title).split()
            titles.put([TITLE_BEGIN, *words, TITLE_END])
            self._titled[" ".join(words)].add(number)
            self._put_value(number, words, title)
        for text in document.texts:
            self._put_value(number, fold(text).split(), text)
        for one in document.files:
            self._put_file(number, one)
        for facet, values in document.facets.items():
            self._values[facet][number] = distinct = tuple(dict.fromkeys(values))
            for value in distinct:
                self._facets[facet][value].add(number)
        self._first.append(-1 if document.first is None else document.first)
        self._last.append(-1 if document.last is None else document.last)
        for order, keys in self._sort_keys.items():
            keys.append(document.sort_key(order))
        self._sorted.clear()

    def remove(self, key: int) -> bool:
        """Take an item's document out; returns whether there was one."""
        number = self._living.pop(key, None)
        if number is None:
            return False
        self._rules[self._rule_of.pop(number)].discard(number)
        return True

    def set_rules(self, rules: Mapping[int, int]) -> None:
        """Put items under other rules, by their keys; those that are not here are passed over."""
        for key, rule in rules.items():
            number = self._living.get(key)
            if number is not None:
                self._rules[self._rule_of[number]].discard(number)
                self._put_rule(number, rule)

    def set_file_rules(self, rules: Mapping[int, int]) -> None:
        """Put files under other rules, by their keys; those that are not here are passed over."""
        for key, rule in rules.items():
            number = self._file_numbers.get(key)
            if number is not None:
                self._file_rules[self._file_rule_of[number]].discard(number)
                self._file_rule_of[number] = rule
                self._file_rules[rule].add(number)

    def _put_rule(self, number: int, rule: int) -> None:
        self._rule_of[number] = rule
        self._rules[rule].add(number)

    def _put_value(self, number: int, folded: Sequence[str], text: str) -> None:
        self._fields[Field.ALL].put(folded)
        for written, word in zip(exact_words(text), folded, strict=True):
            if written not in self._exact:
                self._spellings[word].append(written)
            self._exact[written].add(number)
            if word not in self._known:
                self._known.add(word)
                self._in_order = None
        self._put_loose(folded)

    def _put_loose(self, words: Sequence[str]) -> None:
        for word in words:
            if word not in self._known_loose:
                self._known_loose.add(word)
                self._loose[loose(word)].append(word)

    def _put_file(self, document: int, text: FileText) -> None:
        number = self._files.begin()
        self._file_owner.append(document)
        self._file_numbers[text.key] = number
        self._file_rule_of[number] = text.rule
        self._file_rules[text.rule].add(number)
        for passage in text.folded.split("\n"):
            words = passage.split()
            self._files.put(words)
            self._put_loose(words)

    # Questions

    def words(self, field: Field, folded: str) -> BitMap:
        """Return the documents that hold this folded word."""
        return self._fields[field].having(folded)

    def exact(self, word: str) -> BitMap:
        """Return the documents that hold this word as written."""
        return self._exact[word] if word in self._exact else BitMap()

    def positions(self, field: Field, folded: str) -> BitMap:
        """Return where this folded word stands."""
        return self._fields[field].at(folded)

    def documents_at(self, field: Field, positions: BitMap) -> BitMap:
        """Return the documents that these positions lie in."""
        return self._fields[field].owners(positions)

    def standing(self, field: Field, phrase: Sequence[str], among: BitMap) -> BitMap:
        """Return those of some documents in one value of which these folded words stand together."""
        if not among:
            return BitMap()
        return self._fields[field].owners(together(phrase, self._fields[field].at)) & among

    def titled(self, words: Sequence[str]) -> BitMap:
        """Return the documents one of whose titles is these folded words and nothing else."""
        return self._titled.get(" ".join(words), BitMap())

    def in_files(self, phrase: Sequence[str], rules: frozenset[int], granted: Sequence[int] = ()) -> BitMap:
        """Return the documents one of whose files, under one of these rules or with one of these keys, has these words together."""
        is_word = len(phrase) == 1
        files = self._files.having(phrase[0]) if is_word else self._files.owners(together(phrase, self._files.at))
        if not files:
            return BitMap()
        opened = BitMap([self._file_numbers[key] for key in granted if key in self._file_numbers])
        files = files & union([opened, *(self._file_rules[rule] for rule in rules if rule in self._file_rules)])
        owners = np.array(self._file_owner, dtype=np.uint32)
        return bitmap_of(np.unique(owners[array_of(files)]))

    def under(self, rules: frozenset[int]) -> BitMap:
        """Return the living documents under one of these rules."""
        return union([self._rules[rule] for rule in rules if rule in self._rules])

    def valued(self, facet: str, value: str) -> BitMap:
        """Return the documents with this value of a facet."""
        held = self._facets.get(facet, _NOTHING).get(value)
        return BitMap() if held is None else held

    def dated(self, start: int | None, end: int | None) -> BitMap:
        """Return the documents whose dates touch these days."""
        first, last = np.array(self._first, dtype=np.int64), np.array(self._last, dtype=np.int64)
        fits = (first >= 0) | (last >= 0)
        if start is not None:
            fits &= (last >= start) | (last < 0)
        if end is not None:
            fits &= first <= end  # -1, unknown, is before every day
        return bitmap_of(np.flatnonzero(fits))

    def counts(self, facets: Iterable[str], documents: BitMap) -> dict[str, Mapping[str, int]]:
        """Return for each of these facets how many of the documents have each value, without zeros, the most frequent first."""
        return {facet: most_first(self._counted(facet, documents)) for facet in facets}

    def _counted(self, facet: str, documents: BitMap) -> Mapping[str, int]:
        held = self._facets.get(facet, _NOTHING)
        if len(documents) > len(held):
            met = ((value, one.intersection_cardinality(documents)) for value, one in held.items())
            return {value: count for value, count in met if count}
        values = self._values[facet]
        return Counter(chain.from_iterable(values[number] for number in documents if number in values))

    def bounds(self, prefix: str) -> Mapping[str, int]:
        """Return the folded words that begin so, each with the number of documents that hold it, dead ones too."""
        every = self._fields[Field.ALL].holders
        return {word: len(every[word]) for word in self.starting(prefix)}

    def starting(self, prefix: str) -> Iterator[str]:
        """Yield the folded words that begin so, in order."""
        if self._in_order is None:
            self._in_order = sorted(self._known)
        words = self._in_order
        for number in range(bisect_left(words, prefix), len(words)):
            if not words[number].startswith(prefix):
                return
            yield words[number]

    def alike(self, loose: str) -> Sequence[str]:
        """Return the folded words that have this loose key."""
        return sorted(self._loose.get(loose, ()))

    def spellings(self, folded: str) -> Sequence[str]:
        """Return the words as written that fold to this word, in order."""
        return sorted(self._spellings.get(folded, ()))

    def keys(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """Return the keys of the items of these numbers, in their order."""
        return np.array([self._keys[number] for number in documents], dtype=np.int64)

    def numbers(self, keys: Sequence[int]) -> BitMap:
        """Return the numbers of the living documents of these items."""
        return BitMap([self._living[key] for key in keys if key in self._living])

    def arranged(self, documents: BitMap, order: Order) -> Arranged:
        """Return these documents in an order."""
        if order not in self._sorted:
            self._sorted[order] = _Sorted(self._sort_keys[order])
        return _Arranged(self._sorted[order], documents)
