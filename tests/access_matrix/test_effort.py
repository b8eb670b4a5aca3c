"""What is hidden costs what is not there costs: the same questions to the database, in the same order. No clock is asked."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.identifiers import new_pid
from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.routes import doors_of
from tests.access_matrix.test_objects import fill, may_see
from tests.access_matrix.things import Thing

pytestmark = pytest.mark.django_db
# One of each way of being hidden.
HIDDEN = (
    "nobody",
    "draft",
    "locked",
    "granted_and_taken_back",
    "withdrawn_embargoed",
    "suspended_of_a",
    "tampered_rule",
)
# Names of savepoints, keys of sessions' rows and moments are new each time.
_NEW = re.compile(r'"s\d+_x\d+"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?')


def questions(client: Client, address: str, *asked: str) -> list[str]:
    """Return what an answer asks of the database, with what was asked for left out."""
    with CaptureQueriesContext(connection) as seen:
        ask(client, address)
    found = []
    for query in seen.captured_queries:
        sql = _NEW.sub("NEW", query["sql"])
        for word in asked:
            sql = sql.replace(word, "ASKED")
        found.append(sql)
    return found


@pytest.mark.parametrize("viewer", [people.VISITOR, people.MEMBER_A, people.GRANTEE, people.CATALOGUER])
def test_what_is_hidden_asks_the_database_what_something_unknown_asks(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    # The first answer of a minute notes that the session is in use, whatever was asked.
    ask(client, "/about/")
    hidden: list[Thing] = [matrix.thing(kind) for kind in HIDDEN]
    faults: list[str] = []
    for door in doors_of("object", "bytes"):
        for address in door.addresses:
            item, file = new_pid(), new_pid()
            nothing = questions(client, address.format(item=item, file=file), item, file)
            shown = matrix.thing("public")
            if may_see(door, shown, viewer):
                # Whoever may see something is asked more: the comparison sees a difference where there is one.
                assert questions(client, fill(address, shown), shown.item.pid, shown.file.pid) != nothing, address
            for thing in (one for one in hidden if not may_see(door, one, viewer)):
                asked = fill(address, thing), thing.item.pid, thing.file.pid
                # Asked again where it differs, since a new minute may have begun.
                if questions(client, *asked) != nothing and questions(client, *asked) != nothing:
                    faults.append(f"{viewer} waits otherwise for {thing.kind.name} by {address}")
    assert faults == []
