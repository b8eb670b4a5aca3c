"""The doors for other libraries by every verb, by places in lists that were somebody else's, and by questions that are refused: none of it
tells more than a plain question does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from access import policy
from access.models import PartnerKey
from archive.actions.choose_access import choose_item_access
from interop.iiif.presentation import views as presentation
from interop.oai import listing, partner_sets
from interop.oai.formats import FORMATS
from tests.access_matrix import people, planted
from tests.access_matrix.answers import Answer, ask, without
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.routes import doors
from tests.access_matrix.things import Thing

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
ASKING = (people.VISITOR, people.MEMBER_A, people.PARTNER, people.PARTNER_A)
WORDS = (
    "title",
    "identifier",
    "people",
    "subject",
    "collection",
    "agent",
    "place",
    "unspoken",
    "slur",
    "contents",
    "said",
    "name",
)
LISTS = (
    "/api/v1/items/?page_size=1",
    "/api/v1/changes/?page_size=1",
    "/api/v1/search/?q=nha+rong&page_size=1",
    "/api/v1/peoples/?page_size=1",
    "/api/v1/agents/?page_size=1",
    "/iiif/presentation/3/collection/matrix-collections",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListIdentifiers&metadataPrefix=marcxml",
)
PAGES_MOST, HARVEST_PAGES_MOST = 4, 80
# What a door repeats of a question that it does not take, or finds nothing for.
REFUSED = (
    "/oai?verb={title}",
    "/oai?verb=Identify&{title}=1",
    "/oai?verb=ListRecords&metadataPrefix={title}",
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={title}",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=people:{people}",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=collection:{collection}",
    "/oai?verb=ListRecords&resumptionToken={title}",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc&from={title}",
    "/sru?query=({title}",
    "/sru?query={title}.x=1",
    "/sru?query=dc.title={title}&recordSchema={title}",
    "/sru?query=dc.title%20any%20{title}&startRecord=2",
    "/api/v1/items/?people={people}&count=true",
    "/api/v1/items/?subject={subject}&count=true",
    "/api/v1/items/?collection={collection}&count=true",
    "/api/v1/items/?{title}=1",
    "/api/v1/items/?cursor={title}",
    "/api/v1/items/{title}/",
    "/api/v1/search/?q={title}",
    "/api/v1/search/?q=nha&cursor={title}",
    "/api/v1/changes/?since={title}",
    "/iiif/presentation/3/collection/{collection}",
    "/iiif/presentation/3/collection/matrix-collections?cursor={title}",
)


def addresses(thing: Thing, *begin: str) -> Iterator[str]:
    """Yield the addresses of doors that begin so, with a thing's own words and pids."""
    words = {name: planted.word(thing.kind.name, name) for name in WORDS}
    words |= {"item": thing.item.pid, "file": thing.file.pid, "note": thing.note}
    for door in doors():
        for address in door.all_addresses:
            if address.startswith(begin):
                yield address.format(**words)


def posted(client: Client, address: str) -> Answer:
    """Ask by POST what an address asks by GET."""
    parts = urlsplit(address)
    response = client.generic(
        "POST", parts.path, urlencode(parse_qsl(parts.query, keep_blank_values=True)), content_type=FORM
    )
    return Answer(response.status_code, {}, comparable(response.content))


def comparable(body: bytes) -> bytes:
    return re.sub(rb"<responseDate>[0-9TZ:-]+</responseDate>", b"token", body)


