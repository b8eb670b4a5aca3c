"""The list of changes: what is open, the tombstones of what was open to everybody, and not a byte of anything else."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.removal import remove
from tests.access_matrix.routes import doors_of
from tests.access_matrix.test_lists import told_faults
from tests.access_matrix.things import Thing

pytestmark = pytest.mark.django_db
VIEWERS = (people.VISITOR, people.MEMBER_A, people.BLOCKED_A, people.CATALOGUER, people.PARTNER, people.PARTNER_A)
ADDRESSES = [address for door in doors_of("tombstones") for address in door.all_addresses]


def told(client: Client, address: str) -> tuple[set[str], set[str], object]:
    """Return the pids that are told as open and as gone, and all that is told but for the clock."""
    answer = ask(client, address)
    assert answer.status == 200, answer.body
    content = json.loads(answer.body)
    by_change = {
        kind: {row["pid"] for row in content["results"] if row["change"] == kind} for kind in ("updated", "deleted")
    }
    return by_change["updated"], by_change["deleted"], [content["next"], content["results"]]


def leaves_tombstone(thing: Thing, viewer: str) -> bool:
    return thing.kind.leaves_tombstone and viewer not in thing.kind.seen_by


@pytest.mark.parametrize("viewer", VIEWERS)
def test_changes_tell_what_is_open_and_of_the_rest_only_that_it_was(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    things = [thing for thing in matrix.things if not thing.kind.is_binned]
    gone = {thing.item.pid for thing in things if leaves_tombstone(thing, viewer)}
    shown = {
        thing.item.pid
        for thing in things
        if viewer in thing.kind.seen_by and thing.kind.state == "published" and not thing.kind.is_suspended
    }
    for address in ADDRESSES:
        updated, deleted, before = told(client, address)

        assert shown - updated == set(), address
        assert gone - deleted == set(), address
        assert {thing.item.pid for thing in matrix.things} & deleted == gone, address
        closed = {
            name: tuple(word for word in words if word not in gone)
            for name, words in matrix.closed_words(viewer).items()
        }
        assert list(told_faults(closed, viewer, address, ask(client, address))) == []

        hidden = [one for one in matrix.things if viewer not in one.kind.seen_by and not leaves_tombstone(one, viewer)]
        remove(hidden)
        assert told(client, address)[2] == before, address
