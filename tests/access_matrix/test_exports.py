"""Linked data, and everything that is taken away from an item's page: what is told of what is open, and of what stands beside it."""

from __future__ import annotations

import pytest

from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.matrix import Matrix

pytestmark = pytest.mark.django_db
# Everybody else is asked for by doors.toml; these see most, least, and something of their own.
VIEWERS = (people.VISITOR, people.MEMBER_A, people.CATALOGUER)
LINKED = {"Accept": "application/ld+json"}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_linked_data_tells_of_what_is_open_and_of_nothing_else(matrix: Matrix, viewer: str) -> None:
    client, told, faults = matrix.clients[viewer], [], []
    for thing in matrix.things:
        answer = ask(client, f"/api/v1/items/{thing.item.pid}/", **LINKED)
        if (answer.status == 200) != (viewer in thing.kind.seen_by):
            faults.append(f"{thing.kind.name} is answered {answer.status}")
        if answer.status == 200:
            told.append(answer)

    faults += [
        f"{name} is told by {one}"
        for name, words in matrix.closed_words(viewer).items()
        for one in words
        if any(answer.holds(one) for answer in told)
    ]

    assert faults == []
    assert told


def test_files_that_are_closed_to_some_are_no_media_to_those_who_may_see_them(matrix: Matrix) -> None:
    client = matrix.clients[people.MEMBER_A]
    things = [
        thing
        for thing in matrix.things
        if people.MEMBER_A in thing.kind.files_seen_by and people.VISITOR not in thing.kind.files_seen_by
    ]

    for thing in things:
        for address in (f"/items/{thing.item.pid}/cite.jsonld", f"/api/v1/items/{thing.item.pid}/"):
            assert not ask(client, address, **LINKED).holds(thing.file.pid)
    assert things
