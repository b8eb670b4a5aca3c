"""The base and what changed since, as one. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from archive.search.index.base import Base
from archive.search.index.memory import Memory
from archive.search.index.ordering import Merged, most_first
from archive.search.index.shapes import Arranged, Document, Field, Order


class Joined:
    """A Part whose numbers and positions are the base's, followed by those of the memory.

    An item that is in memory is not living in the base. Not for several threads at once while something changes.
    """

    def __init__(self, base: Base, memory: Memory) -> None:
        self.base, self.memory = base, memory

    # What changes.

    def add(self, document: Document) -> None:
        """Put in a document, in place of the one of the same item in either."""
        self.base.remove([document.key])
        self.memory.add(document)

    def remove(self, keys: Sequence[int]) -> None:
        """Take items out of both."""
        self.base.remove(keys)
        for key in keys:
            self.memory.remove(key)

    def set_rules(self, rules: Mapping[int, int]) -> None:
        """Put items under other rules, by their keys, from the next question on. Unknown keys are passed over."""
        self.base.set_rules(rules)
        self.memory.set_rules(rules)

    def set_file_rules(self, rules: Mapping[int, int]) -> None:
        """The same, of files by their keys."""
        self.base.set_file_rules(rules)
        self.memory.set_file_rules(rules)

    # The Part.

    @property
    def size(self) -> int:
        return self.base.size + self.memory.size

    def words(self, field: Field, folded: str) -> BitMap:
        return self._both(self.base.words(field, folded), self.memory.words(field, folded))

    def exact(self, word: str) -> BitMap:
        return self._both(self.base.exact(word), self.memory.exact(word))

    def positions(self, field: Field, folded: str) -> BitMap:
        base, memory = self.base.positions(field, folded), self.memory.positions(field, folded)
        return base | memory.shift(self.base.positions_end) if memory else base

    def documents_at(self, field: Field, positions: BitMap) -> BitMap:
        end = self.base.positions_end
        if not positions or positions.max() < end:
            return self.base.documents_at(field, positions)
        memory = positions.shift(-end)
        return self._both(
            self.base.documents_at(field, _below(positions, end)), self.memory.documents_at(field, memory)
        )

    def standing(self, field: Field, phrase: Sequence[str], among: BitMap) -> BitMap:
        base, memory = self._parted(among)
        return self._both(self.base.standing(field, phrase, base), self.memory.standing(field, phrase, memory))

    def titled(self, words: Sequence[str]) -> BitMap:
        return self._both(self.base.titled(words), self.memory.titled(words))

    def in_files(self, phrase: Sequence[str], rules: frozenset[int], granted: Sequence[int] = ()) -> BitMap:
        return self._both(self.base.in_files(phrase, rules, granted), self.memory.in_files(phrase, rules, granted))

    def under(self, rules: frozenset[int]) -> BitMap:
        return self._both(self.base.under(rules), self.memory.under(rules))

    def valued(self, facet: str, value: str) -> BitMap:
        return self._both(self.base.valued(facet, value), self.memory.valued(facet, value))

    def dated(self, start: int | None, end: int | None) -> BitMap:
        return self._both(self.base.dated(start, end), self.memory.dated(start, end))

    def counts(self, facets: Iterable[str], documents: BitMap) -> dict[str, Mapping[str, int]]:
        names = list(facets)
        base, memory = self._parted(documents)
        found = self.base.counts(names, base)
        return _added(found, self.memory.counts(names, memory)) if memory else found

    def bounds(self, prefix: str) -> Mapping[str, int]:
        found = dict(self.base.bounds(prefix))
        for word, bound in self.memory.bounds(prefix).items():
            found[word] = found.get(word, 0) + bound
        return found

    def starting(self, prefix: str) -> Iterator[str]:
        both = heapq.merge(self.base.starting(prefix), self.memory.starting(prefix))
        return (word for word, _times in groupby(both))

    def alike(self, loose: str) -> Sequence[str]:
        return sorted({*self.base.alike(loose), *self.memory.alike(loose)})

    def spellings(self, folded: str) -> Sequence[str]:
        return sorted({*self.base.spellings(folded), *self.memory.spellings(folded)})

    def keys(self, documents: Sequence[int]) -> NDArray[np.int64]:
        wanted = np.asarray(documents, dtype=np.int64)
        in_base = wanted < self.base.size
        found = np.empty(len(wanted), dtype=np.int64)
        found[in_base] = self.base.keys(wanted[in_base].tolist())
        found[~in_base] = self.memory.keys((wanted[~in_base] - self.base.size).tolist())
        return found

    def numbers(self, keys: Sequence[int]) -> BitMap:
        return self._both(self.base.numbers(keys), self.memory.numbers(keys))

    def arranged(self, documents: BitMap, order: Order) -> Arranged:
        base, memory = self._parted(documents)
        of_base = self.base.arranged(base, order)
        return Merged(of_base, self.memory.arranged(memory, order), self.base.size) if memory else of_base

    def _both(self, base: BitMap, memory: BitMap) -> BitMap:
        return base | memory.shift(self.base.size) if memory else base

    def _parted(self, documents: BitMap) -> tuple[BitMap, BitMap]:
        if not documents or documents.max() < self.base.size:
            return documents, BitMap()
        return _below(documents, self.base.size), documents.shift(-self.base.size)


def _added(
    some: Mapping[str, Mapping[str, int]], others: Mapping[str, Mapping[str, int]]
) -> dict[str, Mapping[str, int]]:
    """Return the counts of both, value by value."""
    found: dict[str, Mapping[str, int]] = {}
    for name, counts in some.items():
        both = dict(counts)
        for value, count in others[name].items():
            both[value] = both.get(value, 0) + count
        found[name] = most_first(both)
    return found


def _below(members: BitMap, end: int) -> BitMap:
    """Return the members below a number."""
    found = members.copy()
    found.remove_range(end, 1 << 32)
    return found