@pytest.mark.parametrize("viewer", ASKING)
def test_a_form_is_answered_as_its_address_is(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    for thing in (matrix.thing("public"), matrix.thing("of_a")):
        for address in addresses(thing, "/oai?", "/sru?"):
            assert posted(client, address).body == ask(client, address).body, address


@pytest.mark.parametrize("viewer", ASKING)
def test_a_head_is_the_head_of_the_answer_and_says_no_more(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    for address in addresses(matrix.thing("draft"), "/api/", "/iiif/", "/oai", "/sru"):
        got, head = ask(client, address), ask(client, address, "HEAD")

        assert (head.status, head.body) == (got.status, b""), address
        assert {**head.headers, "Content-Length": ""} == {**got.headers, "Content-Length": ""}, address


@pytest.mark.parametrize("viewer", ASKING)
def test_what_may_be_done_at_an_address_is_the_same_whatever_is_there(matrix: Matrix, viewer: str) -> None:
    client = matrix.clients[viewer]
    for hidden, shown in (("draft", "public"), ("of_a", "public"), ("closed_file", "public")):
        pairs = zip(
            *(addresses(matrix.thing(name), "/api/", "/iiif/", "/oai", "/sru") for name in (hidden, shown)), strict=True
        )
        for one, other in pairs:
            told, asked_of_open = ask(client, one, "OPTIONS"), ask(client, other, "OPTIONS")
            assert told.status in {204, 405}, one
            assert (told.status, told.headers, told.body) == (told.status, asked_of_open.headers, asked_of_open.body), (
                one
            )


def places(client: Client, address: str) -> Iterator[str]:
    """Yield the addresses of further pages of a list, a few; of a harvest all, since what was withdrawn stands at any place of it."""
    for _page in range(HARVEST_PAGES_MOST if address.startswith("/oai") else PAGES_MOST):
        answer = ask(client, address)
        if address.startswith("/oai"):
            token = etree.fromstring(answer.body).findtext(".//{*}resumptionToken")
            address = f"{address.partition('&')[0]}&resumptionToken={quote(token)}" if token else ""
        elif address.startswith("/iiif"):
            last = (json.loads(answer.body)["items"] or [{}])[-1].get("id", "")
            address = re.sub("^https?://[^/]+", "", last) if "cursor=" in last else ""
        else:
            address = re.sub("^https?://[^/]+", "", json.loads(answer.body)["next"] or "")
        if not address:
            return
        yield address


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (listing, "RECORDS_A_PAGE"),
        (listing, "HEADERS_A_PAGE"),
        (partner_sets, "RECORDS_A_PAGE"),
        (presentation, "PART"),
    ):
        monkeypatch.setattr(module, name, 1)


@pytest.mark.parametrize("owner", [people.MEMBER_AB, people.PARTNER_A, people.GRANTEE, people.ADMINISTRATOR])
def test_a_place_in_somebody_elses_list_shows_what_one_may_see_oneself(
    matrix: Matrix, owner: str, short_pages: None
) -> None:
    *_before, last = places(Client(), "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
    left = next(thing for thing in matrix.things if ask(Client(), last).holds(thing.item.pid))
    choose_item_access(left.item, policy.STAFF, actor=None, now=timezone.now())
    of_what_left = {*left.record_words, *left.file_words, *left.bytes_words} - {left.item.pid}
    lent = [one for address in LISTS for one in places(matrix.clients[owner], address)]
    harvested = b"".join(ask(Client(), one).body for one in lent if one.startswith("/oai"))
    assert b'status="deleted"' in harvested
    assert len({address.partition("?")[0] for address in lent}) == len({address.partition("?")[0] for address in LISTS})

    for viewer in (people.VISITOR, people.MEMBER_B, people.PARTNER):
        # Of what was open to all its pid is told: that it is deleted.
        told = {thing.item.pid for thing in matrix.things if thing.kind.leaves_tombstone}
        closed = {name: set(words) - told for name, words in matrix.closed_words(viewer).items()}
        hidden = {
            thing.item.pid
            for thing in matrix.things
            if viewer not in thing.kind.seen_by and not thing.kind.leaves_tombstone
        }
        for address in lent:
            answer = ask(matrix.clients[viewer], address)
            assert answer.status in {200, 400, 404}, address
            assert [name for name, words in closed.items() for one in words if answer.holds(one)] == [], address
            assert [pid for pid in hidden if answer.holds(pid)] == [], address
            if address.startswith("/oai"):
                assert [word for word in of_what_left if answer.holds(word)] == [], address


def test_the_set_of_a_partner_goes_on_for_its_own_live_key_alone(matrix: Matrix, short_pages: None) -> None:
    partner = (
        PartnerKey.objects.select_related("partner").get(partner__account__username__contains=people.PARTNER_A).partner
    )
    own = matrix.clients[people.PARTNER_A]
    (place, *_rest) = places(own, f"/oai?verb=ListRecords&metadataPrefix=oai_dc&set=partner:{partner.pid}")

    refused = {comparable(ask(matrix.clients[one], place).body) for one in people.ASKING if one != people.PARTNER_A}
    nothing = ask(Client(), place.partition("&")[0] + "&resumptionToken=never-was").body

    assert b"<record>" in ask(own, place).body
    assert len(refused) == 1
    assert b"badResumptionToken" in refused.pop()
    assert nothing[nothing.index(b"<error") :] in ask(Client(), place).body

    PartnerKey.objects.filter(partner=partner).update(revoked_at=timezone.now())
    assert ask(own, place).status == 401


BROKEN = ("x", "%00", "..%2F..", "e30:x", "a" * 1600, "%F0%9F%98%80", "null", "%22%3E%3Cb%3E")


@pytest.mark.parametrize(
    "address",
    [
        "/oai?verb=ListRecords&resumptionToken={}",
        "/oai?verb=ListIdentifiers&resumptionToken={}",
        "/oai?verb=ListSets&resumptionToken={}",
        "/api/v1/items/?cursor={}",
        "/api/v1/changes/?cursor={}",
        "/api/v1/search/?q=nha&cursor={}",
        "/api/v1/peoples/?cursor={}",
        "/iiif/presentation/3/collection/matrix-collections?cursor={}",
        "/iiif/presentation/3/rest?cursor={}",
    ],
)
def test_a_place_that_is_none_is_refused_in_one_way_whoever_asks(matrix: Matrix, address: str) -> None:
    for broken in BROKEN:
        answers = [ask(matrix.clients[viewer], address.format(broken)) for viewer in ASKING]

        is_answered = address.startswith("/oai") and broken != "%00"  # with a NUL no door answers
        assert {one.status for one in answers} <= ({200} if is_answered else {400, 404}), broken
        assert len({one.body for one in answers}) == 1, broken


@pytest.mark.parametrize("viewer", [people.VISITOR, people.PARTNER])
@pytest.mark.parametrize("kind", ["draft", "of_a", "nobody"])
def test_a_refusal_repeats_a_hidden_word_as_any_other(matrix: Matrix, viewer: str, kind: str) -> None:
    client = matrix.clients[viewer]
    words = {name: planted.word(kind, name) for name in WORDS}
    unknown = {name: "".join("x" if letter.isalnum() else letter for letter in word) for name, word in words.items()}

    for address in REFUSED:
        told, nothing = ask(client, address.format(**words)), ask(client, address.format(**unknown))
        assert without(told, *words.values()) == without(nothing, *unknown.values()), address


def test_the_tombstone_of_a_harvest_has_a_pid_and_a_day_in_every_format(matrix: Matrix) -> None:
    thing, client = matrix.thing("public"), matrix.clients[people.VISITOR]
    ask(client, "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
    choose_item_access(thing.item, policy.STAFF, actor=None, now=timezone.now())
    words = {*thing.record_words, *thing.file_words, *thing.heading_words, *thing.bytes_words} - {thing.item.pid}

    for prefix in FORMATS:
        for asked in (
            f"GetRecord&identifier=oai:nha-rong.localhost:{thing.item.pid}",
            "ListRecords",
            "ListIdentifiers",
        ):
            for viewer in ASKING:
                answer = ask(matrix.clients[viewer], f"/oai?verb={asked}&metadataPrefix={prefix}")
                root = etree.fromstring(answer.body)
                (header,) = [
                    one for one in root.iter("{*}header") if thing.item.pid in (one.findtext("{*}identifier") or "")
                ]
                assert header.get("status") == "deleted"
                assert [etree.QName(one).localname for one in header] == ["identifier", "datestamp"]
                assert [word for word in words if answer.holds(word)] == [], (prefix, asked, viewer)
