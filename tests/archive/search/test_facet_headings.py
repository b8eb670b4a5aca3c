"""Which headings a facet tells, and which places the map: those with most hits of what may be told."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import languages
from archive.models import People, Place, PlaceName
from archive.search import headings
from archive.search.called import AllCalled

pytestmark = pytest.mark.django_db


def place(slug: str, *, precision: str = "exact", latitude: str | None = "14.3500", kind: str = "village") -> str:
    made = Place.objects.create(
        slug=slug,
        kind=kind,
        precision=precision,
        latitude=latitude,
        longitude=latitude and "108.0000",
    )
    PlaceName.objects.create(place=made, text=slug.title(), lang="vi")
    return str(made.pk)


def test_places_that_are_not_told_leave_their_room_to_those_with_fewer_hits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headings, "VALUES_MOST", 2)
    hidden = place("kin", precision="province")
    counts = {hidden: 9, place("a"): 5, place("b"): 3, place("c"): 1}

    facet, on_map = headings.places(counts)

    assert [(one.value, one.count) for one in facet.values] == [("a", 5), ("b", 3)]
    assert [one.value for one in on_map.values] == ["a", "b"]


def test_the_map_shows_other_places_than_the_facet_where_some_have_no_coordinates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(headings, "VALUES_MOST", 2)
    counts = {place("a", latitude=None): 5, place("b"): 3, place("c"): 1}

    facet, on_map = headings.places(counts)

    assert [one.value for one in facet.values] == ["a", "b"]
    assert [one.value for one in on_map.values] == ["b", "c"]


def test_what_is_wider_than_a_commune_is_no_spot_on_the_map() -> None:
    wide = {place("tinh", kind="province"): 9, place("huyen", kind="district"): 7}

    facet, on_map = headings.places(wide | {place("xa", kind="commune"): 5})

    assert [one.value for one in facet.values] == ["tinh", "huyen", "xa"]
    assert [one.value for one in on_map.values] == ["xa"]


def test_of_places_with_equal_hits_the_address_decides_and_not_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headings, "VALUES_MOST", 2)
    counts = {place("c"): 4, place("b"): 4, place("a"): 4}

    assert [one.value for one in headings.places(counts)[0].values] == ["a", "b"]


@pytest.mark.parametrize("kept", [False, True])
def test_what_was_read_in_an_open_transaction_is_told_but_not_kept(kept: bool, settings: LazySettings) -> None:
    settings.SEARCH_IN_TRANSACTIONS = kept
    called, people = AllCalled(), People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    counts = {str(people.pk): 3, "999999": 2}
    assert [one.label for one in headings.facet("people", counts, called).values] == ["Ba Na"]

    People.objects.update(names=languages.of(vi="Bahnar"))

    with CaptureQueriesContext(connection) as asked:
        (value,) = headings.facet("people", counts, called).values
    assert value.label == ("Ba Na" if kept else "Bahnar")
    assert len(asked) == (0 if kept else 1)


def test_of_more_values_than_are_told_those_with_most_hits_are_and_the_address_decides_between_equals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(headings, "VALUES_MOST", 3)
    made = [People.objects.create(slug=slug, names=languages.of(vi=slug)) for slug in "fedcba"]
    counts = {str(one.pk): count for one, count in zip(made, (1, 2, 9, 2, 1, 2), strict=True)}

    found = headings.facet("people", {**counts, "999999": 5, "999998": 5}, AllCalled())

    assert [(one.value, one.count) for one in found.values] == [("d", 9), ("a", 2), ("c", 2)]
