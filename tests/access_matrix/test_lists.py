"""Lists, searches, counts and headings: what a viewer may not see changes not one byte of them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.test import Client

from archive.models import People
from tests.access_matrix import descriptions, exhibited, noting, people, planted
from tests.access_matrix.answers import Answer, ask, without
from tests.access_matrix.kinds import Kind
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.removal import remove
from tests.access_matrix.routes import doors, doors_of
from tests.access_matrix.things import Thing
from tests.access_matrix.turns import is_ours, one_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("vi", "en")
# Whose own words are asked for, in every list: the first that one may see, the first that one may not, and these.
ASKED_FOR = ("of_a", "draft", "granted")
OPEN_KINDS = ("listing", "aggregate", "public-static", "machine")
NEXT = re.compile(r'rel="next" href="([^"]+)"')
PAGES_MOST = 5
LISTS_OF_ITEMS = ("/items/", "/search/?q=nha+rong", "/api/v1/items/?page_size=20", "/api/v1/search/?q=nha+rong")
# What these addresses show to nobody.
NOT_SHOWN = (
    "relic",
    "restriction",
    "grant",
    "contact of community",
    "statement",
    "community",
    "label",
    "exhibit map",
    noting.NOTE,
)


def addresses(*kinds: str, of: Kind) -> list[str]:
    """Return the addresses of doors of some kinds, with the words of one kind of thing in the questions."""
    names = (
        "title",
        "identifier",
        "people",
        "subject",
        "collection",
        "agent",
        "place",
        "note",
        "name",
        "unspoken",
        "slur",
        "contents",
        "said",
        "exhibit",
    )
    words = {name: planted.word(of.name, name) for name in names}
    asked = [address for door in doors_of(*kinds) for address in door.all_addresses]
    return [address.format(**words) for address in asked if "_pk}" not in address and "{upload}" not in address]


def answers(client: Client, asked: Sequence[str]) -> Mapping[tuple[str, str], Answer]:
    return {
        (address, language): ask(client, address, **{"Accept-Language": language})
        for address in asked
        for language in LANGUAGES
        # Pages have their language in the address; the interfaces go by what the reader's program accepts.
        if language == "vi" or address.startswith("/api/")
    }


def split(matrix: Matrix, viewer: str) -> tuple[list[Thing], list[Thing]]:
    """Return the things that a viewer may see, and those they may not."""
    seen = [thing for thing in matrix.things if viewer in thing.kind.seen_by]
    return seen, [thing for thing in matrix.things if viewer not in thing.kind.seen_by]


@pytest.mark.parametrize("viewer", people.ASKING)
def test_no_list_tells_of_what_its_reader_may_not_see_by_a_word_or_by_a_byte(matrix: Matrix, viewer: str) -> None:
    seen, hidden = split(matrix, viewer)
    named = [seen[0], hidden[0], *(matrix.thing(kind) for kind in ASKED_FOR)]
    asked: list[str] = []
    for ways in zip(*(addresses(*OPEN_KINDS, of=thing.kind) for thing in named), strict=True):
        # One question with the words of one thing after another, or one without any.
        several = list(dict.fromkeys(ways))
        asked += one_of(several, several[0], viewer) if is_ours(several[0], viewer) else ()
    if viewer == people.BLOCKED_A:
        # Who is blocked sees less than a stranger; the sitemap, feeds, harvests and catalogues are for strangers whoever asks.
        asked = [address for address in asked if not is_for_strangers(address)]

    asked = [address for address in asked if people.asks_at(viewer, address)]

    assert list(list_faults(matrix, viewer, asked)) == []


def is_for_strangers(address: str) -> bool:
    """Return whether a list is one and the same for everybody, also for who may see less."""
    return (
        address.startswith(("/sitemap.xml", "/oai", "/sru", "/iiif/activity/", "/kept"))
        or "/feed.atom" in address
        or "/road.json" in address
    )


def list_faults(matrix: Matrix, viewer: str, asked: Sequence[str]) -> Iterator[str]:
    """Yield what the answers to these questions tell this viewer of what they may not see, by its words or by their bytes."""
    client = matrix.clients[viewer]
    asked = list(dict.fromkeys(asked))
    before = answers(client, asked)
    closed = matrix.closed_words(viewer)
    for (address, _language), answer in before.items():
        yield from told_faults(closed, viewer, address, answer)
    remove([thing for thing in matrix.things if viewer not in thing.kind.seen_by])
    for question, answer in answers(client, asked).items():
        if answer != before[question]:
            yield f"{question} is another answer to {viewer} where nothing is hidden"


def told_faults(closed: Mapping[str, tuple[str, ...]], viewer: str, address: str, answer: Answer) -> Iterator[str]:
    """Yield what a list tells this viewer by a planted word that is closed to them, and whether it broke."""
    if answer.status >= 500:
        yield f"{address} is answered {answer.status}"
    for name, words in closed.items():
        # A page repeats the question; another word of the same thing it must not know.
        if any(word not in address and answer.holds(word) for word in words):
            yield f"{address} tells {viewer} of {name}"


@pytest.mark.parametrize("viewer", people.ASKING)
def test_every_list_of_items_holds_what_its_reader_may_see(matrix: Matrix, viewer: str) -> None:
    assert list(missing_faults(matrix, viewer)) == []


def missing_faults(matrix: Matrix, viewer: str) -> Iterator[str]:
    """Yield what a viewer may see and does not find in the lists of items."""
    client = matrix.clients[viewer]
    shown = [
        thing
        for thing in matrix.things
        if viewer in thing.kind.seen_by and thing.kind.state == "published" and not thing.kind.is_suspended
    ]
    for address in (one for one in LISTS_OF_ITEMS if people.asks_at(viewer, one)):
        pages = list(turned(client, address))
        for thing in shown:
            if not any(page.holds(thing.item.pid) for page in pages):
                yield f"{viewer} does not find {thing.kind.name} in {address}"


def turned(client: Client, address: str) -> Iterator[Answer]:
    """Yield all pages of a list."""
    for _ in range(PAGES_MOST):
        page = ask(client, address)
        yield page
        if page.headers["Content-Type"].startswith("text/html"):
            found = NEXT.search(page.body.decode())
            following = html.unescape(found[1]) if found else ""
        else:
            following = json.loads(page.body)["next"] or ""
        if not following:
            return
        address = following if following.startswith(("/", "http")) else address.partition("?")[0] + following
        address = re.sub("^https?://[^/]+", "", address)


FOR_STRANGERS = (
    "/sitemap.xml",
    "/search/feed.atom",
    "/searches/matrix-search/feed.atom",
    "/feed.atom",
    "/peoples/matrix-peoples/feed.atom",
    "/lists/mxks-2345/road.json",
)


@pytest.mark.parametrize("address", FOR_STRANGERS)
def test_a_sitemap_and_feeds_are_for_strangers_whoever_asks(matrix: Matrix, address: str) -> None:
    assert len({ask(matrix.clients[viewer], address).body for viewer in people.VIEWERS}) == 1


NARROWING = ("/items/?place={}", "/search/?q=nha+rong&place={}", "/api/v1/items/?place={}", "/api/v1/search/?place={}")


@pytest.mark.parametrize("viewer", [people.VISITOR, people.MEMBER_A, people.CATALOGUER])
def test_narrowing_to_a_hidden_place_is_narrowing_to_one_that_never_was(matrix: Matrix, viewer: str) -> None:
    assert list(place_faults(matrix, viewer)) == []


def place_faults(matrix: Matrix, viewer: str) -> Iterator[str]:
    """Yield by which lists a viewer can tell that something they see lies at a place that is hidden."""
    client = matrix.clients[viewer]
    hidden = [thing for thing in matrix.things if thing.kind.hidden_place and viewer in thing.kind.seen_by]
    for thing in hidden:
        slug = planted.word(thing.kind.name, "place")
        for address in NARROWING:
            unknown = "".join("x" if letter.isalnum() else letter for letter in slug)
            told, nothing = (
                without(ask(client, address.format(one)), one, one.capitalize()) for one in (slug, unknown)
            )
            if told != nothing:
                yield f"{address} tells {viewer} where {thing.kind.name} is"


@pytest.mark.parametrize("viewer", people.ASKING)
def test_what_everybody_sees_names_nothing_tied_to_it_that_is_hidden(matrix: Matrix, viewer: str) -> None:
    assert list(tie_faults(matrix, viewer)) == []


def tie_faults(matrix: Matrix, viewer: str) -> Iterator[str]:
    """Yield what the item to which all others are tied tells a viewer of those that are hidden, or does not tell of the others."""
    client, hub = matrix.clients[viewer], descriptions.hub()
    closed = matrix.closed_words(viewer)
    asked = (f"/items/{hub.pid}/", f"/en/items/{hub.pid}/", f"/api/v1/items/{hub.pid}/")
    for address in (one for one in asked if people.asks_at(viewer, one)):
        answer = ask(client, address)
        yield from told_faults(closed, viewer, address, answer)
        for thing in matrix.things:
            if viewer in thing.kind.seen_by and not answer.holds(thing.item.pid):
                yield f"{address} does not lead {viewer} to {thing.kind.name}"


def test_every_kind_of_door_is_tested() -> None:
    tested = {*OPEN_KINDS, "object", "bytes", "staff", "auth", "write", "tombstones"}

    assert {door.kind for door in doors()} <= tested


def words_planted_in(thing: Thing) -> tuple[str, ...]:
    """Return every planted word of a thing."""
    words = (*thing.record_words, *thing.file_words, *thing.place_words, *thing.heading_words, *thing.bytes_words)
    words = (*words, *thing.private_words, *thing.untold_words)
    return (*words, thing.note, thing.rights_note, thing.file_name, thing.reason)


def test_planted_words_are_found_where_they_may_be_read(matrix: Matrix) -> None:
    """The net has no hole: every word that tests look for stands in an answer to somebody who may read it."""
    thing = matrix.thing("public")
    client = matrix.clients[people.ADMINISTRATOR]
    asked = [
        f"/api/v1/items/{thing.item.pid}/",
        "/api/v1/peoples/?page_size=200",
        f"/admin/archive/people/{People.objects.get(slug=planted.word('public', 'people')).pk}/change/",
        f"/files/{thing.file.pid}/thumbnail/480.webp",
        f"/files/{thing.file.pid}/text/text.json",
        f"/files/{thing.file.pid}/captions/segments.json",
        f"/admin/archive/item/{thing.item.pk}/change/",
        f"/admin/archive/consentrecord/{thing.consent_pk}/change/",
        f"/admin/access/petition/{thing.petition_pk}/change/",
        f"/admin/access/auditentry/?q={thing.item.pid}",
        f"/items/{thing.item.pid}/",
        *(f"/admin/archive/contribution/{one.pk}/change/" for one in thing.item.contributions.all()),
        f"/exhibits/{exhibited.SHARED}/p{thing.item.pk}/",
        f"/exhibits/{planted.word('public', 'exhibit')}/",
    ]
    found = [ask(client, address) for address in asked]

    nowhere = {planted.word("public", name) for name in NOT_SHOWN}
    assert {
        word for word in words_planted_in(thing) if not any(answer.holds(word) for answer in found)
    } - nowhere == set()
