"""Items by when they are from, as rows of a time line: decades, and before those centuries. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.ways import Dated

DECADES_MOST = 12
WIDTH = 100  # of a full bar
Row = tuple[int, int, Counter[str]]  # first and last year, and the count of each kind


@dataclass(frozen=True)
class Span:
    """Some years with what is from them: exactly what a list from the first until the last year holds. `kinds`: the count of each kind, the
    most frequent first; `width` of its bar, of `WIDTH`."""

    first: int
    last: int
    count: int
    kinds: tuple[tuple[str, int], ...]
    width: str

    @property
    def query(self) -> str:
        """The end of the address of that list."""
        return f"date_from={self.first:04d}&date_to={self.last:04d}"


def spans_of(dated: Sequence[Dated]) -> list[Span]:
    """The rows, newest first, from the last year that is known to the first one; years of which there is nothing between others are kept,
    as one row. A date that is open on one side reaches every year there, as in lists."""
    known = [year for one in dated for year in (one.first, one.last) if year is not None]
    if not known:
        return []
    rows = [(begin, end, _within(dated, begin, end)) for begin, end in _years(min(known), max(known))]
    while rows and not rows[-1][2]:
        rows.pop()
    most = max(sum(kinds.values()) for _begin, _end, kinds in rows)
    return [_span(begin, end, kinds, most) for begin, end, kinds in _joined(rows)]


def _joined(rows: Iterable[Row]) -> list[Row]:
    """The rows, those of which there is nothing as one where they follow each other."""
    joined: list[Row] = []
    for begin, end, kinds in rows:
        if joined and not kinds and not joined[-1][2]:
            joined[-1] = (begin, joined[-1][1], kinds)
        else:
            joined.append((begin, end, kinds))
    return joined


def _years(first: int, last: int) -> Iterable[tuple[int, int]]:
    begin = last // 10 * 10
    for _number in range(DECADES_MOST):
        yield begin, begin + 9
        begin -= 10
        if begin + 9 < first:
            return
    # What is left of a century that the decades cut, then whole ones.
    end = begin + 9
    while end >= first:
        century = end // 100 * 100
        yield max(century, 1), end
        end = century - 1


def _within(dated: Iterable[Dated], begin: int, end: int) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for one in dated:
        if (one.first is None or one.first <= end) and (one.last is None or one.last >= begin):
            kinds[one.kind] += one.count
    return kinds


def _span(begin: int, end: int, kinds: Counter[str], most: int) -> Span:
    count = sum(kinds.values())
    ranked = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    width = max(WIDTH * count / most, 1.0) if count else 0.0
    return Span(begin, end, count, tuple(ranked), f"{width:.1f}")
