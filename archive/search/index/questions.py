"""What is asked of the index: the words as typed, the filters, and what the viewer may see. Pure.

The language of queries is words, all of which are to be found, and "words in quotes", which are to stand together. Nothing else means
anything: a query cannot be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from archive.languages import canonical
from archive.search.folding import exact_words, fold, has_marks

QUERY_LENGTH_MOST = 200
WORDS_MOST = 12
_QUOTE = re.compile('["“”„‟«»]')


@dataclass(frozen=True)
class Unit:
    """A word, or words in quotes, with marks and folded: as many of both."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True)
class Sight:
    """What a viewer may see: the rules that he satisfies, and the keys of items and of files that are open to him beside them."""

    rules: frozenset[int]
    granted: tuple[int, ...] = ()
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class Question:
    """A query and its filters. `is_blank`: nothing was typed, so everything is found; typed signs without a word find nothing.
    `values` are those of facets; days are ordinals, both included."""

    units: tuple[Unit, ...] = ()
    is_blank: bool = True
    is_marked: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    date_from: int | None = None
    date_to: int | None = None

    @property
    def folded(self) -> tuple[str, ...]:
        """Return all folded words in the order in which they were typed."""
        return tuple(word for unit in self.units for word in unit.folded)

    @property
    def key(self) -> Hashable:
        """Return what another question has that asks the same, and no other."""
        values = tuple(sorted(self.values.items()))
        units = tuple((unit.exact, unit.folded, unit.quoted) for unit in self.units)
        return units, self.is_blank, self.is_marked, values, self.date_from, self.date_to

    def without_filter(self, name: str) -> Question:
        """Return the same without one of the filters: a facet, `date_from` or `date_to`."""
        if name in ("date_from", "date_to"):
            return replace(self, date_from=None) if name == "date_from" else replace(self, date_to=None)
        return replace(self, values={facet: value for facet, value in self.values.items() if facet != name})

    def filters(self) -> tuple[str, ...]:
        """Return the names of the filters that are on."""
        days = (("date_from", self.date_from), ("date_to", self.date_to))
        return (*self.values, *(name for name, day in days if day is not None))


def read(
    text: str, values: Mapping[str, str] | None = None, *, date_from: int | None = None, date_to: int | None = None
) -> Question:
    """Return the question that somebody typed, cut to QUERY_LENGTH_MOST letters and WORDS_MOST words. Empty values filter nothing; a quote
    that is not closed is none."""
    text = canonical(text)[:QUERY_LENGTH_MOST]
    return Question(
        units=tuple(_units(text)),
        is_blank=not text.strip(),
        is_marked=has_marks(text),
        values={facet: value for facet, value in (values or {}).items() if value},
        date_from=date_from,
        date_to=date_to,
    )


def _units(text: str) -> Iterator[Unit]:
    left = WORDS_MOST
    pieces = _QUOTE.split(text)
    for number, piece in enumerate(pieces):
        exact, folded = exact_words(piece)[:left], fold(piece).split()[:left]
        left -= len(folded)
        is_closed = number % 2 == 1 and number < len(pieces) - 1
        if is_closed and len(folded) > 1:
            yield Unit(tuple(exact), tuple(folded), quoted=True)
        else:
            for pair in zip(exact, folded, strict=True):
                yield Unit((pair[0],), (pair[1],), quoted=is_closed)
