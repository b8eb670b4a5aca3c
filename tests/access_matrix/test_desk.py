"""The desk: closed to all but staff and stewards, and closed to them where the rule says so; uploads."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.test import Client

from access.identifiers import new_pid
from archive.models import Exhibit, ItemFile, People
from tests.access_matrix import communities, papers, people, planted, telling
from tests.access_matrix.answers import Answer, ask, without
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.routes import METHODS, Door, doors_of
from tests.access_matrix.things import Thing
from tests.access_matrix.turns import is_its_turn, is_ours, one_of

pytestmark = pytest.mark.django_db
UNKNOWN_PK = 987654321
STRANGERS = (people.VISITOR, people.READER, people.MEMBER_A, people.BLOCKED_A, people.LEFT_A, people.GRANTEE)
# What stewards find at the desk: their inbox, their communities, and what lies under their protocols; everything else is staff's.
OF_STEWARDS = frozenset({"requests", "communities", "identifiers", "item", "told", "words"})
OPEN_TO_STEWARDS = (
    "/admin/",
    "/admin/access/petition/",
    "/admin/access/petition/{petition_pk}/change/",
    "/admin/access/community/",
    "/admin/access/protocol/",
    "/admin/archive/interfacelanguage/",
)
# Pages that lead on to what is theirs, and the chooser of items, which offers what they see.
LEADING_ON = ("/admin/", "/admin/archive/", "field_name=items", "field_name=other")
# What is not there for each row that is: deleting what was open, evidence that nobody gave, a change by a form only.
NOT_FOR_EACH = ("/file", "/delete/", "/evidence", "/withdraw", "/remark/", "/draft/")


# By the pid of the item, which no other matrix has.
_keys: dict[str, dict[str, int]] = {}


def keys_of(thing: Thing) -> dict[str, int]:
    """Return the keys of the rows of a thing, which never change."""
    if thing.item.pid not in _keys:
        _keys[thing.item.pid] = _keys_of(thing)
    return _keys[thing.item.pid]


def _keys_of(thing: Thing) -> dict[str, int]:
    assert thing.file.master is not None
    return {
        "item_pk": thing.item.pk,
        "master_pk": thing.file.master.pk,
        "petition_pk": thing.petition_pk,
        "consent_pk": thing.consent_pk,
        "told_pk": telling.told_pk(thing.kind),
        "exhibit_pk": Exhibit.objects.get(slug=planted.word(thing.kind.name, "exhibit")).pk,
        "people_pk": People.objects.get(slug=planted.word(thing.kind.name, "people")).pk,
    }


def fill(address: str, thing: Thing, *, unknown: bool = False) -> str:
    keys = keys_of(thing)
    keys = dict.fromkeys(keys, UNKNOWN_PK) if unknown else keys
    words = {
        name: planted.word(thing.kind.name, name) for name in ("title", "place", "unspoken", "slur", "contents", "said")
    }
    return address.format(**(words | keys))


@pytest.mark.parametrize("viewer", [*STRANGERS, people.DEVICE, people.SUSPENDED])
def test_the_desk_shows_nothing_to_anybody_but_staff(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    made = [matrix.thing(kind) for kind in ("public", "of_a", "nobody")]
    faults: list[str] = []
    for door in doors_of("staff"):
        for address in door.addresses:
            for thing in made if "_pk}" in address else made[:1]:
                for method in METHODS if thing is made[0] else ("GET",):
                    if not is_ours(address, thing.kind.name, method, viewer):
                        continue
                    answer = ask(client, asked := fill(address, thing), method)
                    if is_let_in(answer):
                        faults.append(f"{method} {asked}: {answer.status}")
    assert faults == []


def is_let_in(answer: Answer) -> bool:
    """Return whether a screen of the desk opened for who asked."""
    leads_to_sign_in = answer.status == 302 and answer.headers["Location"].startswith("/admin/login/")
    return not leads_to_sign_in and answer.status not in {403, 404, 405}


@pytest.mark.parametrize("viewer", [people.CATALOGUER, people.CATALOGUER_A, people.ADMINISTRATOR, people.STEWARD_A])
def test_the_desk_tells_no_word_of_what_is_closed_to_who_works_there(matrix: Matrix, viewer: str) -> None:
    assert list(desk_faults(matrix, viewer, shared=True)) == []


def desk_faults(matrix: Matrix, viewer: str, *, shared: bool = False) -> Iterator[str]:
    """Yield what the screens of the desk tell somebody who works there of what is closed to them. Screens of rows: here of four things, in
    `row_faults` of all. `shared`: only this profile's cells."""
    client = matrix.clients[viewer]
    asked_of = [matrix.thing(kind) for kind in ("public", "of_a", "nobody", "file_of_a")]
    for door in doors_of("staff", "auth"):
        closed = closed_by(door, matrix, viewer)
        every = [list(dict.fromkeys(fill(address, thing) for thing in asked_of)) for address in door.addresses]
        ours = [one_of(several, several[0], viewer) if shared else several for several in every]
        for asked in (one for several in ours for one in several):
            answer = ask(client, asked)
            if answer.status >= 500:
                yield f"{asked}: {answer.status}"
            yield from told_faults(closed, viewer, asked, answer)


