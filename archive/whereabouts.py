"""Where an item is from, as far as its curator allows: the place itself, the commune or province around it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from archive.models import Item, ItemPlace, Place, PlaceName
from archive.place_history import links_above
from archive.place_names import name_places
from archive.prefetched import rows_of

_COMMUNES = frozenset({"commune", "ward", "town", "special_zone"})
WIDEST = frozenset({"province"})
# The kinds of place that may be named at each precision; the nearest one around the recorded place is.
KINDS_AT: Mapping[str, frozenset[str]] = {
    ItemPlace.Precision.COMMUNE: _COMMUNES,
    ItemPlace.Precision.PROVINCE: WIDEST,
}
_EXACT = ItemPlace.Precision.EXACT.value
LEVELS_MOST = 4  # village, commune, district (until 2025), province


class Located(Protocol):
    """A place of an item as recorded: a row of `ItemPlace`, or what was read of one."""

    @property
    def item_id(self) -> int: ...
    @property
    def place_id(self) -> int: ...
    @property
    def place(self) -> Place: ...
    @property
    def role(self) -> str: ...
    @property
    def as_recorded(self) -> str: ...
    @property
    def shown_precision(self) -> str: ...


class Whereabouts(NamedTuple):
    """One place that may be shown. Only an exact one carries coordinates and the words of its time. `called`: what it is called today,
    where that is known already."""

    place: Place
    role: str
    precision: str
    as_recorded: str = ""
    called: str = ""

    @property
    def is_exact(self) -> bool:
        return self.precision == _EXACT

    def is_same(self, other: Whereabouts) -> bool:
        """Return whether both tell the same, however much is known of what it is called."""
        return self[:4] == other[:4]

    def name_now(self) -> str:
        """Return what the place is called today."""
        return self.called or self.place.name_on(None)

    def name_then(self, day: date | None) -> str:
        """Return what it was called on a day of the past, as far as that is known; empty if the same as today."""
        now = self.name_now()
        if day is not None and (then := self.place.name_on(day)) != now:
            return then
        former = [
            name.text for name in rows_of(self.place, "names", PlaceName) if name.kind == PlaceName.NameKind.FORMER
        ]
        return former[-1] if former and former[-1] != now else ""


def of_items(items: Iterable[Item]) -> dict[int, list[Whereabouts]]:
    """Return what may be shown of each item (by primary key), in order, from the prefetched `located__place__names`.

    No query when every place may be shown exactly, else at most two for each level of administration.
    """
    return of_rows(row for item in items for row in rows_of(item, "located", ItemPlace))


def of_rows(
    rows: Iterable[Located], name_of: Callable[[Place], str] = lambda _place: ""
) -> dict[int, list[Whereabouts]]:
    """Return the same of the places of items, in order; `name_of` says what a recorded place is called today, where that is known. Queries
    as above."""
    located = [(row, row.shown_precision) for row in rows]
    around = _around({row.place_id for row, precision in located if precision in KINDS_AT})
    shown: dict[int, list[Whereabouts]] = {}
    for row, precision in located:
        is_exact = precision == _EXACT
        place = row.place if is_exact else _shown_place(row, around)
        if place is None:
            continue
        name = name_of(place) if place is row.place else ""
        found = Whereabouts(place, row.role, precision, row.as_recorded if is_exact else "", name)
        listed = shown.get(row.item_id)
        if listed is None:
            shown[row.item_id] = [found]
        elif not any(map(found.is_same, listed)):
            listed.append(found)
    return shown


def _shown_place(row: Located, around: Mapping[int, list[Place]]) -> Place | None:
    """Return what may be told instead of a place that may not be told as it is."""
    precision = row.shown_precision
    kinds = KINDS_AT.get(precision, frozenset())
    if row.place.kind in kinds:
        return row.place
    # Nothing near enough is known: a wider place is as true, and shows less.
    above = around.get(row.place_id, [])
    wider = kinds | WIDEST if kinds else kinds
    return next((place for place in above if place.kind in kinds and _may_stand(place)), None) or next(
        (place for place in above if place.kind in wider and _may_stand(place)), None
    )


def _may_stand(place: Place) -> bool:
    """Return whether a place may be named instead of one within it: it says itself how closely readers may learn it."""
    return place.precision == ItemPlace.Precision.EXACT or place.kind in KINDS_AT.get(place.precision, frozenset())


def _around(place_ids: set[int]) -> dict[int, list[Place]]:
    """Return the places around each place, nearest first; of several parents at once the one valid now comes first."""
    around: dict[int, list[Place]] = {pk: [] for pk in place_ids}
    reached = {pk: {pk} for pk in place_ids}
    for _level in range(LEVELS_MOST):
        wanted = {below for start in reached.values() for below in start}
        if not wanted:
            break
        links = links_above(wanted)
        name_places(link.parent for link in links)
        links.sort(key=lambda link: (link.valid_to is not None, -(link.valid_from or date.min).toordinal(), link.pk))
        for start, edge in reached.items():
            above = [link.parent for link in links if link.child_id in edge and link.parent not in around[start]]
            around[start] += list(dict.fromkeys(above))
            reached[start] = {place.pk for place in above}
    return around
