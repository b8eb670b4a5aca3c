"""The desk: closed to all but staff, and closed to staff where the rule says so; uploads."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.test import Client

from access.identifiers import new_pid
from archive.models import ConsentRecord, ItemFile
from tests.access_matrix import people, things
from tests.access_matrix.answers import ask, without
from tests.access_matrix.routes import METHODS, Door, doors_of
from tests.access_matrix.things import Thing

pytestmark = pytest.mark.django_db
UNKNOWN_PK = 987654321


def fill(address: str, thing: Thing, *, unknown: bool = False) -> str:
    word = things.word(thing.kind.name, "title")
    assert thing.file.master is not None
    item_pk, master_pk = (UNKNOWN_PK, UNKNOWN_PK) if unknown else (thing.item.pk, thing.file.master.pk)
    consent = None if unknown else ConsentRecord.objects.filter(items=thing.item).first()
    consent_pk = UNKNOWN_PK if consent is None else consent.pk
    return address.format(item_pk=item_pk, master_pk=master_pk, consent_pk=consent_pk, title=word)


@pytest.fixture
def made(tmp_path: Path) -> list[Thing]:
    return [things.make(kind, tmp_path) for kind in things.kinds()]


@pytest.mark.parametrize("viewer", [people.VISITOR, people.READER, people.SUSPENDED])
def test_the_desk_shows_nothing_to_anybody_but_staff(made: list[Thing], viewer: str) -> None:
    client = people.clients()[viewer]
    faults: list[str] = []
    for door in doors_of("staff"):
        for address in door.addresses:
            for thing in made if "_pk}" in address else made[:1]:
                for method in METHODS if thing is made[0] else ("GET",):
                    asked = fill(address, thing)
                    answer = ask(client, asked, method)
                    leads_to_sign_in = answer.status == 302 and answer.headers["Location"].startswith("/admin/login/")
                    if not leads_to_sign_in and answer.status not in {403, 404, 405}:
                        faults.append(f"{method} {asked}: {answer.status}")
    assert faults == []


@pytest.mark.parametrize("viewer", [people.CATALOGUER, people.ADMINISTRATOR])
def test_the_desk_shows_staff_no_word_of_what_is_closed_to_them(made: list[Thing], viewer: str) -> None:
    client = people.clients()[viewer]
    faults: list[str] = []
    for door in doors_of("staff", "auth"):
        for asked in dict.fromkeys(fill(address, thing) for address in door.addresses for thing in made):
            answer = ask(client, asked)
            assert answer.status < 500, asked
            for thing in made:
                words = [word for word in closed_words(door, thing, viewer) if word not in asked]
                faults += [f"{asked} tells {viewer} of {thing.kind.name}" for word in words if answer.holds(word)]
    assert faults == []


def closed_words(door: Door, thing: Thing, viewer: str) -> tuple[str, ...]:
    """Return what this screen must not tell. Places that are hidden from the public are the desk's to describe."""
    words = set(thing.words_closed_to(viewer)) - set(thing.place_words)
    if door.shows in {"headings", "item"}:
        words -= set(thing.heading_words)
    if door.shows == "identifiers":
        words -= {thing.item.pid, thing.file.pid}
    return tuple(words)


@pytest.mark.parametrize("viewer", [people.CATALOGUER, people.ADMINISTRATOR])
def test_a_row_closed_to_staff_is_answered_like_one_that_never_was(made: list[Thing], viewer: str) -> None:
    client = people.clients()[viewer]
    faults: list[str] = []
    for door in doors_of("staff"):
        for address in (address for address in door.addresses if "_pk}" in address):
            for thing in (one for one in made if viewer not in one.kind.seen_by):
                closed, unknown = fill(address, thing), fill(address, thing, unknown=True)
                assert thing.file.master is not None
                keys = (str(thing.item.pk), str(thing.file.master.pk))
                answer = ask(client, closed)
                other = ask(client, unknown)
                if (answer.status, answer.headers.get("Location")) != (other.status, other.headers.get("Location")):
                    faults.append(f"{viewer} can tell that {thing.kind.name} is there by {address}")
                if without(answer, *keys).status != without(other, str(UNKNOWN_PK)).status:
                    faults.append(address)
    assert faults == []


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_an_upload_goes_to_an_item_that_its_sender_may_see_and_describe(made: list[Thing], viewer: str) -> None:
    client = people.clients()[viewer]
    before = ItemFile.objects.count()
    random = begin(client, new_pid())
    faults: list[str] = []
    for thing in made:
        status, body = begin(client, thing.item.pid)
        if viewer in people.STAFF and viewer in thing.kind.seen_by:
            if status != 201:
                faults.append(f"{viewer} cannot upload to {thing.kind.name}: {status}")
            before += 1
        elif (status, body) != random:
            faults.append(f"{viewer} can tell that {thing.kind.name} is there by an upload: {status}")
    assert faults == []
    assert ItemFile.objects.count() == before


def begin(client: Client, item_pid: str) -> tuple[int, bytes]:
    """Ask for an upload to an item; returns status and body."""
    metadata = f"item {base64.b64encode(item_pid.encode()).decode()},filename {base64.b64encode(b'a.jpg').decode()}"
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": metadata}
    answer = ask(client, "/uploads/", "POST", **headers)
    return answer.status, answer.body


@pytest.mark.parametrize("viewer", [people.VISITOR, people.READER, people.SUSPENDED, people.ADMINISTRATOR])
def test_somebody_elses_upload_is_answered_like_one_that_never_was(made: list[Thing], viewer: str) -> None:
    clients = people.clients()
    begin(clients[people.CATALOGUER], made[0].item.pid)
    intake = ItemFile.objects.filter(intake__isnull=False).get().intake
    assert intake is not None
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        one = ask(clients[viewer], f"/uploads/{intake.pid}", method, **headers)
        other = ask(clients[viewer], f"/uploads/{'0' * 32}", method, **headers)
        assert without(one, intake.pid) == without(other, "0" * 32)
    assert ItemFile.objects.filter(intake=intake).exists()
