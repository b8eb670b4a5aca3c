"""A careless cache in front of the site: the matrix is asked for through a real nginx, with the expectations of tests/access_matrix.

By each address of a thing some viewers ask about each kind of thing, after one another: one who may see it, others who may not, and one who
may. They take turns, so that every viewer asks about every kind and by every door, and about every kind is asked by every door (`uncovered`
says where not). Each list is asked for by four of them, with the words of one thing. With --long everybody asks for everything, in both
profiles; without, PostgreSQL is asked alone, before which such caches stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.access_matrix import matrix as whole
from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.leaks import SEEN_BY
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.planted_leaks import BY_WAY_OF_A_CACHE, LEAKS, Leak
from tests.access_matrix.routes import Door, doors_of
from tests.access_matrix.test_desk import fill as fill_desk
from tests.access_matrix.test_desk import is_let_in
from tests.access_matrix.test_lists import OPEN_KINDS, addresses, is_for_strangers, missing_faults, told_faults
from tests.access_matrix.test_objects import (
    PUBLIC_BYTES,
    answer_for_nothing,
    cell_faults,
    every_question,
    fill,
    may_see,
    things_asked_for,
)
from tests.access_matrix.things import Thing
from tests.access_matrix.turns import one_of
from tests.conftest import folders_below
from tests.doors.careless_cache import Front, careless_cache, live_site
from tests.services import NotHere

# Whose words stand in the questions of lists.
ASKED_FOR = ("public", "of_a", "nobody")
# Who sees more than a stranger, each in another way: the first to ask for a list.
SEE_MORE = (
    people.MEMBER_AB,
    people.STEWARD_A,
    people.GRANTEE,
    people.DEVICE_A,
    people.CATALOGUER_A,
    people.ADMINISTRATOR,
)
IN_TURN = 2


@dataclass(frozen=True)
class Site:
    """The live site with the matrix in it, and the settings under which its files lie in their store."""

    matrix: Matrix
    port: int
    settings: dict[str, Any]  # Any: values of settings


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Open the database to the whole module, and empty its tables afterwards; pytest-django's own fixture does so for each test."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def site(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Make the matrix once, where the live site sees it."""
    own = folders_below(tmp_path_factory.mktemp("site"))
    with override_settings(**own):
        with transaction.atomic():
            matrix = whole.make(tmp_path_factory.mktemp("sources"))
        with live_site() as port:
            yield Site(matrix, port, own)


@pytest.fixture
def front(site: Site, settings: LazySettings) -> Iterator[Front]:
    """An empty cache in front of the site."""
    for name, value in site.settings.items():
        setattr(settings, name, value)
    try:
        with careless_cache(site.matrix, site.port) as made:
            yield made
    except NotHere as missing:
        pytest.skip(f"not on this machine: {missing}")


def asking(door: Door, thing: Thing, turn: int, *, everybody: bool) -> list[str]:
    """Return who asks about a thing, in this order: one who may see it, those who may not, and others who may, or the first again."""
    seers = _turned([viewer for viewer in people.VIEWERS if may_see(door, thing, viewer)], 2 * turn)
    hiders = _turned([viewer for viewer in people.VIEWERS if not may_see(door, thing, viewer)], IN_TURN * turn)
    if not everybody:
        hiders = hiders[:IN_TURN]
        seers = seers[: 2 if hiders else IN_TURN]
    first, last = seers[:1], seers[1:] or (seers if hiders else [])
    return [*first, *hiders, *last]


def _turned(viewers: Sequence[str], by: int) -> list[str]:
    start = by % len(viewers) if viewers else 0
    return [*viewers[start:], *viewers[:start]]


def object_faults(front: Front, *, everybody: bool, shows: str = "") -> Iterator[str]:
    """Yield what is wrong with the answers about single things by way of the cache. `shows`: only by doors that show items, or files."""
    cells: set[tuple[str, str, str]] = set()
    turns = Counter({thing.kind.name: number for number, thing in enumerate(front.matrix.things)})
    for door, address in every_question():
        if shows not in {"", door.shows}:
            continue
        nothing = {name: answer_for_nothing(client, address) for name, client in front.matrix.clients.items()}
        for thing in things_asked_for(front.matrix, door, address):
            turns[thing.kind.name] += 1
            for viewer in asking(door, thing, turns[thing.kind.name], everybody=everybody):
                asked = fill(address, thing)
                answer = ask(front.matrix.clients[viewer], asked)
                is_everybodys = all(may_see(door, thing, anybody) for anybody in people.VIEWERS)
                yield from front.kept_faults(viewer, asked, answer, may_be_kept=is_everybodys)
                yield from cell_faults(door, address, thing, viewer, answer, nothing[viewer])
                cells.add((door.routes[0], thing.kind.name, viewer))
    yield from uncovered(cells, {thing.kind.name for thing in front.matrix.things})


def uncovered(cells: set[tuple[str, str, str]], kinds: set[str]) -> Iterator[str]:
    """Yield which viewer asked nothing about a kind, or nothing by a door, and which kind was not asked about by a door."""
    for first, second, one, other in (
        (1, 2, kinds, set(people.VIEWERS)),
        (0, 2, {door for door, _kind, _viewer in cells}, set(people.VIEWERS)),
        (0, 1, {door for door, _kind, _viewer in cells}, kinds),
    ):
        met = {(cell[first], cell[second]) for cell in cells}
        yield from (f"{a} and {b} did not meet" for a in sorted(one) for b in sorted(other) if (a, b) not in met)