def told_faults(closed: Mapping[str, Sequence[str]], viewer: str, asked: str, answer: Answer) -> Iterator[str]:
    """Yield of what a screen tells by a word that is closed to this viewer, and was not asked for."""
    for name, words in closed.items():
        if any(word not in asked and answer.holds(word) for word in words):
            yield f"{asked} tells {viewer} of {name}"


def closed_by(door: Door, matrix: Matrix, viewer: str) -> Mapping[str, Sequence[str]]:
    """Return what the screens behind a door must not tell, by what it is of."""
    of_things = {thing.kind.name: closed_words(door, thing, viewer) for thing in matrix.things}
    return {**of_things, "communities": communities.words_closed_to(viewer)}


def closed_words(door: Door, thing: Thing, viewer: str) -> tuple[str, ...]:
    """Return what this screen must not tell. Places that are hidden from the public are the desk's to describe."""
    words = set(thing.words_closed_to(viewer)) - set(thing.place_words)
    if door.shows in {"headings", "item", "consents"} and viewer in people.STAFF:
        words -= {*thing.heading_words, *thing.untold_words}
    if door.shows == "communities" and viewer in people.STAFF:
        words -= {*thing.heading_words, planted.word(thing.kind.name, "contact of community")}
    if door.shows == "communities" and (viewer == people.ADMINISTRATOR or viewer in thing.kind.seen_by):
        # To whom something was opened is for those who look after it, and for administrators, by its identifier.
        words -= {thing.item.pid, thing.file.pid, planted.word(thing.kind.name, "grant")}
    if door.shows in {"item", "consents"} and viewer in people.STAFF & thing.kind.seen_by:
        words -= {planted.word(thing.kind.name, name) for name in papers.OF_ITS_CONSENT}
    if door.shows in {"item", "identifiers"} and viewer in thing.kind.seen_by & thing.kind.requests_read_by:
        # Stewards read the story of what lies under their protocols, with the reasons that were given.
        words.discard(thing.reason)
    if door.shows == "bin" and viewer in thing.kind.in_bin_of:
        words -= {thing.file_name, *(planted.word(thing.kind.name, name) for name in ("title", "identifier"))}
    if door.shows == "requests" and viewer in thing.kind.requests_read_by:
        words -= {thing.item.pid, *(planted.word(thing.kind.name, name) for name in papers.OF_ITS_REQUEST)}
    if door.shows == "told" and viewer in telling.read_by(thing.kind):
        names = (*telling.SHOWN, *telling.PRIVATE)
        words -= {thing.item.pid, *(planted.word(thing.kind.name, name) for name in names)}
    if door.shows == "identifiers":
        words -= {thing.item.pid, thing.file.pid}
    return tuple(words)


