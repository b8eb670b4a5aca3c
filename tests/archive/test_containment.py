"""Which places hold another: held against a slow reference on random gazetteers, and what the units of the province must say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import containment, gazetteer
from archive.containment import Containment, Link, Turn, Unit
from archive.models import ItemPlace, Place, PlaceParent
from archive.models.item import Item
from archive.whereabouts import of_rows
from tests.search import places_at_random

FIRST, LAST = date(2025, 7, 1), date(2025, 6, 30)


@pytest.mark.pure
@given(st.integers(0, 2**32))
def test_holders_are_those_of_the_reference(seed: int) -> None:
    world = places_at_random.make(seed)
    found = Containment(world.units, world.links, world.turns)

    for unit in world.units:
        assert found.holders(unit.key) == places_at_random.holders(world, unit.key)


@pytest.mark.pure
@given(st.integers(0, 2**32))
def test_what_is_counted_is_told_by_what_is_shown_and_found_again_from_above(seed: int) -> None:
    world = places_at_random.make(seed)
    found = Containment(world.units, world.links, world.turns)

    counts = {
        (unit.key, one): found.counted_at(unit.key, one) for unit in world.units for one in containment.PRECISIONS
    }

    for (place, precision), counted in counts.items():
        shown = found.shown_at(place, precision)
        assert set(counted) == places_at_random.counted(world, shown)
    for unit in world.units:
        within = found.recorded_within(unit.key)
        assert {(place, one) for one, places in within.items() for place in places} == {
            pair for pair, counted in counts.items() if unit.key in counted
        }


@pytest.mark.pure
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_what_is_not_near_a_changed_place_counts_as_before(seed: int, other: int) -> None:
    before, after = places_at_random.make(seed), places_at_random.make(other)
    changed = _changed(before, after)
    now = Containment(after.units, after.links, after.turns)
    then = Containment(before.units, before.links, before.turns)
    kept = {one.key for one in before.units} & {one.key for one in after.units}

    for place in kept - now.near(changed):
        for precision in containment.PRECISIONS:
            assert now.counted_at(place, precision) == then.counted_at(place, precision)


def _changed(before: places_at_random.World, after: places_at_random.World) -> set[int]:
    """Return the places that the log names where the one becomes the other."""
    keys = {one.key for one in set(before.units) ^ set(after.units)}
    keys |= {one.child for one in set(before.links) ^ set(after.links)}
    return keys | {end for one in set(before.turns) ^ set(after.turns) for end in (one.before, one.after)}


@pytest.mark.pure
def test_lying_in_a_place_that_only_later_came_to_another_is_not_lying_there() -> None:
    units = [Unit(key, "commune", "exact") for key in (1, 2, 3)]
    links = [Link(1, 1, 2, None, date(1990, 1, 1)), Link(2, 2, 3, date(1990, 1, 2), None)]

    assert Containment(units, links, []).holders(1) == {2}
    assert Containment(units, [links[0], Link(2, 2, 3)], []).holders(1) == {2, 3}


@pytest.mark.pure
def test_a_unit_that_was_there_before_is_not_what_joined_it() -> None:
    units = [Unit(1, "commune", "exact"), Unit(2, "commune", "exact", None, LAST)]
    turns = [Turn(2, 1, FIRST)]

    assert Containment(units, [], turns).holders(1) == set()
    assert Containment([Unit(1, "commune", "exact", FIRST), units[1]], [], turns).holders(1) == {2}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(40))
def test_what_is_shown_is_what_the_page_of_an_item_shows(seed: int) -> None:
    world = places_at_random.make(seed)
    keys = {}
    for unit in world.units:
        place = Place.objects.create(slug=f"p{unit.key}", kind=unit.kind, precision=unit.precision)
        keys[unit.key] = place.pk
    for link in world.links:
        ends = {"child_id": keys[link.child], "parent_id": keys[link.parent]}
        PlaceParent.objects.create(**ends, valid_from=link.first, valid_to=link.last)
    found = containment.read()

    for number, place in enumerate(Place.objects.prefetch_related("names")):
        for precision in containment.PRECISIONS:
            row = ItemPlace(item=Item(pk=number), place=place, precision=precision)
            told = [one.place.pk for one in of_rows([row]).get(number, [])]
            assert told == [one for one in [found.shown_at(place.pk, precision)] if one is not None]


@pytest.mark.django_db
def test_units_of_the_province_are_held_by_those_of_both_sides() -> None:
    gazetteer.load()
    found, named = containment.read(), {}
    for name in ("Xã Đăk Dục", "Xã Dục Nông", "Xã Trà Bùi", "Huyện Ngọc Hồi", "Phường Kon Tum"):
        place = gazetteer.find(name)
        assert place is not None
        held = Place.objects.filter(pk__in=found.holders(place.pk)).order_by("slug")
        named[name] = {one.name_on(one.valid_to) for one in held}

    assert named["Xã Đăk Dục"] == {"Xã Dục Nông", "Huyện Ngọc Hồi", "Tỉnh Kon Tum", "Tỉnh Quảng Ngãi"}
    # Which of three communes it was is not known; they lay in one district.
    assert named["Xã Dục Nông"] == {"Huyện Ngọc Hồi", "Tỉnh Kon Tum", "Tỉnh Quảng Ngãi"}
    assert {"Xã Cà Đam", "Xã Tây Trà Bồng", "Huyện Trà Bồng", "Tỉnh Quảng Ngãi"} <= named["Xã Trà Bùi"]
    # A district came to several communes: what was recorded there lies in one of them, and in the provinces.
    assert {"Xã Dục Nông", "Tỉnh Kon Tum", "Tỉnh Quảng Ngãi"} <= named["Huyện Ngọc Hồi"]
    assert "Xã Đăk Dục" not in named["Huyện Ngọc Hồi"]
    assert {"Tỉnh Kon Tum", "Tỉnh Quảng Ngãi"} <= named["Phường Kon Tum"]
