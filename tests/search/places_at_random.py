"""Random small gazetteers, and which places hold another: day by day and step by step, slow and simple."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from archive.containment import Link, Turn, Unit

DAY = timedelta(days=1)
CUTS = (date(1991, 8, 12), date(2025, 7, 1))
KINDS = ("village", "village", "commune", "ward", "district", "province", "feature")
PRECISIONS = ("exact", "commune", "province", "hidden")
COMMUNES = {"commune", "ward", "town", "special_zone"}
# Every day on which something begins or ends, and the days beside it: between them nothing changes.
DAYS = tuple(sorted({date.min, date.max, *(cut + number * DAY for cut in CUTS for number in (-1, 0))}))


@dataclass(frozen=True)
class World:
    units: Sequence[Unit]
    links: Sequence[Link]
    turns: Sequence[Turn]

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {one.key: one for one in self.units})

    def unit(self, key: int) -> Unit:
        found: Mapping[int, Unit] = self.by_key  # type: ignore[attr-defined]  # set above
        return found[key]


def make(seed: int) -> World:
    """Return up to eight places in and after one another, the same for the same seed."""
    chance = Random(seed)
    size = chance.randint(1, 8)
    units = [
        Unit(
            key,
            chance.choice(KINDS),
            chance.choice((*PRECISIONS, "exact", "exact", "exact", "exact")),
            chance.choice((None, *CUTS)),
            chance.choice((None, None, *(cut - DAY for cut in CUTS))),
        )
        for key in range(1, size + 1)
    ]
    links, turns = [], {}
    for number in range(chance.randint(0, 3 * size)):
        child, other = chance.randint(1, size), chance.randint(1, size)
        if child == other:
            continue
        first, last = chance.choice((None, None, *CUTS)), chance.choice((None, None, *(cut - DAY for cut in CUTS)))
        if chance.random() < 0.5:
            links.append(Link(number + 1, child, other, first, last))
        else:
            turn = Turn(child, other, chance.choice(CUTS), chance.random() < 0.4)
            turns[turn.before, turn.after, turn.day] = turn
    return World(units, links, list(turns.values()))


def holders(world: World, place: int) -> set[int]:
    """Return what holds a place: whatever can be reached from it on some day."""
    parted = {place, _lost_from(world, place)}
    reached = {(place, day, True) for day in DAYS}
    edge = set(reached)
    while edge:
        edge = {next_one for one in edge for next_one in _steps(world, *one, parted)} - reached
        reached |= edge
    return {key for key, _day, _sure in reached} - {place}


def _steps(world: World, key: int, day: date, is_sure: bool, parted: set[int]) -> Iterator[tuple[int, date, bool]]:
    for link in world.links:
        if link.child == key and (link.first or date.min) <= day <= (link.last or date.max):
            yield link.parent, day, is_sure
    for turn in world.turns:
        # It is there on the last day before, or on any after that on which somebody still writes it so.
        if turn.before == key and day >= turn.day - DAY and (not turn.is_partial or key in parted):
            yield from ((turn.after, later, is_sure and not turn.is_partial) for later in DAYS if later >= turn.day)
        if turn.after == key and is_sure and _is_alone(world, turn):
            yield from ((turn.before, earlier, True) for earlier in DAYS if earlier < turn.day)


def _is_alone(world: World, turn: Turn) -> bool:
    unit = world.unit(turn.after)
    if unit.first is None or unit.first < turn.day:
        return False

    def is_district(one: Turn) -> bool:
        return world.unit(one.before).kind == "district" and unit.kind not in ("district", "province")

    beside = [one for one in world.turns if (one.after, one.day) == (turn.after, turn.day)]
    return [one for one in beside if is_district(one) == is_district(turn)] == [turn]


def _lost_from(world: World, place: int) -> int | None:
    own = [one for one in world.links if one.child == place]
    holding = [one for one in own if one.last is None and world.unit(one.parent).last is None]
    if world.unit(place).last is not None or holding or not own:
        return None
    return sorted(own, key=lambda one: (one.last or date.max, one.key))[-1].parent


def counted(world: World, shown: int | None) -> set[int]:
    """Return what something counts for of which `shown` is told."""
    held = set() if shown is None else {shown, *holders(world, shown)}
    return {key for key in held if world.unit(key).precision == "exact"}
