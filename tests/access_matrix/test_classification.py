"""Every address of the project is classified, once, and does no more than its classification says."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.access_matrix.routes import KINDS, LOCATION_KINDS, METHODS, Door, doors, locations, nginx_locations, routes

DOORS = doors()
READ_ONLY = [door for door in DOORS if door.kind not in {"staff", "auth", "write"}]


def test_every_address_is_in_exactly_one_entry() -> None:
    found = {route: [door for door in DOORS if door.covers(route)] for route in routes()}

    assert {route: len(matching) for route, matching in found.items() if len(matching) != 1} == {}


def test_every_entry_is_of_a_known_kind_and_matches_something() -> None:
    everything = routes()

    for door in DOORS:
        assert door.kind in KINDS
        assert set(door.methods) <= set(METHODS)
        for pattern in door.routes:
            assert any(Door((pattern,), door.kind, door.methods).covers(route) for route in everything), pattern


def test_every_entry_says_how_tests_go_through_it() -> None:
    assert [door.routes for door in DOORS if not door.addresses] == []


def test_every_location_of_nginx_is_in_exactly_one_entry() -> None:
    classified = [words for location in locations() for words in location.matches]

    assert sorted(classified) == sorted(nginx_locations())


def test_every_entry_of_a_location_is_of_a_known_kind_and_says_how_tests_go_there() -> None:
    assert [location for location in locations() if location.kind not in LOCATION_KINDS or not location.addresses] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "door",
    [door for door in DOORS if door.kind not in {"staff", "auth", "write"}],
    ids=lambda door: door.routes[0] or "/",
)
def test_a_method_that_is_not_named_is_refused(door: Door) -> None:
    client = Client()
    for address in (*door.addresses, *door.variations):
        path = address.partition("?")[0].format(item="0123456789b", file="0123456789b")
        for method in set(METHODS) - set(door.methods):
            assert client.generic(method, path).status_code == 405, f"{method} {path}"
