"""The matrix is a net: leaks are made on purpose, one at a time, and each must be seen by the check that is there for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.access_matrix.leaks import SEEN_BY
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.planted import word
from tests.access_matrix.planted_leaks import BY_WAY_OF_A_CACHE, LEAKS, Leak
from tests.access_matrix.test_desk import desk_faults
from tests.access_matrix.test_lists import list_faults, place_faults, tie_faults
from tests.access_matrix.test_objects import kept_faults, object_faults
from tests.access_matrix.test_ready import ready_faults
from tests.access_matrix.turns import is_ours

pytestmark = pytest.mark.django_db
# A list of each kind is enough here; the whole matrix goes through all of them.
LISTS = (
    "/api/v1/items/?page_size=1&count=true",
    "/api/v1/search/",
    f"/api/v1/search/?q={word('file_of_a', 'said')}",
    "/api/v1/peoples/",
    "/items/",
    "/sitemap.xml",
    "/communities/",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/iiif/activity/all-changes",
    "/iiif/activity/page/1",
    "/sru?query=cql.allRecords=1&recordSchema=dc",
    "/sru?query=cql.allRecords=1%20not%20cql.anywhere=x&maximumRecords=0",
    f"/sru?query=bath.name={word('public', 'unspoken')}",
)
CHECKS: dict[str, Callable[[Matrix, str], Iterator[str]]] = {
    "items": lambda matrix, viewer: object_faults(matrix, viewer, every_way=False, shows="item"),
    "files": lambda matrix, viewer: object_faults(matrix, viewer, every_way=False, shows="file"),
    "lists": lambda matrix, viewer: list_faults(matrix, viewer, LISTS),
    "desk": desk_faults,
    "caches": kept_faults,
    "ties": tie_faults,
    "places": place_faults,
    "ready": ready_faults,
}


# Each is planted in one of the two profiles, and in both by a long run: what is tested here are the tests.
PLANTED = [leak for leak in LEAKS if leak.check in CHECKS and is_ours(leak.name)]


@pytest.mark.parametrize("leak", PLANTED, ids=lambda leak: leak.name)
def test_a_leak_made_on_purpose_is_seen(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None], leak: Leak
) -> None:
    leak.plant(monkeypatch)

    fault = next(CHECKS[leak.check](matrix, leak.viewer), "")

    record_property(SEEN_BY, fault)
    assert fault


def test_every_leak_is_planted_before_a_check() -> None:
    assert {leak.check for leak in LEAKS} == {*CHECKS, *BY_WAY_OF_A_CACHE}


def test_there_are_at_least_twenty_five_leaks_of_different_kinds() -> None:
    assert len({leak.name for leak in LEAKS}) == len(LEAKS) >= 25
