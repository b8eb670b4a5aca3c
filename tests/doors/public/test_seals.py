"""Pages that tell more than works: a device learns by their seals that they tell something else now, or are closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AccessRule
from access.policy import Level
from archive.actions.choose_access import choose_item_access
from archive.languages import of
from archive.models import (
    Agent,
    BlockKind,
    Collection,
    Exhibit,
    ExhibitBlock,
    ExhibitPage,
    ExhibitPiece,
    Item,
    ItemAgent,
    ItemPlace,
    People,
    Place,
    PlaceName,
    Subject,
)
from public_site import keeping, seals
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
    return answer.headers[seals.HEADER]


def asked(client: Client, *paths: str) -> dict[str, str]:
    pages: dict[str, str] = json.loads(client.get("/kept", {"pages": ",".join(paths)}).content)["pages"]
    return pages


def test_a_page_says_its_seal_and_the_same_is_answered_for_it_in_every_language(client: Client, item: Item) -> None:
    paths = [*PAGES, *(f"/en{path}" for path in PAGES)]

    says = {path: told(client, path) for path in paths}

    assert asked(client, *paths) == says
    assert asked(client, "/bdq/agents/y-mo/") == {"/bdq/agents/y-mo/": says["/agents/y-mo/"]}
    assert client.get("/agents/y-mo/?role=prf").headers[seals.HEADER] == says["/agents/y-mo/"]


@pytest.mark.parametrize("path", PAGES)
def test_of_a_page_that_is_closed_nothing_is_answered(client: Client, item: Item, path: str) -> None:
    assert asked(client, path)

    choose_item_access(item, policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())
    Exhibit.objects.update(effective_rule=AccessRule.objects.nobody())

    assert asked(client, path) in ({}, {"/exhibits/": seals.of_exhibits([])})
    answered = client.get("/kept", {"pages": f"{path},/agents/never/,/exhibits/never/,/places/never/"}).content
    assert b"never" not in answered


def close_the_place(_item: Item) -> None:
    Place.objects.update(precision=Place.Precision.HIDDEN)


def reword(model: Any, field: str) -> Callable[[Item], None]:  # Any: one of many models
    return lambda _item: model.objects.update(**{field: of(vi="Lời khác")})


def part_of_another_work(item: Item) -> None:
    other = makers.item(now=timezone.now(), title="Bài hai")
    ItemAgent.objects.create(item=other, agent=Agent.objects.get(), role="nrt")


@pytest.mark.parametrize(
    ("change", "sections"),
    [
        (reword(ExhibitBlock, "texts"), {"exhibits"}),
        (reword(ExhibitPiece, "captions"), {"exhibits"}),
        (reword(ExhibitPage, "titles"), {"exhibits"}),
        (reword(Exhibit, "summaries"), {"exhibits"}),
        (close_the_place, {"exhibits", "places"}),
        (lambda _item: PlaceName.objects.update(text="Kon Rờ Bàng"), {"exhibits", "places"}),
        (lambda _item: Agent.objects.update(name_is_withheld=True), {"agents"}),
        (reword(Agent, "notes"), {"agents"}),
        (part_of_another_work, {"agents"}),
        (reword(People, "names"), {"peoples"}),
        (reword(Subject, "notes"), {"subjects"}),
        (reword(Collection, "descriptions"), {"collections"}),
    ],
    ids=[
        "block", "caption", "page", "summary", "closed-place", "renamed-place", "withheld", "notes", "part", "people", "subject",
        "collection",
    ],
)  # fmt: skip
def test_what_is_told_otherwise_has_another_seal_and_nothing_else_has(
    client: Client, item: Item, change: Callable[[Item], None], sections: set[str]
) -> None:
    before = asked(client, *PAGES)

    change(item)

    after = asked(client, *PAGES)
    assert {PAGES[path] for path in before if after.get(path) != before[path]} == sections
    if change is close_the_place:
        assert "/places/kon-klor/" not in after


def test_what_is_closed_to_strangers_moves_no_seal(client: Client, item: Item) -> None:
    before = asked(client, *PAGES)

    hidden = makers.item(now=timezone.now(), title="Kín", access=policy.of(Level.STAFF))
    ItemAgent.objects.create(item=hidden, agent=Agent.objects.get(), role="nrt")
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
        assert seals.HEADER not in answer.headers or answer.status_code == 304


def test_the_browsers_own_copy_is_shown_with_the_seal_of_now(client: Client, item: Item) -> None:
    first = client.get("/exhibits/dem/")
    ExhibitPage.objects.filter(slug="hai").get().blocks.filter(kind=BlockKind.TEXT).update(texts=of(vi="Lời khác"))

    again = client.get("/exhibits/dem/", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304
    assert (
        again.headers[seals.HEADER] == asked(client, "/exhibits/dem/")["/exhibits/dem/"] != first.headers[seals.HEADER]
    )
    assert again.headers[keeping.HEADER] == keeping.OPEN


def test_a_signed_in_reader_is_told_no_seal(item: Item) -> None:
    reader = Client()
    reader.force_login(makers.staff())

    for path in PAGES:
        answer = reader.get(path)
        assert answer.headers[keeping.HEADER] == keeping.NOTHING
        assert seals.HEADER not in answer.headers


@pytest.mark.parametrize(
    "path", ["", "/", "/agents/", "/items/x/", "/agents/y-mo/x/", "//", "/exhibits/dem", "é", "/agents/%00/"]
)
def test_what_is_no_page_with_a_seal_is_not_answered(client: Client, item: Item, path: str) -> None:
    assert asked(client, path) == {}
