"""Pages that tell more than works: a device learns by their seals that they tell something else now, or are closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import AccessRule
from access.policy import Level
from archive import interface_words
from archive.actions.choose_access import choose_item_access
from archive.interface_words import KEYS, OWN_NAME, Frames
from archive.languages import of
from archive.models import (
    Agent,
    BlockKind,
    Collection,
    Exhibit,
    ExhibitBlock,
    ExhibitPage,
    ExhibitPiece,
    InterfaceLanguage,
    InterfaceWord,
    Item,
    ItemAgent,
    ItemPlace,
    People,
    Place,
    PlaceName,
    Subject,
)
from public_site import keeping
from public_site.views.kept import PAGES_MOST
from public_site.views.lists import PAGE_SIZE
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    cache.clear()
    return Client(headers={"accept-encoding": ""})


@pytest.fixture
def item(now: datetime) -> Item:
    """A work with every heading, shown in an exhibit of two pages with a map."""
    made = makers.item(now=now, title="Bài một")
    made.peoples.add(People.objects.create(slug="ba-na", names=of(vi="Ba Na")))
    made.subjects.add(Subject.objects.create(slug="chieng", names=of(vi="Chiêng")))
    made.collections.add(
        Collection.objects.create(slug="suu-tap", names=of(vi="Sưu tập"), descriptions=of(vi="Của làng"))
    )
    agent = Agent.objects.create(slug="y-mo", kind="person", names=of(vi="Y Mơ"), notes=of(vi="Hát hơmon."))
    ItemAgent.objects.create(item=made, agent=agent, role="prf")
    place = Place.objects.create(slug="kon-klor", kind="village", latitude="14.3456", longitude="108.0123")
    PlaceName.objects.create(place=place, text="Kon Klor")
    ItemPlace.objects.create(item=made, place=place, role="origin")
    public = AccessRule.objects.public()
    exhibit = Exhibit.objects.create(
        slug="dem", titles=of(vi="Đêm"), state="published", chosen_rule=public, effective_rule=public, changed_at=now
    )
    for slug in ("mot", "hai"):
        page = ExhibitPage.objects.create(exhibit=exhibit, slug=slug, titles=of(vi=slug), position=len(slug) % 4)
        ExhibitBlock.objects.create(page=page, kind=BlockKind.TEXT, texts=of(vi="Lời kể"))
        block = ExhibitBlock.objects.create(page=page, kind=BlockKind.MAP, position=1)
        ExhibitPiece.objects.create(block=block, place=place, captions=of(vi="Ở đây"))
    block = ExhibitBlock.objects.create(page=page, kind=BlockKind.ITEM, position=2)
    ExhibitPiece.objects.create(block=block, item=made, captions=of(vi="Nghe kỹ"))
    return made


PAGES = {
    "/exhibits/": "exhibits",
    "/exhibits/dem/": "exhibits",
    "/exhibits/dem/hai/": "exhibits",
    "/agents/y-mo/": "agents",
    "/peoples/ba-na/": "peoples",
    "/subjects/chieng/": "subjects",
    "/collections/suu-tap/": "collections",
    "/places/kon-klor/": "places",
}


def told(client: Client, path: str) -> str:
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get(keeping.HEADER)) == (200, keeping.OPEN), path
    return answer.headers[keeping.SEAL]


def asked(client: Client, *pages: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for first in range(0, len(pages), PAGES_MOST):
        answer = client.get("/kept", {"page": pages[first : first + PAGES_MOST]})
        found |= json.loads(answer.content)["pages"]
    return found


def test_a_page_says_its_seal_and_the_same_is_answered_for_it_in_every_language(client: Client, item: Item) -> None:
    for number in range(PAGE_SIZE):
        ItemAgent.objects.create(item=makers.item(now=timezone.now(), title=f"{number}"), agent=agent(), role="nrt")
    paths = [
        *PAGES,
        *(f"/en{path}" for path in PAGES),
        "/agents/y-mo/?role=prf",
        "/peoples/ba-na/?kind=audio&sort=title",
    ]
    assert b'rel="next"' in client.get("/agents/y-mo/").content

    says = {path: told(client, path) for path in paths}

    assert asked(client, *paths) == says
    assert len(set(says.values())) == len(paths)


def test_a_page_within_a_frame_has_a_seal_of_its_own_while_the_frame_is_offered(client: Client, item: Item) -> None:
    interface_words._known[0] = Frames(number=interface_words.number() + 1)
    language = InterfaceLanguage.objects.create(code="bdq", is_offered=True, version=2)
    for key in (*sorted(KEYS), OWN_NAME):
        InterfaceWord.objects.create(language=language, key=key, text=f"q-{key}", changed_at=timezone.now())

    framed = told(client, "/bdq/agents/y-mo/")

    assert asked(client, "/bdq/agents/y-mo/", "/agents/y-mo/")["/bdq/agents/y-mo/"] == framed
    assert framed != told(client, "/agents/y-mo/")
    InterfaceLanguage.objects.update(is_offered=False, version=3)
    assert asked(client, "/bdq/agents/y-mo/") == {}


@pytest.mark.parametrize("path", PAGES)
def test_of_a_page_that_is_closed_nothing_is_answered(client: Client, item: Item, path: str) -> None:
    before = asked(client, path)
    assert before

    choose_item_access(item, policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())
    Exhibit.objects.update(effective_rule=AccessRule.objects.nobody())

    after = asked(client, path)
    assert after == {} if path != "/exhibits/" else after[path] != before[path]
    assert asked(client, "/agents/never/", "/exhibits/never/", "/places/never/") == {}


def agent() -> Agent:
    return Agent.objects.get(slug="y-mo")


def close_the_place(_item: Item) -> None:
    Place.objects.filter(slug="kon-klor").update(precision=Place.Precision.HIDDEN)


def close_the_work_in_the_exhibit(item: Item) -> None:
    choose_item_access(item, policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())


def withdraw_a_block(_item: Item) -> None:
    ExhibitBlock.objects.filter(kind=BlockKind.ITEM).delete()


def reword(model: Any, field: str) -> Callable[[Item], None]:  # Any: one of many models
    return lambda _item: model.objects.update(**{field: of(vi="Lời khác")})


@pytest.mark.parametrize(
    ("change", "pages"),
    [
        (reword(ExhibitBlock, "texts"), {"/exhibits/dem/", "/exhibits/dem/hai/"}),
        (reword(ExhibitPiece, "captions"), {"/exhibits/dem/", "/exhibits/dem/hai/"}),
        (reword(ExhibitPage, "titles"), {"/exhibits/dem/", "/exhibits/dem/hai/"}),
        (reword(Exhibit, "summaries"), {"/exhibits/", "/exhibits/dem/"}),
        (withdraw_a_block, {"/exhibits/dem/hai/"}),
        (close_the_work_in_the_exhibit, {"/exhibits/dem/hai/", "/agents/y-mo/"}),
        (close_the_place, {"/exhibits/dem/", "/exhibits/dem/hai/", "/places/kon-klor/"}),
        (lambda _item: PlaceName.objects.update(text="Kon Rờ Bàng"), {"/exhibits/dem/", "/places/kon-klor/"}),
        (lambda _item: Agent.objects.update(name_is_withheld=True), {"/agents/y-mo/"}),
        (reword(Agent, "notes"), {"/agents/y-mo/"}),
        (reword(People, "names"), {"/peoples/ba-na/"}),
        (reword(Subject, "notes"), {"/subjects/chieng/"}),
        (reword(Collection, "descriptions"), {"/collections/suu-tap/"}),
    ],
    ids=[
        "block", "caption", "page", "summary", "block-taken-out", "closed-work", "closed-place", "renamed-place", "withheld", "notes",
        "people", "subject", "collection",
    ],
)  # fmt: skip
def test_what_is_told_otherwise_has_another_seal(
    client: Client, item: Item, change: Callable[[Item], None], pages: set[str]
) -> None:
    before = asked(client, *PAGES)
    assert set(before) == set(PAGES)

    change(item)

    after = asked(client, *PAGES)
    assert pages <= {path for path in PAGES if after.get(path) != before[path]}
    for path in PAGES:
        answer = client.get(path)
        assert after.get(path, "") == answer.headers.get(keeping.SEAL, ""), path
        assert (answer.status_code == 200) == (path in after)


@pytest.mark.parametrize("path", ["/agents/y-mo/", "/peoples/ba-na/"])
def test_a_work_that_is_only_counted_on_a_page_moves_its_seal_when_it_is_closed(
    client: Client, item: Item, path: str
) -> None:
    others = [makers.item(now=timezone.now() + timedelta(hours=n), title=f"Bài {n}") for n in range(PAGE_SIZE + 2)]
    for other in others:
        ItemAgent.objects.create(item=other, agent=agent(), role="prf")
        other.peoples.add(People.objects.get())
    before = asked(client, path)[path]
    listed = client.get(path).content.decode()
    counted = next(other for other in [item, *others] if other.pid not in listed)

    choose_item_access(counted, policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())

    assert asked(client, path)[path] != before


def test_a_place_beside_that_is_closed_moves_the_seal_of_those_around_it(client: Client, item: Item) -> None:
    beside = Place.objects.create(slug="kon-tum-kpang", kind="village", latitude="14.3460", longitude="108.0130")
    PlaceName.objects.create(place=beside, text="Kon Tum Kpâng")
    ItemPlace.objects.create(item=makers.item(now=timezone.now(), title="Bài hai"), place=beside, role="origin")
    before = asked(client, "/places/kon-klor/")["/places/kon-klor/"]
    assert "Kon Tum Kpâng" in client.get("/places/kon-klor/").content.decode()

    Place.objects.filter(pk=beside.pk).update(precision=Place.Precision.HIDDEN)

    assert asked(client, "/places/kon-klor/")["/places/kon-klor/"] != before
    assert "Kon Tum Kpâng" not in client.get("/places/kon-klor/").content.decode()


def test_what_is_closed_to_strangers_moves_no_seal(client: Client, item: Item) -> None:
    before = asked(client, *PAGES)

    hidden = makers.item(now=timezone.now(), title="Kín", access=policy.of(Level.STAFF))
    ItemAgent.objects.create(item=hidden, agent=agent(), role="nrt")
    hidden.peoples.add(People.objects.get())
    block = ExhibitBlock.objects.filter(kind=BlockKind.ITEM).get()
    ExhibitPiece.objects.create(block=block, item=hidden, captions=of(vi="Kín"))
    Exhibit.objects.update(version=9)

    assert asked(client, *PAGES) == before


@pytest.mark.parametrize("path", ["/exhibits/dem/", "/exhibits/dem/hai/", "/agents/y-mo/"])
def test_a_page_with_a_work_that_a_day_closes_is_not_kept(client: Client, item: Item, path: str) -> None:
    until = policy.of(Level.PUBLIC, closes_at=timezone.now() + timedelta(days=2))
    validator = {"HTTP_IF_NONE_MATCH": client.get(path).headers.get("ETag", "")}
    choose_item_access(item, until, reason="thử", actor=None, now=timezone.now())

    for answer in (client.get(path), client.get(path, **validator)):
        assert answer.status_code in {200, 304}
        assert answer.headers.get(keeping.HEADER) != keeping.OPEN
        assert keeping.SEAL not in answer.headers
    assert asked(client, path) == {}


def test_the_browsers_own_copy_is_shown_with_the_seal_of_now(client: Client, item: Item) -> None:
    first = client.get("/exhibits/dem/")

    again = client.get("/exhibits/dem/", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304
    assert (
        again.headers[keeping.SEAL] == first.headers[keeping.SEAL] == asked(client, "/exhibits/dem/")["/exhibits/dem/"]
    )
    assert again.headers[keeping.HEADER] == keeping.OPEN


def test_a_signed_in_reader_is_told_no_seal_and_answered_as_a_stranger(client: Client, item: Item) -> None:
    reader = Client()
    reader.force_login(makers.staff())
    choose_item_access(item, policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())

    for path in PAGES:
        answer = reader.get(path)
        assert answer.headers[keeping.HEADER] == keeping.NOTHING
        assert keeping.SEAL not in answer.headers
    assert asked(reader, *PAGES) == asked(client, *PAGES)


@pytest.mark.django_db(transaction=True)
def test_a_page_is_drawn_once_while_nothing_is_written_and_anew_after_that(client: Client, item: Item) -> None:
    paths = list(PAGES)
    first = asked(client, *paths)
    with CaptureQueriesContext(connection) as again:
        assert asked(client, *paths) == first
    assert len(again) <= 4

    Item.objects.update(effective_rule=AccessRule.objects.nobody())

    after = asked(client, *paths)
    assert set(after) == {"/exhibits/", "/exhibits/dem/", "/exhibits/dem/hai/"}
    assert after["/exhibits/dem/hai/"] != first["/exhibits/dem/hai/"]


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/agents/", "/items/x/", "/agents/y-mo/x/", "//", "/exhibits/dem", "é", "/agents/%00/", "/agents/%ff/", "/kept?page=/kept",
        "//example.org/agents/y-mo/", "https://example.org/agents/y-mo/", "/agents/y-mo/?after=x", "/admin/", "/agents/y-mo/#x",
    ],
)  # fmt: skip
def test_what_is_no_page_with_a_seal_is_not_answered(client: Client, item: Item, path: str) -> None:
    assert asked(client, path) == {}


def test_no_other_page_is_drawn_for_who_asks_for_its_seal(client: Client, item: Item) -> None:
    with CaptureQueriesContext(connection) as nothing:
        client.get("/kept")
    for path in ("/", f"/items/{item.pid}/", "/agents/", "/kept", "/admin/", "/feed.atom"):
        with CaptureQueriesContext(connection) as drawn:
            assert asked(client, path) == {}
        assert len(drawn) == len(nothing), path
