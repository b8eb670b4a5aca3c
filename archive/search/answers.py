"""What a search answers. Pure values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from archive.search.passages import Moment

Spot = tuple[float, float]  # latitude and longitude (WGS 84, degrees)


class Sort(StrEnum):
    """How hits are ordered. Every order ends with the primary key."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"
    DATE = "date"


class FacetValue(NamedTuple):
    """One value of a facet: what to filter by, what it is called, how many hits carry it."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # in place of the method of tuples, which nobody calls


class Told(NamedTuple):
    """What a value of a facet is called in one language; of a place also its spot on a map, if it is one. In order they stand as between
    equals: by address part, then by key."""

    value: str
    key: int
    label: str
    spot: Spot | None = None


@dataclass(frozen=True)
class Facet:
    """One facet of the hits: what is told of its values, and how many hits carry each, those with most first. What is told is shared by all
    who ask, so that of the hundreds of values of a page nothing is made anew."""

    name: str
    told: Sequence[Told] = ()
    counts: Sequence[int] = ()

    @property
    def values(self) -> tuple[FacetValue, ...]:
        """Return the values one by one."""
        return tuple(FacetValue(one.value, one.label, count) for one, count in zip(self.told, self.counts, strict=True))


class PlaceCount(NamedTuple):
    """How many hits lie in a place, no wider than a commune, that may be shown as it is: WGS 84, degrees."""

    slug: str
    label: str
    count: int  # type: ignore[assignment]  # in place of the method of tuples, which nobody calls
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Heading:
    """A people, place, subject or collection that a suggestion leads to: `facet` is the filter that `slug` belongs to."""

    facet: str
    slug: str
    label: str


@dataclass(frozen=True)
class Suggestions:
    """What may be meant by what has been typed so far: whole queries, titles by pid, headings. Nothing hidden is among them."""

    words: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    headings: tuple[Heading, ...] = ()


class SearchPreparing(Exception):
    """The index is being built: ask again in `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int = 30) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Results:
    """A page of hits, in order, with exact facets and total for this viewer. `hits`: what the caller reads of them, else bare items."""

    hits: Sequence[Any]  # Any: as the caller reads them
    facets: tuple[Facet, ...]
    total: int
    next_cursor: str
    previous_cursor: str = ""
    # Where in recordings the words are said, by the keys of hits.
    moments: Mapping[int, Moment] = field(default_factory=dict)
    # Keys of hits that fit only nearly.
    approximate: frozenset[int] = frozenset()
    # Folded words that may be marked in what is shown of the hits; the others in those that fit only nearly.
    words: frozenset[str] = frozenset()
    near_words: frozenset[str] = frozenset()
    # Another spelling of the query that has hits.
    did_you_mean: str = ""
    # Of an answer without hits: how many each word has alone, and how many there are without each filter.
    alone: tuple[tuple[str, int], ...] = ()
    without: tuple[tuple[str, int], ...] = ()
    # Hits by the first year of each decade that their dates touch.
    decades: tuple[tuple[int, int], ...] = ()
    # Places that are spots on a map.
    on_map: Facet = Facet("place")
    # Whether some of what was changed was not read yet: asked again it may be another answer, though nothing is written meanwhile.
    is_behind: bool = False

    @property
    def places(self) -> tuple[PlaceCount, ...]:
        """Return the spots on a map with most hits."""
        pairs = zip(self.on_map.told, self.on_map.counts, strict=True)
        return tuple(PlaceCount(one.value, one.label, count, *one.spot) for one, count in pairs if one.spot is not None)

    def words_in(self, key: int) -> frozenset[str]:
        """Return the folded words that may be marked in this hit."""
        return self.words | self.near_words if key in self.approximate else self.words