def list_faults(front: Front, asked: Sequence[str], *, everybody: bool) -> Iterator[str]:
    """Yield what lists, searches, counts and headings tell by way of the cache."""
    closed = {viewer: front.matrix.closed_words(viewer) for viewer in people.VIEWERS}
    for turn, address in enumerate(asked):
        first = SEE_MORE[turn % len(SEE_MORE)]
        others = _turned([viewer for viewer in people.VIEWERS if viewer not in {first, people.VISITOR}], 2 * turn)
        # Harvests, catalogues and feeds hold what strangers may see, and who is blocked sees less.
        for viewer in (first, people.VISITOR, *(others if everybody else others[:2]), first):
            if is_for_strangers(address) and viewer == people.BLOCKED_A:
                continue
            answer = ask(front.matrix.clients[viewer], address)
            yield from front.kept_faults(viewer, address, answer)
            yield from told_faults(closed[viewer], viewer, address, answer)


def lists(matrix: Matrix) -> list[str]:
    named = zip(*(addresses(*OPEN_KINDS, of=matrix.thing(kind).kind) for kind in ASKED_FOR), strict=True)
    return list(dict.fromkeys(address for ways in named for address in one_of(ways, ways[0])))


EXTENTS = [pytest.param(False, id="in turn"), pytest.param(True, id="everybody", marks=pytest.mark.long)]


@pytest.mark.parametrize("everybody", EXTENTS)
def test_who_may_see_a_thing_gets_it_through_a_cache_and_nobody_else_can_tell(front: Front, everybody: bool) -> None:
    assert settings.SENDFILE != "nginx"

    assert list(object_faults(front, everybody=everybody)) == []


@pytest.mark.parametrize("everybody", EXTENTS)
def test_no_list_that_comes_through_a_cache_tells_of_what_its_reader_may_not_see(front: Front, everybody: bool) -> None:
    assert list(list_faults(front, lists(front.matrix), everybody=everybody)) == []
    for viewer in people.VIEWERS if everybody else (people.MEMBER_A, people.VISITOR, people.GRANTEE):
        assert list(missing_faults(front.matrix, viewer)) == []


def test_no_screen_of_the_desk_is_kept_for_strangers(front: Front) -> None:
    assert list(desk_faults(front)) == []


def desk_faults(front: Front) -> Iterator[str]:
    """Yield which screens of the desk strangers get after an administrator has opened them."""
    thing = front.matrix.thing("of_a")
    for asked in (fill_desk(address, thing) for door in doors_of("staff") for address in door.addresses):
        ask(front.matrix.clients[people.ADMINISTRATOR], asked)
        for viewer in (people.VISITOR, people.MEMBER_A):
            if is_let_in(ask(front.matrix.clients[viewer], asked)):
                yield f"{viewer} gets {asked}"


WAYS: tuple[tuple[str, dict[str, str]], ...] = (
    ("HEAD", {}),
    ("GET", {"Range": "bytes=0-3"}),
    ("GET", {"Accept-Language": "en"}),
)


@pytest.mark.parametrize("kind", ["public", "of_a"])
def test_other_ways_to_ask_are_answered_through_a_cache_as_without_it(front: Front, kind: str) -> None:
    faults = []
    for _door, address in every_question():
        asked = fill(address, front.matrix.thing(kind))
        ask(front.matrix.clients[people.MEMBER_A], asked)
        for method, headers in WAYS:
            for viewer in (people.MEMBER_A, people.VISITOR):
                got = ask(front.matrix.clients[viewer], asked, method, **headers)
                # Of what it might keep nginx asks for the whole, and gives the whole of what it may not.
                is_whole = "Range" in headers and got.status == 200
                expected = ask(front.directly.clients[viewer], asked, method, **({} if is_whole else headers))
                if (got.status, got.body) != (expected.status, expected.body):
                    faults.append(f"{viewer}: {method} {asked} {headers}: {got.status} instead of {expected.status}")
    assert faults == []


@pytest.mark.parametrize("address", PUBLIC_BYTES)
def test_the_cache_is_there_and_keeps_what_is_everybodys(front: Front, address: str) -> None:
    asked = fill(address, front.matrix.thing("public"))
    kept = []
    for viewer in (people.MEMBER_A, people.VISITOR, people.CATALOGUER):
        assert ask(front.matrix.clients[viewer], asked).status == 200
        kept.append(front.line.was_kept)

    assert kept == [False, True, True]


CHECKS: dict[str, Callable[[Front], Iterator[str]]] = {
    "cached items": lambda front: object_faults(front, everybody=False, shows="item"),
    "cached files": lambda front: object_faults(front, everybody=False, shows="file"),
    "cached lists": lambda front: list_faults(front, ["/api/v1/peoples/"], everybody=False),
    "cached desk": desk_faults,
}


@pytest.mark.parametrize("leak", [one for one in LEAKS if one.check in BY_WAY_OF_A_CACHE], ids=lambda leak: leak.name)
def test_a_leak_made_on_purpose_is_seen_through_the_cache(
    front: Front, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None], leak: Leak
) -> None:
    leak.plant(monkeypatch)

    fault = next(CHECKS[leak.check](front), "")

    record_property(SEEN_BY, fault)
    assert fault
