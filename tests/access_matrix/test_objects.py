"""Single things, by every address that leads to one: whoever may see it does, everybody else gets the answer for what never was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.test import Client

from access import devices, policy
from access.identifiers import new_pid
from access.models import Device
from tests.access_matrix import people, planted
from tests.access_matrix.answers import Answer, ask, without
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.routes import Door, doors_of
from tests.access_matrix.things import Thing
from tests.access_matrix.turns import is_its_turn, is_ours, one_of

pytestmark = pytest.mark.django_db
WRONG_REQUEST = "/wrong"  # of a picture: 400 for those who may see it
CONDITIONS: tuple[dict[str, str], ...] = (
    {},
    {"Range": "bytes=0-9"},
    {"If-None-Match": "*"},
    {"Accept-Language": "en"},
    {"Accept": "application/json"},
    {"Accept": "application/ld+json"},
)
# Some of each sort: other ways through a door are gone with these.
OF_EACH_SORT = frozenset(
    {"public", "staff", "of_a", "granted", "file_of_a", "file_granted", "suspended_public", "draft"}
)
# Whose hidden things are asked for in every way: a visitor's, and one of each sort of account.
ASKING_IN_EVERY_WAY = frozenset(
    {people.VISITOR, people.MEMBER_A, people.GRANTEE, people.DEVICE, people.PARTNER_A, people.CATALOGUER}
)


def may_see(door: Door, thing: Thing, viewer: str) -> bool:
    allowed = thing.kind.files_seen_by if door.shows == "file" else thing.kind.seen_by
    return viewer in allowed and (door.open_to != "staff" or viewer in people.STAFF)


def fill(address: str, thing: Thing) -> str:
    return address.format(item=thing.item.pid, file=thing.file.pid)


def every_question() -> Iterator[tuple[Door, str]]:
    for door in doors_of("object", "bytes"):
        for address in (*door.addresses, *door.variations):
            yield door, address


@pytest.mark.parametrize("viewer", people.ASKING)
def test_who_may_see_a_thing_gets_it_and_nobody_else_can_tell_that_it_is(matrix: Matrix, viewer: str) -> None:
    assert list(object_faults(matrix, viewer, every_way=viewer in ASKING_IN_EVERY_WAY, shared=True)) == []


def object_faults(
    matrix: Matrix, viewer: str, *, every_way: bool, shows: str = "", shared: bool = False
) -> Iterator[str]:
    """Yield what is wrong with the answers that a viewer gets about single things. `every_way`: ask for a hidden one in all of them;
    `shows`: only by doors that show items, or files; `shared`: only this profile's cells."""
    client = matrix.clients[viewer]
    for door, address in every_question():
        if shows not in {"", door.shows} or not people.asks_at(viewer, address):
            continue
        nothing = answer_for_nothing(client, address)
        hidden: list[Thing] = []
        for thing in things_asked_for(matrix, door, address):
            is_shown = may_see(door, thing, viewer)
            if shared and not (is_its_turn if is_shown else is_ours)(address, thing.kind.name, viewer):
                continue
            answer = ask(client, fill(address, thing))
            yield from cell_faults(door, address, thing, viewer, answer, nothing)
            if not is_shown and not (door.tombstone and thing.kind.leaves_tombstone):
                hidden.append(thing)
        # One hidden thing is asked for in every way: all of them take the same path.
        for thing in hidden[:1] if every_way else ():
            yield from ways_to_tell(client, door, address, thing, shared=shared)


def things_asked_for(matrix: Matrix, door: Door, address: str) -> Iterator[Thing]:
    """Yield what is asked for by an address: every thing, or some of each sort by another way through the same door."""
    for thing in matrix.things:
        if address not in door.variations or thing.kind.name in OF_EACH_SORT:
            yield thing


def answer_for_nothing(client: Client, address: str) -> Answer:
    """Return the answer about what never was."""
    random_item, random_file = new_pid(), new_pid()
    answer = without(ask(client, address.format(item=random_item, file=random_file)), random_item, random_file)
    assert answer.status == 404, address
    return answer


def cell_faults(door: Door, address: str, thing: Thing, viewer: str, answer: Answer, nothing: Answer) -> Iterator[str]:
    """Yield what is wrong with one cell: the answer about a thing to a viewer, who is answered `nothing` about what never was."""
    if may_see(door, thing, viewer):
        yield from shown_faults(door, answer, thing, viewer, address)
    elif door.tombstone and thing.kind.leaves_tombstone:
        yield from tombstone_faults(door, answer, thing, viewer, address)
    elif without(answer, thing.item.pid, thing.file.pid) != nothing:
        yield f"{viewer} can tell that {thing.kind.name} is there by {address}"


def ways_to_tell(client: Client, door: Door, address: str, thing: Thing, *, shared: bool) -> Iterator[str]:
    """Yield by which requests a hidden thing can be told from what never was. `shared`: only this profile's."""
    random_item, random_file = new_pid(), new_pid()
    unknown = address.format(item=random_item, file=random_file)
    for method in ("HEAD", *door.methods):
        for headers in one_of(CONDITIONS, door.routes[0], address, method) if shared else CONDITIONS:
            expected = without(ask(client, unknown, method, **headers), random_item, random_file)
            got = without(ask(client, fill(address, thing), method, **headers), thing.item.pid, thing.file.pid)
            if got != expected:
                yield f"{thing.kind.name} can be told: {method} {address} {headers}"


