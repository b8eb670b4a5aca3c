"""Catalogues that search (SRU): each thing of the matrix is found by who may see it, and by nobody else, whatever is asked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client
from lxml import etree

from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.planted import word

pytestmark = pytest.mark.django_db
# A session does not count: whoever is signed in gets what every visitor gets.
SEES_AS: Mapping[str, str] = {
    people.VISITOR: people.VISITOR,
    people.MEMBER_A: people.VISITOR,
    people.ADMINISTRATOR: people.VISITOR,
    people.PARTNER: people.PARTNER,
    people.PARTNER_A: people.PARTNER_A,
}
SCHEMAS = ("marcxml", "dc", "mods")
SRU = "{http://docs.oasis-open.org/ns/search-ws/sruResponse}"


def found(client: Client, query: str, schema: str = "marcxml") -> tuple[set[str], str, bytes]:
    """Return the pids of what is found, the total as it is told, and the body."""
    answer = ask(client, f"/sru?query={query}&maximumRecords=100&recordSchema={schema}")
    root = etree.fromstring(answer.body)
    pids = {one.text or "" for one in root.iter(f"{SRU}recordIdentifier")}
    return pids, root.findtext(f"{SRU}numberOfRecords") or "", answer.body


@pytest.mark.parametrize("viewer", SEES_AS)
def test_everything_is_what_a_catalogue_may_see_and_nothing_else(matrix: Matrix, viewer: str) -> None:
    shown = {
        thing.item.pid
        for thing in matrix.things
        if SEES_AS[viewer] in thing.kind.seen_by and thing.kind.state == "published" and not thing.kind.is_suspended
    }
    client, closed = matrix.clients[viewer], matrix.closed_words(SEES_AS[viewer])
    ours = {thing.item.pid for thing in matrix.things}

    for schema in SCHEMAS:
        pids, total, body = found(client, "cql.allRecords=1", schema)
        assert pids & ours == shown
        assert int(total) == len(pids)
        assert [name for name, words in closed.items() for one in words if one.encode() in body] == []


@pytest.mark.parametrize("viewer", [people.VISITOR, people.PARTNER_A])
def test_a_query_for_something_hidden_is_a_query_for_nothing(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    everything = found(client, "cql.allRecords=1")[1]
    for thing in matrix.things:
        title, is_seen = word(thing.kind.name, "title"), viewer in thing.kind.seen_by
        for query in (f"{title}%20or%20dc.identifier={thing.item.pid}", f"dc.title={title[:-2]}*"):
            pids, total, _body = found(client, query)
            assert (thing.item.pid in pids) == is_seen or thing.kind.state != "published", (thing.kind.name, query)
            assert is_seen or total == "0", (thing.kind.name, query)
        rest = int(found(client, f"cql.allRecords=1%20not%20dc.title={title}")[1])
        assert is_seen or rest == int(everything), thing.kind.name
