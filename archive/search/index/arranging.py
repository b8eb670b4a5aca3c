"""Documents in an order, any page of which costs about the same. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from archive.search.index.bitmaps import array_of
from archive.search.index.shapes import SortKey
from archive.search.index.storing import Array, Strings

SHARE_SORTED = 24  # sorting beats going through the whole order where fewer than a 24th of all documents are asked for


class Newest:
    """Documents from the highest number down: numbers run from oldest to newest."""

    def __init__(self, documents: BitMap, keys: Array, published: Array) -> None:
        self._documents, self._keys, self._published = documents, keys, published

    def __len__(self) -> int:
        return len(self._documents)

    def slice(self, start: int, stop: int) -> Sequence[tuple[SortKey, int]]:
        count = len(self)
        stop = min(stop, count)
        if start >= stop:
            return []
        chosen = array_of(self._documents[count - stop : count - start])[::-1].tolist()
        return [(self._key(number), number) for number in chosen]

    def before(self, key: SortKey) -> int:
        newest_first = range(len(self._keys) - 1, -1, -1)
        number = len(self._keys) - bisect_left(newest_first, key, key=self._key)
        return len(self) - (self._documents.rank(number - 1) if number else 0)

    def _key(self, number: int) -> SortKey:
        return -int(self._published[number]), -int(self._keys[number])


class Ranked(ABC):
    """Documents by their rank in an order that was written down: `order` has the documents by rank, `ranks` the rank of each."""

    def __init__(self, documents: BitMap, order: Array, ranks: Array) -> None:
        self._documents, self._order, self._all_ranks = documents, order, ranks

    def __len__(self) -> int:
        return len(self._documents)

    @cached_property
    def _ranks(self) -> Array:
        """The ranks of these documents, ascending."""
        members = array_of(self._documents)
        if len(members) * SHARE_SORTED < len(self._order):
            return np.sort(self._all_ranks.take(members))
        chosen = np.zeros(len(self._order), dtype=bool)
        chosen[members] = True
        return np.flatnonzero(chosen.take(self._order))

    def slice(self, start: int, stop: int) -> Sequence[tuple[SortKey, int]]:
        found = []
        for rank in self._ranks[start:stop].tolist():
            number = int(self._order[rank])
            found.append((self._key(rank), number))
        return found

    def before(self, key: SortKey) -> int:
        rank = bisect_left(range(len(self._order)), key, key=self._key)
        return int(np.searchsorted(self._ranks, rank))

    @abstractmethod
    def _key(self, rank: int) -> SortKey:
        """The key by which the document at this place of the order stands there."""


class ByTitle(Ranked):
    """By title, as Vietnamese dictionaries have it, then by key."""

    def __init__(self, documents: BitMap, order: Array, ranks: Array, titles: Strings, keys: Array) -> None:
        super().__init__(documents, order, ranks)
        self._titles, self._keys = titles, keys

    def _key(self, rank: int) -> SortKey:
        return self._titles[rank], int(self._keys[self._order[rank]])


class ByDate(Ranked):
    """By first day, those without one last, then by key."""

    def __init__(self, documents: BitMap, order: Array, ranks: Array, first: Array, keys: Array) -> None:
        super().__init__(documents, order, ranks)
        self._first, self._keys = first, keys

    def _key(self, rank: int) -> SortKey:
        number = self._order[rank]
        return int(self._first[number]), int(self._keys[number])
