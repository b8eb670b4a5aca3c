"""Hits by decade, as bars that are links. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from public_site.sifting import query_with

BARS_MOST = 10  # as wide as a finger each
HEIGHT = 48
WIDTH = 26  # of a bar with its gap, in the units of the picture
LOWEST = 3  # so that one hit beside thousands is still seen


class Bar(NamedTuple):
    """One decade: its years, how many hits touch it, the address of the list of those, and the bar in units of the picture."""

    first: int
    last: int
    count: int  # type: ignore[assignment]  # in place of the method of tuples, which nobody calls
    address: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Histogram:
    """The latest decades as bars, without gaps, and what is older as a list."""

    bars: tuple[Bar, ...]
    older: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """Of the picture."""
        return WIDTH * BARS_MOST  # however few there are: a bar is as wide on every page


def histogram_of(decades: Sequence[tuple[int, int]], asked: Mapping[str, str]) -> Histogram | None:
    """The histogram of (first year, count); None where there is nothing to choose between."""
    counts = {first: count for first, count in decades if count > 0}
    if len(counts) < 2:
        return None
    last = max(counts)
    begin = max(min(counts), last - 10 * (BARS_MOST - 1))
    years = range(begin, last + 1, 10)
    most = max(counts.get(year, 0) for year in years)
    # What "=" and "&" stand for in a value is written otherwise: these two stand there once.
    some = query_with(asked, date_from="0001", date_to="0002")
    bars = [_bar(year, counts.get(year, 0), most, place, some) for place, year in enumerate(years)]
    older = [_bar(year, counts[year], most, 0, some) for year in sorted(counts, reverse=True) if year < begin]
    return Histogram(tuple(bars), tuple(older))


def _bar(year: int, count: int, most: int, place: int, some: str) -> Bar:
    height = max(round(HEIGHT * min(count / most, 1)), LOWEST) if count else 0
    address = some.replace("date_from=0001", f"date_from={year:04d}").replace("date_to=0002", f"date_to={year + 9:04d}")
    return Bar(year, year + 9, count, address, place * WIDTH, HEIGHT - height, height)
