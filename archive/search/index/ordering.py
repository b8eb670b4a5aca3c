"""Pages of hits, as deep as one likes: documents of two parts in one order, classes one after the other. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from heapq import merge

from archive.search.index.shapes import Arranged, SortKey


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the same counts, the most frequent value first, equals in the order of values."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


class Merged:
    """Some documents of two parts in one order. The numbers of the second part stand `offset` higher. What is asked of the first is
    little: a place for each step of a search by halves among those of the second, which ought to be the smaller one."""

    def __init__(self, first: Arranged, second: Arranged, offset: int) -> None:
        self._first = first
        self._second = second
        self._offset = offset

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def slice(self, start: int, stop: int) -> Sequence[tuple[SortKey, int]]:
        stop = min(stop, len(self))
        if start >= stop:
            return []
        # How many of the second part are among the first `start` of both.
        lowest = max(0, start - len(self._first))
        highest = min(start, len(self._second))
        behind = bisect_left(range(lowest, highest), start, key=self._place) + lowest
        ours = self._first.slice(start - behind, stop - behind)
        theirs = [(key, number + self._offset) for key, number in self._second.slice(behind, behind + stop - start)]
        both: Iterable[tuple[SortKey, int]] = merge(ours, theirs)
        return list(both)[: stop - start]

    def before(self, key: SortKey) -> int:
        return self._first.before(key) + self._second.before(key)

    def _place(self, number: int) -> int:
        """Return where one of the second part stands among both."""
        ((key, _number),) = self._second.slice(number, number + 1)
        return number + self._first.before(key)


def page(arrangements: Iterable[Arranged], start: int, stop: int) -> Sequence[tuple[int, int]]:
    """Return the hits from `start` up to before `stop`, each as which of the arrangements it is of and its number. No more arrangements
    are made than that takes."""
    hits: list[tuple[int, int]] = []
    passed = 0
    if start >= stop:
        return hits
    for which, arranged in enumerate(arrangements):
        from_, to = max(start - passed, 0), stop - passed
        if from_ < len(arranged):
            hits += [(which, number) for _key, number in arranged.slice(from_, to)]
        passed += len(arranged)
        if passed >= stop:
            break
    return hits
