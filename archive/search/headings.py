"""Between the values of facets and what people know them by. The index keeps the keys of headings and places, so that another name or
address of one changes no item; here they are looked up as they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from access.models import Community
from archive.interface_languages import base_language
from archive.models import Collection as GatheredIn
from archive.models import ItemKind, People, Place, PlaceName, Subject
from archive.search.answers import Facet, Heading, Told
from archive.search.called import EXACT, AllCalled
from archive.search.index.suggesting import Heading as Offered
from archive.search.narrowing import Filters

VALUES_MOST = 50  # of one facet
LOOKED_AT_MOST = 300
NOTHING = "0"  # the key of no row
_BY_SLUG: Mapping[str, Any] = {
    "people": People,
    "subject": Subject,
    "collection": GatheredIn,
}  # Any: one of three models
_Tell = Callable[[Collection[str]], Sequence[Told | None]]
_Ranked = tuple[int, Told]


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
    """Return the values of a facet, but of places, that most hits have, with their labels. One query where some were not called yet; none
    for kinds and languages."""
    if name in _BY_SLUG:
        return _facet(name, _ranked(partial(called.told, name, base_language()), counts))
    labels = _kinds(get_language()) if name == "kind" else {}
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [Told(value, 0, labels.get(value, value)) for value, _count in ranked]
    return Facet(name, told, [count for _value, count in ranked])


def places(counts: Mapping[str, int], known: AllCalled | None = None) -> tuple[Facet, Facet]:
    """Return the facet of places, and that of spots on a map, with most hits. Two queries where some were not known yet."""
    told: _Tell = partial((AllCalled() if known is None else known).told, "place", base_language())
    facet = _facet("place", _ranked(told, counts))
    if all(one.spot for one in facet.told):
        return facet, facet
    spots = _ranked(lambda values: [one if one is not None and one.spot else None for one in told(values)], counts)
    return facet, _facet("place", spots)


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
    rows = PlaceName.objects.filter(place__precision=EXACT).exclude(kind=PlaceName.NameKind.HIDDEN)
    for place, text in rows.order_by("place_id", "pk").values_list("place_id", "text"):
        places.setdefault(place, []).append(text)
    return (*found, *(Offered("place", str(place), tuple(names)) for place, names in places.items()))


def _rows(name: str) -> QuerySet[Any]:  # Any: one of four models
    return _named(name).prefetch_related("names") if name == "place" else _named(name)


def _named(name: str) -> QuerySet[Any]:  # Any: one of four models
    # A place that may not be shown as it is has no name here, whatever the index still knows of it.
    return Place.objects.filter(precision=EXACT) if name == "place" else _BY_SLUG[name].objects.all()


@lru_cache(maxsize=8)
def _kinds(_language: str | None) -> Mapping[str, str]:
    """Return what kinds are called in the active language."""
    return {value: str(label) for value, label in ItemKind.choices}


def _facet(name: str, ranked: Sequence[_Ranked]) -> Facet:
    return Facet(name, [one for _less, one in ranked], [-less for less, _one in ranked])


def _ranked(tell: _Tell, counts: Mapping[str, int]) -> list[_Ranked]:
    """Return what is told of the values with the highest counts, each behind its count below zero; the slug decides between equals, and of
    very many equals the key who is looked at."""
    if len(counts) <= VALUES_MOST:
        return _in_order(tell, counts)
    found: list[_Ranked] = []
    descending = sorted(counts.values(), reverse=True)
    # The highest counts decide by themselves, unless some of their rows are gone or are not told.
    for looked_at in (VALUES_MOST, 2 * VALUES_MOST, LOOKED_AT_MOST):
        least = descending[min(looked_at, len(descending)) - 1]
        highest = {value: count for value, count in counts.items() if count >= least}
        if len(highest) > LOOKED_AT_MOST:
            pairs = sorted(highest.items(), key=lambda pair: (-pair[1], int(pair[0])))
            highest = dict(pairs[:LOOKED_AT_MOST])
        found = _in_order(tell, highest)
        if len(found) >= VALUES_MOST or len(highest) == len(counts):
            break
    return found[:VALUES_MOST]


def _in_order(tell: _Tell, counts: Mapping[str, int]) -> list[_Ranked]:
    return sorted([(-count, one) for count, one in zip(counts.values(), tell(counts), strict=True) if one is not None])
