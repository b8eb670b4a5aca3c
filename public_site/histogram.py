"""Hits by decade, as bars that are links. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from public_site.sifting import query_with

BARS_MOST = 10  # as wide as a finger each
HEIGHT = 48
WIDTH = 26  # of a bar with its gap, in the units of the picture
# "=" and "&" are written otherwise in a value: in a query string each of these stands once.
_YEARS = {"date_from": "0001", "date_to": "0002"}
FROM, UNTIL = (f"{name}={year}" for name, year in _YEARS.items())
LOWEST = 3  # so that one hit beside thousands is still seen


class Bar(NamedTuple):
    """One decade: its first year, how many hits touch it, and the bar in units of the picture."""

    first: int
    count: int  # type: ignore[assignment]  # in place of the method of tuples, which nobody calls
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Histogram:
    """The latest decades as bars, without gaps, and what is older as a list: first year and count. `addresses` is the address of the list
    of a decade, with `FROM` and `UNTIL` where the parts with its years stand."""

    bars: tuple[Bar, ...]
    older: tuple[tuple[int, int], ...]
    addresses: str

    def address(self, first: int) -> str:
        """Return the address of the list of the decade that begins with this year."""
        begin, end = between(first)
        return self.addresses.replace(FROM, begin).replace(UNTIL, end)

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
    bars = tuple([_bar(year, counts.get(year, 0), most, place) for place, year in enumerate(years)])
    older = tuple((year, counts[year]) for year in sorted(counts, reverse=True) if year < begin)
    return Histogram(bars, older, query_with(asked, **_YEARS))


def between(first: int) -> tuple[str, str]:
    """Return what stands for `FROM` and `UNTIL` in the address of the decade that begins with this year."""
    return f"date_from={first:04d}", f"date_to={first + 9:04d}"


def _bar(year: int, count: int, most: int, place: int) -> Bar:
    height = max(round(HEIGHT * min(count / most, 1)), LOWEST) if count else 0
    return Bar(year, count, place * WIDTH, HEIGHT - height, height)
