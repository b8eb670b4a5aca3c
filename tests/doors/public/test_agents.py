"""Persons and groups: what they did is found by their page, and who must not be named has none."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from access import policy
from access.policy import Level
from archive.languages import of
from archive.models import Agent, FormerAddress, Item, ItemAgent, RecordKind
from public_site.views.lists import PAGE_SIZE
from tests import makers

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<h2><a href="/items/[0-9a-z]+/">([^<]+)</a></h2>')


@pytest.fixture
def client() -> Client:
    cache.clear()
    return Client(headers={"accept-encoding": ""})


def made_by(agent: Agent, item: Item, role: str = "prf") -> Item:
    ItemAgent.objects.create(item=item, agent=agent, role=role)
    return item


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_work_leads_to_who_made_it_and_from_there_to_what_else_they_did(client: Client, now: datetime) -> None:
    singer = Agent.objects.create(
        slug="y-mo", kind="person", names=of(vi="Y Mơ", bdq="Ƀă Y Mơ"), born_edtf="1931", notes=of(vi="Hát hơmon.")
    )
    song = made_by(singer, makers.item(now=now, title="Bài một"))
    made_by(singer, song, "cmp")
    made_by(singer, makers.item(now=now, title="Bài hai"), "nrt")

    assert '<a href="/agents/y-mo/">Y Mơ</a>' in text_of(client, f"/items/{song.pid}/")
    page = text_of(client, "/agents/y-mo/")
    assert CARD.findall(page) == ["Bài hai", "Bài một"]
    assert '<span lang="bdq">Ƀă Y Mơ</span>' in page
    assert "1931" in page
    assert "Hát hơmon." in page
    assert CARD.findall(text_of(client, "/agents/y-mo/?role=nrt")) == ["Bài hai"]
    assert client.get("/agents/y-mo/?role=aut").status_code == 404
    assert '<a href="/agents/y-mo/">' in text_of(client, "/agents/")
    assert "<h2>" in text_of(client, "/en/agents/y-mo/")


def test_who_must_not_be_named_has_no_page_and_no_link_to_one(client: Client, now: datetime) -> None:
    unspoken = Agent.objects.create(
        slug="a-brih", names=of(vi="A Brih"), name_is_withheld=True, shown_as=of(vi="một nghệ nhân")
    )
    item = made_by(unspoken, makers.item(now=now, title="Bài"))

    page = text_of(client, f"/items/{item.pid}/")

    assert "một nghệ nhân" in page
    assert "agents/" not in page
    assert client.get("/agents/a-brih/").content == client.get("/agents/a-brix/").content.replace(b"a-brix", b"a-brih")
    assert client.get("/agents/a-brih/").status_code == 404
    assert "brih" not in text_of(client, "/agents/").lower()


def test_a_page_tells_nothing_of_works_that_are_closed(client: Client, now: datetime) -> None:
    singer, closed_one = (Agent.objects.create(slug=slug, names=of(vi=slug)) for slug in ("mo", "kin"))
    made_by(singer, makers.item(now=now, title="Mở"))
    made_by(singer, makers.item(now=now, title="SECRET", access=policy.of(Level.STAFF)), "nrt")
    made_by(closed_one, makers.item(now=now, title="SECRET", access=policy.of(Level.STAFF)))

    page = text_of(client, "/agents/mo/")

    assert "SECRET" not in page
    assert "role=nrt" not in page
    assert client.get("/agents/mo/?role=nrt").status_code == 404
    assert client.get("/agents/kin/").status_code == 404
    assert "kin" not in re.findall(r"/agents/([a-z]+)/", text_of(client, "/agents/"))


def test_a_long_list_is_read_page_by_page_to_its_end(client: Client, now: datetime) -> None:
    singer = Agent.objects.create(slug="mo", names=of(vi="Mơ"))
    titles = [f"Bài {number}" for number in range(2 * PAGE_SIZE + 1)]
    for number, title in enumerate(titles):
        # Twins, published at one moment, are told apart by their keys.
        made_by(singer, makers.item(now=now + timedelta(seconds=number // 2), title=title))

    seen: list[str] = []
    path = "/agents/mo/"
    while path:
        page = text_of(client, path)
        seen += CARD.findall(page)
        following = re.search(r'rel="next" href="(\?[^"]+)"', page)
        path = f"/agents/mo/{following[1]}" if following else ""

    assert seen == titles[::-1]
    assert client.get("/agents/mo/?after=x").status_code == 404


def test_an_old_address_leads_to_the_new_one(client: Client, now: datetime) -> None:
    singer = Agent.objects.create(slug="mo", names=of(vi="Mơ"))
    made_by(singer, makers.item(now=now))
    FormerAddress.objects.create(kind=RecordKind.AGENT, slug="cu", key=str(singer.pk), since=now)

    assert client.get("/en/agents/cu/").headers["Location"] == "/en/agents/mo/"
    Agent.objects.filter(pk=singer.pk).update(name_is_withheld=True)
    assert client.get("/en/agents/cu/").status_code == 404
