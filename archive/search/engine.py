"""A plain search over the database, behind the interface that a real engine will take over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from access.viewer import Viewer
from archive import cursors
from archive.cursors import BadCursor
from archive.languages import canonical
from archive.models import Collection, Item, People, Place, Subject
from archive.querysets import NEWEST_FIRST, shown_exactly
from archive.search import passages
from archive.search.folding import compact, fold, has_marks
from archive.search.narrowing import Filters, narrow
from archive.search.passages import Moment

QUERY_LENGTH_MOST = 200
WORDS_MOST = 12
CURSOR_SALT = "archive.search.cursor"
FACETS = ("kind", "people", "subject", "collection", "place", "language")
VALUES_MOST = 50  # of one facet
_HEADINGS: Mapping[str, Any] = {
    "people": People,
    "subject": Subject,
    "collection": Collection,
}  # Any: one of three models


class Sort(StrEnum):
    """How hits are ordered. Every order ends with the primary key."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"
    DATE = "date"


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: what to filter by, what it is called, how many hits carry it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """One facet of the hits."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Results:
    """A page of hits, in order, with exact facets and total for this viewer."""

    hits: Sequence[Item]
    facets: tuple[Facet, ...]
    total: int
    next_cursor: str
    previous_cursor: str = ""
    # Where in recordings the words are said, by the keys of hits.
    moments: Mapping[int, Moment] = field(default_factory=dict)


def search(
    query: str,
    filters: Filters,
    viewer: Viewer,
    *,
    sort: Sort = Sort.RELEVANCE,
    cursor: str = "",
    page_size: int = 24,
    facets: Iterable[str] = FACETS,
) -> Results:
    """Return a page of what this viewer may see. Raises BadCursor. Two queries, one for each facet that is asked for, two for places; one
    for each word and one more for what is said in recordings.

    Counts and facets are made of visible items only; the order depends on nothing but the hit itself.
    """
    query = canonical(query)[:QUERY_LENGTH_MOST]
    words = fold(query).split()[:WORDS_MOST]
    found = _matching(viewer, query, words, filters)
    offset = _read_cursor(cursor, query, filters, sort)
    total = found.count()
    ordered = _ordered(found, query, sort)
    hits = list(ordered[offset : offset + page_size])
    after = offset + page_size
    return Results(
        hits=hits,
        facets=tuple(_facet(name, found) for name in facets),
        total=total,
        next_cursor=_cursor(after, query, filters, sort) if after < total else "",
        previous_cursor=_cursor(max(offset - page_size, 0), query, filters, sort) if offset else "",
        moments=passages.moments(viewer, hits, words),
    )


def _matching(viewer: Viewer, query: str, words: Sequence[str], filters: Filters) -> QuerySet[Item]:
    items = Item.objects.visible_to(viewer)
    if query.strip():
        if not words:
            return items.none()
        all_words = Q()
        for word in words:
            # Each word stands in the description or is said in a recording.
            all_words &= Q(search_entry__folded__contains=word) | passages.said_in(viewer, word)
        items = items.filter(all_words | Q(search_entry__compact__contains=compact(query)))
    return narrow(items, filters)


def _ordered(items: QuerySet[Item], query: str, sort: Sort) -> QuerySet[Item]:
    if sort is Sort.TITLE:
        return items.order_by("search_entry__sort_title", "pk")
    if sort is Sort.DATE:
        return items.order_by(F("date_first").asc(nulls_last=True), "pk")
    if sort is Sort.RELEVANCE and query.strip():
        exact = canonical(query).casefold()
        tiers = [
            When(search_entry__exact__contains=exact, then=Value(0 if has_marks(query) else 1)),
            When(search_entry__folded__contains=f" {fold(query)} ", then=Value(1)),
            When(search_entry__folded__contains=fold(query), then=Value(2)),
        ]
        tier = Case(*tiers, default=Value(3), output_field=IntegerField())
        return items.annotate(tier=tier).order_by("tier", *NEWEST_FIRST)
    return items.order_by(*NEWEST_FIRST)


def _facet(name: str, items: QuerySet[Item]) -> Facet:
    found = items.order_by().values("pk")
    if name == "kind":
        kinds = Item.objects.filter(pk__in=found).values("kind").annotate(count=Count("pk")).order_by("-count", "kind")
        labels = dict(Item._meta.get_field("kind").flatchoices)
        return Facet(name, tuple(FacetValue(row["kind"], str(labels[row["kind"]]), row["count"]) for row in kinds))
    if name == "place":
        rows: QuerySet[Any] = (  # Any: one of four models
            Place.objects.filter(shown_exactly("located__"), located__item__in=found)
            .annotate(count=Count("located__item", distinct=True))
            .prefetch_related("names")
        )
    elif name == "language":
        return Facet(name, _languages(items))
    else:
        rows = _HEADINGS[name].objects.filter(items__in=found).annotate(count=Count("items", distinct=True))
    best = rows.order_by("-count", "slug")[:VALUES_MOST]
    return Facet(name, tuple(FacetValue(row.slug, str(row), row.count) for row in best))


def _languages(items: QuerySet[Item]) -> tuple[FacetValue, ...]:
    # No database of ours counts within JSON as the other does: the lists of all hits are read, and counted here.
    counts = Counter(tag for tags in items.order_by().values_list("languages", flat=True) for tag in tags)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(tag, tag, count) for tag, count in ranked)


def _question(query: str, filters: Filters, sort: Sort) -> str:
    return f"{query}|{filters}|{sort}"


def _cursor(offset: int, query: str, filters: Filters, sort: Sort) -> str:
    return cursors.write([offset], question=_question(query, filters, sort), salt=CURSOR_SALT)


def _read_cursor(cursor: str, query: str, filters: Filters, sort: Sort) -> int:
    if not cursor:
        return 0
    match cursors.read(cursor, question=_question(query, filters, sort), salt=CURSOR_SALT):
        case [int(offset)] if offset >= 0:
            return offset
        case _:
            raise BadCursor
