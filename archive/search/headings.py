"""Between the values of facets and what people know them by. The index keeps the keys of headings and places, so that another name or
address of one changes no item; here they are looked up as they are now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import QuerySet

from access.models import Community
from archive.interface_languages import base_language
from archive.models import Collection as GatheredIn
from archive.models import Item, People, Place, PlaceName, Subject
from archive.search.answers import Facet, FacetValue, Heading, PlaceCount
from archive.search.called import AllCalled, Called
from archive.search.index.suggesting import Heading as Offered
from archive.search.narrowing import Filters

VALUES_MOST = 50  # of one facet
LOOKED_AT_MOST = 300
NOTHING = "0"  # the key of no row
EXACT = Place.Precision.EXACT.value
_BY_SLUG: Mapping[str, Any] = {
    "people": People,
    "subject": Subject,
    "collection": GatheredIn,
}  # Any: one of three models
R = TypeVar("R", Called, Place)


def values(filters: Filters, known: AllCalled | None = None) -> dict[str, str]:
    """Return the value that each filter asks for; of what there is not, one that nothing has. One query for each filter by a heading, but
    for those that are known already."""
    called = AllCalled() if known is None else known
    found = {name: value for name in ("kind", "language") if (value := getattr(filters, name))}
    for name in ("people", "subject", "collection", "place"):
        slug = getattr(filters, name)
        if slug:
            found[name] = str(called.key_of(name, slug) or NOTHING)
    if filters.community:
        keys = Community.objects.filter(pid=filters.community).values_list("pk", flat=True)
        found["community"] = str(keys.first() or NOTHING)
    return found


def facet(name: str, counts: Mapping[str, int], called: AllCalled) -> Facet:
    """Return the values of a facet, but of places, that most hits have, with their labels; `counts` as the index has them, most frequent
    first. One query where some were not called yet; none for kinds and languages."""
    language = base_language()
    if name not in _BY_SLUG:
        labels = dict(Item._meta.get_field("kind").flatchoices) if name == "kind" else {}
        return Facet(
            name, tuple(FacetValue(value, str(labels.get(value, value)), count) for value, count in counts.items())
        )
    ranking = _ranked(lambda keys: called.headings(name, keys), counts)
    return Facet(name, tuple(FacetValue(row.slug, row.label(language), count) for row, count in ranking))


def places(counts: Mapping[str, int], known: AllCalled | None = None) -> tuple[Facet, tuple[PlaceCount, ...]]:
    """Return the facet of places, and the spots on a map with most hits. Two queries where some were not known yet."""
    called = AllCalled() if known is None else known
    rows = _ranked(lambda keys: _shown(called, keys), counts)
    mapped = rows
    if any(called.spot(row) is None for row, _count in rows):
        mapped = _ranked(lambda keys: _spots(called, keys), counts)
    told = Facet("place", tuple(FacetValue(row.slug, called.place_name(row), count) for row, count in rows))
    spots = ((row, count, called.spot(row)) for row, count in mapped)
    return told, tuple(
        PlaceCount(row.slug, called.place_name(row), count, *spot) for row, count, spot in spots if spot is not None
    )


def named(offered: Iterable[Offered]) -> tuple[Heading, ...]:
    """Return headings that are offered as they are called and addressed now; one that is gone or hidden meanwhile is left out. One query
    for each kind of them, two for places."""
    offered = tuple(offered)
    known = {
        name: _rows(name).in_bulk([int(one.value) for one in offered if one.facet == name])
        for name in dict.fromkeys(one.facet for one in offered)
    }
    found = ((one.facet, known[one.facet].get(int(one.value))) for one in offered)
    return tuple(Heading(name, row.slug, str(row)) for name, row in found if row is not None)


def offered() -> tuple[Offered, ...]:
    """Return all headings and places with the names by which they may be told. Four queries."""
    found = [
        Offered(name, str(pk), tuple(value["value"] for values in (names, variants) for value in values))
        for name, model in _BY_SLUG.items()
        for pk, names, variants in model.objects.order_by("pk").values_list("pk", "names", "variants")
    ]
    places: dict[int, list[str]] = {}
    rows = PlaceName.objects.filter(place__precision=Place.Precision.EXACT).exclude(kind=PlaceName.NameKind.HIDDEN)
    for place, text in rows.order_by("place_id", "pk").values_list("place_id", "text"):
        places.setdefault(place, []).append(text)
    return (*found, *(Offered("place", str(place), tuple(names)) for place, names in places.items()))


def _rows(name: str) -> QuerySet[Any]:  # Any: one of four models
    return _named(name).prefetch_related("names") if name == "place" else _named(name)


def _named(name: str) -> QuerySet[Any]:  # Any: one of four models
    # A place that may not be shown as it is has no name here, whatever the index still knows of it.
    return Place.objects.filter(precision=Place.Precision.EXACT) if name == "place" else _BY_SLUG[name].objects.all()


def _shown(called: AllCalled, keys: Collection[int]) -> dict[int, Place]:
    """Return the places that have a name here: of one that may not be shown as it is nothing is told, whatever the index still knows."""
    rows = called.places(keys)
    return {key: row for key, row in rows.items() if row.precision == EXACT}


def _spots(called: AllCalled, keys: Collection[int]) -> dict[int, Place]:
    """Return those of them that are a spot on a map."""
    return {key: row for key, row in _shown(called, keys).items() if called.spot(row) is not None}


def _ranked(rows_of: Callable[[Collection[int]], Mapping[int, R]], counts: Mapping[str, int]) -> list[tuple[R, int]]:
    """Return the rows with the highest counts, the slug deciding between equals; of very many equals the key decides who is looked at."""
    if len(counts) <= VALUES_MOST:
        few = rows_of([int(value) for value in counts])
        order = sorted((-counts[str(key)], row.slug, key) for key, row in few.items())
        return [(few[key], -less) for less, _slug, key in order]
    pairs = list(counts.items())
    highest: list[tuple[int, int]] = []
    found: Mapping[int, R] = {}
    # The highest counts decide by themselves, unless some of their rows are gone or are not told.
    for looked_at in (VALUES_MOST, 2 * VALUES_MOST, LOOKED_AT_MOST):
        if len(found) >= VALUES_MOST or len(highest) == len(pairs):
            break
        least = pairs[min(looked_at, len(pairs)) - 1][1]
        end = bisect_right(pairs, -least, key=lambda pair: -pair[1])
        highest = sorted((-count, int(value)) for value, count in pairs[:end])[:LOOKED_AT_MOST]
        found = rows_of([key for _less, key in highest])
    ranked = sorted((less, row.slug, key) for less, key in highest if (row := found.get(key)) is not None)
    return [(found[key], -less) for less, _slug, key in ranked[:VALUES_MOST]]
