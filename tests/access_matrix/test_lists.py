"""Lists, searches, counts and headings: what a viewer may not see changes not one byte of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from django.test import Client

from tests.access_matrix import people, things
from tests.access_matrix.answers import Answer, ask
from tests.access_matrix.routes import doors, doors_of
from tests.access_matrix.things import Kind, Thing

pytestmark = pytest.mark.django_db
LANGUAGES = ("vi", "en")
# Whose own words are asked for, in every list: one of each way of being hidden is enough for that.
ASKED_FOR = frozenset({"public", "registered", "staff", "nobody", "draft", "tampered_rule"})
OPEN_KINDS = ("listing", "aggregate", "public-static", "machine")


def addresses(*kinds: str, of: Kind) -> list[str]:
    """Return the addresses of doors of some kinds, with the words of one kind of thing in the questions."""
    names = ("title", "identifier", "people", "collection", "place", "note", "name")
    words = {name: things.word(of.name, name) for name in names}
    asked = [address for door in doors_of(*kinds) for address in door.all_addresses]
    return [address.format(**words) for address in asked if "_pk}" not in address and "{upload}" not in address]


def answers(client: Client, asked: list[str]) -> Mapping[tuple[str, str], Answer]:
    return {
        (address, language): ask(client, address, **{"Accept-Language": language})
        for address in asked
        for language in LANGUAGES
        # Pages have their language in the address; the interfaces go by what the reader's program accepts.
        if language == "vi" or address.startswith("/api/")
    }


def split(viewer: str) -> tuple[list[Kind], list[Kind]]:
    """Return the kinds of things that a viewer may see, and those they may not."""
    everything = things.kinds()
    return [one for one in everything if viewer in one.seen_by], [
        one for one in everything if viewer not in one.seen_by
    ]


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_every_list_is_the_same_bytes_with_and_without_hidden_things(tmp_path: Path, viewer: str) -> None:
    assert list_faults(people.clients()[viewer], tmp_path, *split(viewer)) == []


def list_faults(
    client: Client, folder: Path, seen: list[Kind], hidden: list[Kind], *, only: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Return the questions whose answers change when hidden things are added to those that may be seen."""
    for kind in seen:
        things.make(kind, folder)
    every = (address for kind in (seen[0], hidden[0]) for address in addresses(*OPEN_KINDS, of=kind))
    asked = list(only) or list(dict.fromkeys(every))
    before = answers(client, asked)
    for kind in hidden:
        things.make(kind, folder)
    after = answers(client, asked)
    return [question for question in before if before[question] != after[question]]


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_no_list_holds_a_word_of_what_its_reader_may_not_see(tmp_path: Path, viewer: str) -> None:
    client = people.clients()[viewer]
    made = [things.make(kind, tmp_path) for kind in things.kinds()]
    named = [thing for thing in made if thing.kind.name in ASKED_FOR]
    asked = list(dict.fromkeys(address for thing in named for address in addresses(*OPEN_KINDS, of=thing.kind)))
    faults: list[str] = []
    for address in asked:
        answer = ask(client, address)
        assert answer.status < 500, address
        for thing in made:
            # A page repeats the question; another word of the same thing it must not know.
            words = [word for word in thing.words_closed_to(viewer) if word not in address]
            faults += [f"{address} tells {viewer} of {thing.kind.name}" for word in words if answer.holds(word)]
    assert faults == []


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_every_list_of_items_holds_what_its_reader_may_see(tmp_path: Path, viewer: str) -> None:
    client = people.clients()[viewer]
    made = [things.make(kind, tmp_path) for kind in things.kinds()]
    published = [thing for thing in made if thing.kind.state == "published" and viewer in thing.kind.seen_by]

    for address in ("/items/", "/search/?q=nha+rong", "/api/v1/items/", "/api/v1/search/?q=nha+rong"):
        answer = ask(client, address)
        missing = [thing.kind.name for thing in published if not answer.holds(thing.item.pid)]
        assert missing == [], address


def test_a_sitemap_is_for_strangers_whoever_asks(tmp_path: Path) -> None:
    for kind in things.kinds():
        things.make(kind, tmp_path)
    clients = people.clients()

    assert len({ask(clients[viewer], "/sitemap.xml").body for viewer in people.VIEWERS}) == 1


def test_every_kind_of_door_is_tested() -> None:
    tested = {*OPEN_KINDS, "object", "bytes", "staff", "auth", "write"}

    assert {door.kind for door in doors()} <= tested


def planted(thing: Thing) -> tuple[str, ...]:
    """Return every planted word of a thing."""
    words = (*thing.record_words, *thing.file_words, *thing.place_words, *thing.heading_words, *thing.bytes_words)
    return (*words, thing.note, thing.file_name)


def test_planted_words_are_found_where_they_may_be_read(tmp_path: Path) -> None:
    """The net has no hole: every word that tests look for stands in an answer to somebody who may read it."""
    thing = things.make(things.kinds()[0], tmp_path)
    client = people.clients()[people.CATALOGUER]
    asked = [
        f"/api/v1/items/{thing.item.pid}/",
        f"/files/{thing.file.pid}/thumbnail/480.webp",
        f"/files/{thing.file.pid}/text/text.json",
        f"/admin/archive/item/{thing.item.pk}/change/",
    ]
    found = [ask(client, address) for address in asked]

    assert [word for word in planted(thing) if not any(answer.holds(word) for answer in found)] == []
