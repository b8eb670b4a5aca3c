"""The whole matrix in one database: everybody who asks and everything that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from django.test import Client
from django.utils import timezone

from access import codes
from archive import reading_lists
from tests.access_matrix import communities, people, things
from tests.access_matrix.kinds import kinds
from tests.access_matrix.things import Thing

LIST_CODE = "mxks-2345"


@dataclass(frozen=True)
class Matrix:
    """Signed-in clients by viewer, and one thing of each kind."""

    clients: Mapping[str, Client]
    things: tuple[Thing, ...]

    def thing(self, kind: str) -> Thing:
        """Return the thing of a kind, by the kind's name."""
        return next(thing for thing in self.things if thing.kind.name == kind)

    def closed_words(self, viewer: str) -> Mapping[str, tuple[str, ...]]:
        """Return what no door but the desk may tell this viewer, by what it tells of."""
        return {
            **{thing.kind.name: thing.words_closed_to(viewer) for thing in self.things},
            "communities": communities.words_closed_to(viewer),
        }


def make(folder: Path) -> Matrix:
    """Make the matrix; files come by way of `folder`."""
    people.make_accounts()
    communities.make()
    made = tuple(things.make(kind, folder) for kind in kinds())
    with mock.patch.object(codes, "new_code", return_value=LIST_CODE):
        reading_lists.begin("Danh sách", [thing.item.pid for thing in made], now=timezone.now())
    return Matrix(people.sign_in(), made)