def shown_faults(door: Door, answer: Answer, thing: Thing, viewer: str, address: str) -> list[str]:
    """Return what is wrong with the answer to somebody who may see the thing: all that is theirs to see is there, and no more."""
    where = f"{address} of {thing.kind.name}"
    if answer.status not in ({400} if address.endswith(WRONG_REQUEST) else {200, 302, 303}):
        return [f"{viewer} does not get {where}: {answer.status}"]
    faults = leaks(door, answer, thing, viewer, where)
    if answer.status == 200:
        named = (*door.holds, *(door.holds_of_file if viewer in thing.kind.files_seen_by else ()))
        expected = [(name, planted.word(thing.kind.name, name)) for name in named]
        expected += [("bytes", word) for ending, word in bodies(thing).items() if address.endswith(ending)]
        faults += [f"{viewer} does not find the {name} at {where}" for name, word in expected if not answer.holds(word)]
    elif answer.status != 400 and thing.item.pid not in (place := answer.headers["Location"]):
        faults += [] if thing.file.pid in place else [f"{where} leads {viewer} elsewhere: {place}"]
    return faults


def bodies(thing: Thing) -> Mapping[str, str]:
    """Return what tells each kind of body that is really there, by the end of its address."""
    content, text = (planted.word(thing.kind.name, name) for name in ("bytes", "text"))
    return {
        "/480.webp": content,
        "/text.json": text,
        "/pyramid.tif": "II",
        "/master": content,
        "/status": "ready",
        "/info.json": thing.file.pid,
        ".jpg": "image/jpeg",
    }


def tombstone_faults(door: Door, answer: Answer, thing: Thing, viewer: str, address: str) -> list[str]:
    """Return what is wrong with the answer about an item that was open to all and is withdrawn: identifier and day, and nothing else."""
    where = f"the tombstone of {thing.kind.name} at {address}"
    if answer.status == 302:
        return [] if answer.headers["Location"].endswith(f"/items/{thing.item.pid}/") else [f"{where} leads elsewhere"]
    faults = [] if answer.status == 410 else [f"{where} is answered {answer.status} to {viewer}"]
    if answer.headers["Cache-Control"] != "private, no-store":
        faults.append(f"{where} may be kept: it may come back")
    # The number by which lists and letters name it is what a tombstone is for.
    told = Answer(
        answer.status, answer.headers, answer.body.replace(planted.word(thing.kind.name, "identifier").encode(), b"")
    )
    return faults + leaks(door, told, thing, viewer, where)


def leaks(door: Door, answer: Answer, thing: Thing, viewer: str, where: str) -> list[str]:
    """Return which planted words of a thing an answer holds that this viewer must not read. What was asked for may be repeated."""
    closed = [word for word in thing.words_closed_to(viewer) if word not in {thing.item.pid, thing.file.pid}]
    # The name under which a file came may tell of people: only the master itself carries it, to staff.
    never = [
        planted.word(thing.kind.name, name)
        for name in ("note", "name", "rights note")
        if name != "name" or door.open_to != "staff"
    ]
    return [f"{where} tells {viewer} a planted word" for word in (*closed, *never) if answer.holds(word)]


NOT_TO_BE_KEPT = frozenset(
    {"registered", "opened", "open", "of_a", "granted", "draft", "file_of_a", "file_granted", "closed_file"}
)


@pytest.mark.parametrize("viewer", [people.VISITOR, people.MEMBER_A, people.GRANTEE, people.CATALOGUER])
def test_what_was_opened_to_all_may_be_kept_by_caches_and_nothing_else_may(matrix: Matrix, viewer: str) -> None:
    assert list(kept_faults(matrix, viewer, shared=True)) == []


def kept_faults(matrix: Matrix, viewer: str, *, shared: bool = False) -> Iterator[str]:
    """Yield which answers that depend on who asks might be kept by a cache. `shared`: only this profile's cells."""
    for door, address in every_question():
        for thing in (one for one in matrix.things if one.kind.name in NOT_TO_BE_KEPT):
            if door.shows == "item" and thing.kind.access == policy.PUBLIC and thing.kind.state == "published":
                continue
            if shared and not is_ours(address, thing.kind.name, viewer):
                continue
            control = ask(matrix.clients[viewer], fill(address, thing)).headers["Cache-Control"]
            if control != "private, no-store":
                yield f"{thing.kind.name} by {address}: {control}"


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(matrix: Matrix) -> None:
    client = matrix.clients[people.READER]
    address = f"/files/{matrix.thing('registered').file.pid}/thumbnail/480.webp"
    first = ask(client, address)
    assert first.status == 200

    user = people.account(people.READER)
    user.is_active = False
    user.save()

    assert ask(client, address).status == 404
    assert ask(client, address, **{"If-None-Match": first.headers["ETag"]}).status == 404


PUBLIC_BYTES = (
    "/files/{file}/thumbnail/480.webp",
    "/files/{file}/text/text.json",
    "/iiif/image/3/{file}/info.json",
    "/iiif/image/3/{file}/full/max/0/default.jpg",
)


@pytest.mark.parametrize("address", PUBLIC_BYTES)
def test_what_everybody_may_see_is_the_same_answer_for_everybody_in_every_language(
    matrix: Matrix, address: str
) -> None:
    asked = fill(address, matrix.thing("public"))
    answers = [
        ask(matrix.clients[viewer], asked, **{"Accept-Language": language})
        for viewer in (people.VISITOR, people.MEMBER_A, people.CATALOGUER, people.DEVICE)
        for language in ("vi", "en")
    ]

    assert answers[0].headers["Cache-Control"].startswith("public")
    assert not {"Cookie", "Accept-Language"} & set(answers[0].headers.get("Vary", "").split(", "))
    assert all(answer == answers[0] for answer in answers)


def test_an_answer_that_brings_somebody_a_cookie_is_kept_by_no_cache(matrix: Matrix) -> None:
    address = fill(PUBLIC_BYTES[0], matrix.thing("public"))
    Device.objects.update(last_seen_on=None)

    answer = matrix.clients[people.DEVICE].get(address)

    assert devices.COOKIE in answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