def may_open(address: str, thing: Thing, viewer: str) -> bool:
    """Return whether the screen of a row is open to somebody."""
    if "/bin/" in address:
        return viewer in thing.kind.in_bin_of
    if "{told_pk}" in address:
        return viewer in telling.read_by(thing.kind)
    if "{exhibit_pk}" in address:
        # What was opened to one person is the item, not what stands under the same rule.
        return viewer in people.STAFF & thing.kind.seen_by - frozenset(thing.kind.item_grants)
    if "{people_pk}" in address:
        return viewer in people.STAFF
    if "{petition_pk}" in address:
        return viewer in thing.kind.requests_read_by
    if "/history/compare/" in address or "/history/restore/" in address:
        return viewer in people.STAFF & thing.kind.seen_by
    if any(f"{{item_pk}}/{screen}/" in address for screen in ("change", "history", "access")):
        return viewer in thing.kind.seen_by & (people.STAFF | thing.kind.requests_read_by)
    return viewer in people.STAFF & (thing.kind.files_seen_by if "{master_pk}" in address else thing.kind.seen_by)


@pytest.mark.parametrize("viewer", [people.CATALOGUER, people.CATALOGUER_A, people.ADMINISTRATOR, people.STEWARD_A])
def test_a_row_closed_to_who_works_there_is_answered_like_one_that_never_was(matrix: Matrix, viewer: str) -> None:
    assert list(row_faults(matrix, viewer)) == []


def row_faults(matrix: Matrix, viewer: str) -> Iterator[str]:
    """Yield by which addresses a viewer can tell a closed row from none, does not get an open one, or is told of another one."""
    client = matrix.clients[viewer]
    for door in doors_of("staff"):
        closed = closed_by(door, matrix, viewer)
        for address in (address for address in door.addresses if "_pk}" in address):
            unknown = ask(client, fill(address, matrix.things[0], unknown=True))
            nothing = without(unknown, str(UNKNOWN_PK))
            for thing in matrix.things:
                is_open = may_open(address, thing, viewer)
                if not (is_its_turn if is_open else is_ours)(address, thing.kind.name, viewer):
                    continue
                answer = ask(client, asked := fill(address, thing))
                yield from told_faults(closed, viewer, asked, answer)
                if is_open:
                    if answer.status not in {200, 302} and not address.endswith(NOT_FOR_EACH):
                        yield f"{viewer} does not get {thing.kind.name} by {address}: {answer.status}"
                    continue
                got = without(answer, *map(str, keys_of(thing).values()))
                if (got.status, got.headers.get("Location")) != (nothing.status, nothing.headers.get("Location")):
                    yield f"{viewer} can tell that {thing.kind.name} is there by {address}"


def test_a_steward_finds_at_the_desk_what_is_theirs_and_nothing_of_staff(matrix: Matrix) -> None:
    client = matrix.clients[people.STEWARD_A]
    faults: list[str] = []
    for door in doors_of("staff"):
        for address in door.addresses:
            answer = ask(client, asked := fill(address, matrix.thing("of_a")))
            if address in OPEN_TO_STEWARDS and answer.status != 200:
                faults.append(f"{asked} is closed: {answer.status}")
            if answer.status == 200 and door.shows not in OF_STEWARDS and not asked.endswith(LEADING_ON):
                faults.append(f"{asked} is open")
    assert faults == []


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_an_upload_goes_to_an_item_that_its_sender_may_see_and_describe(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    before = ItemFile.objects.count()
    random = begin(client, new_pid())
    faults: list[str] = []
    for thing in matrix.things:
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
def test_somebody_elses_upload_is_answered_like_one_that_never_was(matrix: Matrix, viewer: str) -> None:
    begin(matrix.clients[people.CATALOGUER], matrix.things[0].item.pid)
    intake = ItemFile.objects.filter(intake__isnull=False).get().intake
    assert intake is not None
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        one = ask(matrix.clients[viewer], f"/uploads/{intake.pid}", method, **headers)
        other = ask(matrix.clients[viewer], f"/uploads/{'0' * 32}", method, **headers)
        assert without(one, intake.pid) == without(other, "0" * 32)
    assert ItemFile.objects.filter(intake=intake).exists()
