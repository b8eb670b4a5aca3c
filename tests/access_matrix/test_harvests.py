"""Harvests: every record of the matrix in every format, as strangers may see it, whoever asks."""

from __future__ import annotations

import pytest

from access.identifiers import new_pid
from interop.oai.formats import FORMATS
from tests.access_matrix import people
from tests.access_matrix.answers import Answer, ask, without
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.planted import word

pytestmark = pytest.mark.django_db
# A few: all of them ask as strangers, and test_lists.py asks for all.
VIEWERS = (people.VISITOR, people.MEMBER_A, people.BLOCKED_A)


def address(pid: str, prefix: str) -> str:
    return f"/oai?verb=GetRecord&identifier=oai:nha-rong.localhost:{pid}&metadataPrefix={prefix}"


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("prefix", FORMATS)
def test_a_record_is_told_of_what_is_open_and_of_nothing_else(matrix: Matrix, viewer: str, prefix: str) -> None:
    client, faults = matrix.clients[viewer], []
    nobody = new_pid()
    nothing = without(ask(client, address(nobody, prefix)), nobody)
    told = []
    for thing in matrix.things:
        answer = ask(client, address(thing.item.pid, prefix))
        if people.VISITOR in thing.kind.seen_by:
            told.append(answer)
            faults += (
                []
                if answer.holds(thing.item.pid) and b"<metadata>" in answer.body
                else [f"{thing.kind.name} is missing"]
            )
        elif without(answer, thing.item.pid) != nothing:
            faults.append(f"{thing.kind.name} can be told from what never was")
    closed = matrix.closed_words(people.VISITOR)
    faults += [
        f"{name} is told by {one}"
        for answer in told
        for name, words in closed.items()
        for one in words
        if answer.holds(one)
    ]

    assert faults == []
    assert told


def test_a_record_holds_what_its_page_says(matrix: Matrix) -> None:
    thing = matrix.thing("public")
    client = matrix.clients[people.VISITOR]

    answers = {prefix: ask(client, address(thing.item.pid, prefix)) for prefix in FORMATS}

    for prefix, names in {
        "oai_dc": ("title", "description", "identifier", "people", "subject", "agent", "rights"),
        "oai_dcterms": (
            "title",
            "alternative",
            "contents",
            "extent",
            "medium",
            "provenance",
            "source",
            "origin",
            "holder",
        ),
        "marcxml": (
            "title",
            "alternative",
            "contents",
            "people",
            "subject",
            "collection",
            "provenance",
            "number elsewhere",
        ),
        "mods": ("title", "alternative", "people", "agent", "date written", "spelling"),
        "edm": ("title", "description", "people", "agent"),
        "rights": ("rights", "origin", "holder"),
    }.items():
        assert [name for name in names if not answers[prefix].holds(word("public", name))] == [], prefix


def test_everybody_is_told_the_same(matrix: Matrix) -> None:
    asked = "/oai?verb=ListRecords&metadataPrefix=marcxml"
    answers: list[Answer] = [ask(matrix.clients[viewer], asked) for viewer in people.VIEWERS]

    assert len({answer.body for answer in answers}) == 1
