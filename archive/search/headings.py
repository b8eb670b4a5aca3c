"""Between the values of facets and what people know them by. The index keeps the keys of headings and places, so that another name or
address of one changes no item; here they are looked up as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from access.models import Community
from archive.models import Collection, Item, People, Place, PlaceName, Subject
from archive.search.answers import Facet, FacetValue, Heading, PlaceCount
from archive.search.index.suggesting import Heading as Offered
from archive.search.narrowing import Filters

VALUES_MOST = 50  # of one facet
LOOKED_AT_MOST = 300
NOTHING = "0"  # the key of no row
_BY_SLUG: Mapping[str, Any] = {
    "people": People,
    "subject": Subject,
    "collection": Collection,
}  # Any: one of three models


def values(filters: Filters) -> dict[str, str]:
    """Return the value that each filter asks for; of what there is not, one that nothing has. One query for each filter by a heading."""
    found = {name: value for name in ("kind", "language") if (value := getattr(filters, name))}
    for name in ("people", "subject", "collection", "place"):
        slug = getattr(filters, name)
        if slug:
            found[name] = _key(_named(name).filter(slug=slug))
    if filters.community:
        found["community"] = _key(Community.objects.filter(pid=filters.community))
    return found


def facet(name: str, counts: Mapping[str, int]) -> Facet:
    """Return the values of a facet, but of places, that most hits have, with their labels. One query; none for kinds and languages."""
    if name not in _BY_SLUG:
        labels = dict(Item._meta.get_field("kind").flatchoices) if name == "kind" else {}
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return Facet(name, tuple(FacetValue(value, str(labels.get(value, value)), count) for value, count in ranked))
    return _facet(name, _most(name, counts))


def places(counts: Mapping[str, int]) -> tuple[Facet, tuple[PlaceCount, ...]]:
    """Return the facet of places, and the places with most hits whose coordinates are known and may be shown. Two queries where these are
    the same, four where they are not; none without hits."""
    if not counts:
        return Facet("place", ()), ()
    rows = _most("place", counts)
    mapped = rows
    if any(row.latitude is None or row.longitude is None for row, _count in rows):
        mapped = _ranked(_named("place").filter(latitude__isnull=False, longitude__isnull=False), counts)
    on_map = (PlaceCount(row.slug, str(row), count, float(row.latitude), float(row.longitude)) for row, count in mapped)
    return _facet("place", rows), tuple(on_map)


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


def _most(name: str, counts: Mapping[str, int]) -> list[tuple[Any, int]]:  # Any: as above
    return _ranked(_named(name), counts) if counts else []


def _ranked(rows: QuerySet[Any], counts: Mapping[str, int]) -> list[tuple[Any, int]]:
    """Return the rows with the highest counts, the slug deciding between equals; of very many equals the key decides who is looked at."""
    likely = sorted(counts, key=lambda value: (-counts[value], int(value)))[:LOOKED_AT_MOST]
    # The highest counts decide by themselves, unless some of their rows are gone or are not told.
    least = counts[likely[min(VALUES_MOST, len(likely)) - 1]]
    highest = [value for value in likely if counts[value] >= least]
    found = _found(rows, highest)
    if len(found) < VALUES_MOST and len(highest) < len(likely):
        found = _found(rows, likely)
    ranked = [(row, counts[str(row.pk)]) for row in found]
    return sorted(ranked, key=lambda pair: (-pair[1], pair[0].slug))[:VALUES_MOST]


def _found(rows: QuerySet[Any], keys: Sequence[str]) -> list[Any]:
    """Return these rows with what a facet and the map tell of them."""
    wanted = rows.filter(pk__in=[int(key) for key in keys]).order_by()
    if rows.model is Place:
        return list(wanted.only("slug", "latitude", "longitude").prefetch_related("names"))
    return list(wanted.only("slug", "names"))


def _facet(name: str, rows: Iterable[tuple[Any, int]]) -> Facet:
    return Facet(name, tuple(FacetValue(row.slug, str(row), count) for row, count in rows))


def _key(rows: QuerySet[Any]) -> str:
    return str(rows.values_list("pk", flat=True).first() or NOTHING)
