"""Which places hold another, however many levels up: for counts and filters, which take a place with all that lies within it.

A place is held by what it lay in on some day, and by what that lay in on the same day; by what any of these became as a whole; and by the
one unit that a newer unit was cut out of. What became of the recorded place itself in parts is told too, as its page does. Pure but for
`read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from archive.models import Place, PlaceParent, PlaceSuccession
from archive.whereabouts import KINDS_AT, LEVELS_MOST, WIDEST

EXACT = Place.Precision.EXACT.value
PRECISIONS: tuple[str, ...] = tuple(Place.Precision.values)  # the closest first
_DISTRICT, _PROVINCE = Place.PlaceKind.DISTRICT.value, Place.PlaceKind.PROVINCE.value


@dataclass(frozen=True)
class Unit:
    """A place, as far as it matters here."""

    key: int
    kind: str
    precision: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Link:
    """One place in another, from a day until a day (None: since ever, to this day)."""

    key: int
    child: int
    parent: int
    first: date | None = None
    last: date | None = None

    @property
    def nearness(self) -> tuple[bool, int, int]:
        """Return where it stands among links of one level: what holds now comes first, then what began last."""
        return self.last is not None, -(self.first or date.min).toordinal(), self.key


@dataclass(frozen=True)
class Turn:
    """One unit becoming another, or a part of it, on a day."""

    before: int
    after: int
    day: date
    is_partial: bool = False


@dataclass(frozen=True)
class _Stay:
    """Being within a place from a day until a day. `is_sure`: not only within one of the parts that something became."""

    place: int
    first: date
    last: date
    is_sure: bool = True


class Containment:
    """All places with what they lie in and what became of them. Answers are worked out once and kept."""

    def __init__(self, units: Iterable[Unit], links: Iterable[Link], turns: Iterable[Turn]) -> None:
        self._units = {one.key: one for one in units}
        self._links: dict[int, list[Link]] = {}
        self._became: dict[int, list[Turn]] = {}
        self._came_from: dict[int, list[Turn]] = {}
        self._inside: dict[int, set[int]] = {}
        self._near: dict[int, set[int]] = {}  # what may be within a place, one step down or aside
        # One that went while the others were read is not there.
        for link in (one for one in links if one.child in self._units and one.parent in self._units):
            self._links.setdefault(link.child, []).append(link)
            for below in (self._inside, self._near):
                below.setdefault(link.parent, set()).add(link.child)
        for turn in (one for one in turns if one.before in self._units and one.after in self._units):
            self._became.setdefault(turn.before, []).append(turn)
            self._came_from.setdefault(turn.after, []).append(turn)
            self._near.setdefault(turn.after, set()).add(turn.before)
            self._near.setdefault(turn.before, set()).add(turn.after)
        self._counted: dict[tuple[int, str], tuple[int, ...]] = {}

    def counted_at(self, place: int, precision: str) -> tuple[int, ...]:
        """Return the places that something counts for which was recorded at one, to be told with a precision of its own: what may be shown
        of where it is and whatever holds that, all of them places that may be shown as they are. Nothing closer is told by it: two things
        of which the same is shown count alike."""
        found = self._counted.get((place, precision))
        if found is None:
            shown = self.shown_at(place, precision)
            held = () if shown is None else sorted({shown, *self.holders(shown)})
            found = tuple(one for one in held if self._units[one].precision == EXACT)
            self._counted[place, precision] = found
        return found

    def recorded_within(self, place: int) -> dict[str, list[int]]:
        """Return the places by which something that was recorded there counts for this one, by the precision of the record."""
        likely = sorted(self.near([place]))
        return {
            precision: [one for one in likely if place in self.counted_at(one, precision)] for precision in PRECISIONS
        }

    def near(self, places: Iterable[int]) -> set[int]:
        """Return these places and whatever may lie in them, come of them or have become them: what is recorded elsewhere counts as before,
        whatever of these was changed."""
        found, edge = set(places), set(places)
        while edge:
            edge = {one for here in edge for one in self._near.get(here, ())} - found
            found |= edge
        return found

    def below(self, places: Iterable[int]) -> set[int]:
        """Return what lies or lay in these places, as far down as `shown_at` looks up."""
        found: set[int] = set()
        edge = set(places)
        for _level in range(LEVELS_MOST):
            edge = {child for here in edge for child in self._inside.get(here, ())}
            found |= edge
        return found

    def shown_at(self, place: int, precision: str) -> int | None:
        """Return the place that readers are told, as `archive.whereabouts` chooses it; None for none."""
        unit = self._units.get(place)
        if unit is None:
            return None
        told = max(precision, unit.precision, key=PRECISIONS.index)
        if told == EXACT:
            return place
        kinds = KINDS_AT.get(told, frozenset())
        if unit.kind in kinds:
            return place
        above = [one for one in self._above(place) if self._may_stand(self._units[one])] if kinds else []
        for allowed in (kinds, kinds | WIDEST):
            found = next((one for one in above if self._units[one].kind in allowed), None)
            if found is not None:
                return found
        return None

    def _above(self, place: int) -> list[int]:
        """Return what is around a place, the nearest first, at whatever time."""
        found: list[int] = []
        edge = {place}
        for _level in range(LEVELS_MOST):
            links = sorted((link for one in edge for link in self._links.get(one, ())), key=lambda one: one.nearness)
            level = [link.parent for link in links if link.parent not in found]
            found += dict.fromkeys(level)
            edge = set(level)
        return found

    def _may_stand(self, unit: Unit) -> bool:
        return unit.precision == EXACT or unit.kind in KINDS_AT.get(unit.precision, frozenset())

    def holders(self, place: int) -> set[int]:
        """Return whatever holds a place, whether it may be shown or not."""
        parted = {place, self._last_surroundings(place)}
        seen: set[_Stay] = set()
        edge = [_Stay(place, date.min, date.max)]
        while edge:
            stay = edge.pop()
            if stay not in seen:
                seen.add(stay)
                edge += self._steps(stay, may_be_parted=stay.place in parted)
        return {stay.place for stay in seen} - {place}

    def _steps(self, stay: _Stay, *, may_be_parted: bool) -> Iterator[_Stay]:
        for link in self._links.get(stay.place, ()):
            first, last = max(stay.first, link.first or date.min), min(stay.last, link.last or date.max)
            if first <= last:
                yield _Stay(link.parent, first, last, stay.is_sure)
        for turn in self._became.get(stay.place, ()):
            # Whoever was within it to its end is within what it became.
            if stay.last >= turn.day - timedelta(days=1) and (may_be_parted or not turn.is_partial):
                yield _Stay(turn.after, turn.day, date.max, stay.is_sure and not turn.is_partial)
        if stay.is_sure:
            for turn in self._cut_out_of(stay.place):
                yield _Stay(turn.before, date.min, turn.day - timedelta(days=1))

    def _cut_out_of(self, place: int) -> Iterator[Turn]:
        """Yield what became a unit that was not there before, where that is one of its own level, or one district. Of several nobody knows
        which of them lies where."""
        unit = self._units[place]
        levels: dict[tuple[bool, date], list[Turn]] = {}
        for turn in self._came_from.get(place, ()):
            is_district = self._units[turn.before].kind == _DISTRICT and unit.kind not in {_DISTRICT, _PROVINCE}
            levels.setdefault((is_district, turn.day), []).append(turn)
        for (_is_district, day), turns in levels.items():
            if len(turns) == 1 and unit.first is not None and unit.first >= day:
                yield turns[0]

    def _last_surroundings(self, place: int) -> int | None:
        """Return what a place that exists lay in last, where it lies in nothing today: nobody wrote which part of that it came to."""
        links, unit = self._links.get(place), self._units.get(place)
        if not links or unit is None or unit.last is not None:
            return None
        if any(link.last is None and self._units[link.parent].last is None for link in links):
            return None
        return max(links, key=lambda link: (link.last or date.max, link.key)).parent


def read() -> Containment:
    """Return all places as the database has them now. Three queries."""
    units = Place.objects.order_by().values_list("pk", "kind", "precision", "valid_from", "valid_to")
    links = PlaceParent.objects.order_by().values_list("pk", "child_id", "parent_id", "valid_from", "valid_to")
    turns = PlaceSuccession.objects.order_by().values_list("before_id", "after_id", "on_date", "is_partial")
    # Links before places: one that was made meanwhile has both its ends then.
    held, turned = [Link(*row) for row in links], [Turn(*row) for row in turns]
    return Containment((Unit(*row) for row in units), held, turned)
