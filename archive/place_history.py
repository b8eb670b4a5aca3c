"""Where a place lies today and where it lay before 1 July 2025: what its page, an item's page and the API say of both sides of that day.

The place as recorded is never rewritten; the other side is derived from parents and successions (domain.md section 3). Where a unit was
divided, all that it became is told; where several became one, what an older record meant is not known and nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from access.viewer import Viewer
from archive.administrative_units import FIRST_DAY, LAST_DAY_BEFORE
from archive.models import Place, PlaceParent, PlaceSuccession
from archive.place_names import name_places
from archive.prepared import Key, Prepared

_LEVELS_MOST = 4  # village, commune, district (until 2025), province
Path = tuple[Place, ...]  # a place and what is around it, the nearest first


@dataclass(frozen=True)
class History:
    """`now`: the place and what is around it today, or each of those that it became; `before`: the same on the last day of the old units,
    empty where it is not known or was no different. Hidden places are left out of both."""

    now: tuple[Path, ...]
    before: Path

    @property
    def changed_on(self) -> date | None:
        """The first day of the new units; None for what has one side only."""
        return FIRST_DAY if self.before else None


def of_places(places: Iterable[Place]) -> dict[int, History]:
    """Return the history of each place (by primary key), names prefetched. One query, one a level of administration, one for names; if
    some lie in what has ended and in nothing since, one more and again one a level."""
    wanted = {place.pk: place for place in places}
    if not wanted:
        return {}
    # One instance for each place: names are fetched once, and for all of them.
    known = dict(wanted)
    later, earlier = _successions(wanted, known)
    parents = _parents(known)
    heirs = _heirs(wanted, parents)
    if heirs:
        heirs = {pk: [known.setdefault(one.pk, one) for one in ones] for pk, ones in heirs.items()}
        parents = _parents(known)
    name_places(known.values())
    found = {}
    for pk, place in wanted.items():
        history = _history(place, later.get(pk, []), earlier.get(pk, []), parents)
        if pk in heirs:
            # Nobody wrote where it lies since its commune ended: in what the commune became.
            around = [_path(one, None, parents) for one in heirs[pk] if _is_told(one)]
            history = History(tuple((place, *path) for path in around) or history.now, history.before)
        found[pk] = history
    return found


def _changes(places: Sequence[Key], _viewer: Viewer | None) -> QuerySet[PlaceSuccession]:
    changed = PlaceSuccession.objects.filter(Q(before__in=places) | Q(after__in=places), on_date=FIRST_DAY)
    return changed.select_related("before", "after").order_by("pk")


def _links(places: Sequence[Key], _viewer: Viewer | None) -> QuerySet[PlaceParent]:
    return PlaceParent.objects.filter(child__in=places).select_related("parent").order_by("pk")


def _all_links(places: Sequence[Key], _viewer: Viewer | None) -> QuerySet[PlaceParent]:
    first = PlaceParent.objects.filter(child__in=places).order_by()
    second = PlaceParent.objects.filter(child__in=first.values("parent")).order_by()
    third = PlaceParent.objects.filter(child__in=second.values("parent")).order_by()
    below = Place.objects.filter(pk__in=places).order_by().values("pk")
    # By a union: an "or" of these would have PostgreSQL read the whole table.
    lying = below.union(first.values("parent"), second.values("parent"), third.values("parent"))
    # Not in order, for which SQLite would read the whole table.
    return PlaceParent.objects.filter(child__in=lying).select_related("parent").order_by()


_CHANGES, _LINKS, _ALL_LINKS = Prepared(_changes), Prepared(_links), Prepared(_all_links)


def links_above(places: Iterable[int]) -> list[PlaceParent]:
    """Return what these places lie in, or lay in, each with the place above. One query."""
    return _LINKS.rows(sorted(places))


def _heirs(wanted: Mapping[int, Place], parents: Mapping[int, list[PlaceParent]]) -> dict[int, list[Place]]:
    """Return for each place that exists, and lies in nothing that does, what its last surroundings became. One query if there are any."""
    lost = {
        pk: max(parents[pk], key=lambda link: (link.valid_to or date.max, link.pk)).parent_id
        for pk, place in wanted.items()
        if place.valid_to is None and parents.get(pk) and not any(_holds(link, None) for link in parents[pk])
    }
    if not lost:
        return {}
    became: dict[int, list[Place]] = {}
    rows = PlaceSuccession.objects.filter(before__in=set(lost.values()))
    for row in rows.select_related("after").order_by("pk"):
        became.setdefault(row.before_id, []).append(row.after)
    return {pk: became[parent] for pk, parent in lost.items() if parent in became}


def _successions(
    wanted: Mapping[int, Place], known: dict[int, Place]
) -> tuple[dict[int, list[Place]], dict[int, list[Place]]]:
    """Return what each place became, and what became it, on the day of the new units; add those to `known`."""
    later: dict[int, list[Place]] = {}
    earlier: dict[int, list[Place]] = {}
    for row in _CHANGES.rows(list(wanted)):
        if row.before_id in wanted:
            later.setdefault(row.before_id, []).append(known.setdefault(row.after_id, row.after))
        if row.after_id in wanted:
            earlier.setdefault(row.after_id, []).append(known.setdefault(row.before_id, row.before))
    return later, earlier


def _parents(known: dict[int, Place]) -> dict[int, list[PlaceParent]]:
    """Return the links upwards of all the places and of what is around them, and add those to `known`. One query: commune, district and
    province lie above a village."""
    links: dict[int, list[PlaceParent]] = {}
    edge = sorted(pk for pk, place in known.items() if place.kind != Place.PlaceKind.PROVINCE)
    for row in sorted(_ALL_LINKS.rows(edge), key=lambda link: link.pk):
        links.setdefault(row.child_id, []).append(row)
        row.parent = known.setdefault(row.parent_id, row.parent)
    return links


def _history(
    place: Place, later: list[Place], earlier: list[Place], parents: Mapping[int, list[PlaceParent]]
) -> History:
    is_former = place.valid_to is not None and place.valid_to < FIRST_DAY
    today = later if is_former else [place]
    now = tuple(_path(one, None, parents) for one in today if one is place or _is_told(one))
    if is_former or not _is_of_the_new_units(place):
        before = _path(place, LAST_DAY_BEFORE, parents)
    else:
        known = [one for one in earlier if _is_told(one)]
        before = next(
            (_path(ones[0], LAST_DAY_BEFORE, parents) for ones in _levels(place, known) if len(ones) == 1), ()
        )
    if not is_former and [_on(one, LAST_DAY_BEFORE) for one in before] == [_on(one, None) for one in now[0]]:
        before = ()
    return History(now, before)


def _levels(place: Place, earlier: list[Place]) -> tuple[list[Place], list[Place]]:
    """Return the units that became a place: those of its own level, then those of the level above. One alone is what it was, or lay in;
    of several an older record may mean any."""
    above = Place.PlaceKind.DISTRICT
    is_above = place.kind not in {above, Place.PlaceKind.PROVINCE}
    return [one for one in earlier if not (is_above and one.kind == above)], [
        one for one in earlier if is_above and one.kind == above
    ]


def _is_of_the_new_units(place: Place) -> bool:
    return place.valid_from is not None and place.valid_from >= FIRST_DAY


def _is_told(place: Place) -> bool:
    return place.precision == Place.Precision.EXACT


def _on(place: Place, day: date | None) -> tuple[int, str]:
    return place.pk, place.name_on(day)


def _path(place: Place, day: date | None, parents: Mapping[int, list[PlaceParent]]) -> Path:
    """Return the place and what is around it on a day (None: today). A hidden place on the way is stepped over."""
    path: list[Place] = [place]
    here = place
    for _level in range(_LEVELS_MOST):
        links = [link for link in parents.get(here.pk, []) if _holds(link, day) and link.parent not in path]
        if not links:
            break
        here = links[0].parent
        path.append(here)
    return tuple(one for one in path if one is place or _is_told(one))


def _holds(link: PlaceParent, day: date | None) -> bool:
    """Return whether a place lay in another on a day. Today is after the last change: what has ended is over, and nothing lies in it."""
    if day is None:
        return link.valid_to is None and link.parent.valid_to is None
    return (link.valid_from or date.min) <= day <= min(link.valid_to or date.max, link.parent.valid_to or date.max)
