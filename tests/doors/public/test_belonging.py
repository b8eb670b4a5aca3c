"""Whose a work is, in their own words, with labels and notices: on its page and in the API, for whoever may see its record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from access import policy
from access.models import Community, User
from access.policy import Policy
from archive.languages import of
from archive.models import Item, Label
from tests import makers
from tests.access_matrix.world import add_file, store_master

pytestmark = pytest.mark.django_db
PROJECT = "https://localcontextshub.org/projects/3f2b"
VILLAGE, SAID, IN_ENGLISH = "Làng Kon Klor", "Hãy hỏi già làng trước khi dùng.", "Ask the elders first."


def of_a_village(now: datetime, *, access: Policy = policy.PUBLIC, address: str = PROJECT) -> Item:
    item = makers.item(now=now, title="Bài chiêng", access=access)
    # Its own page is not open: what it says with its work is read all the same.
    village = Community.objects.create(
        name=VILLAGE, statements=of(vi=SAID, en=IN_ENGLISH), contact="0905 000 000", page_is_open=False
    )
    label = Label.objects.create(kind="tk", community=village, title="TK Attribution", project_address=address)
    notice = Label.objects.create(kind="notice", title="TK Notice", project_address=PROJECT)
    item.communities.add(village)
    item.labels.add(label, notice)
    return item


@pytest.mark.parametrize(("prefix", "own", "other"), [("", "vi", "en"), ("/en", "en", "vi")])
def test_the_page_says_whose_it_is_with_every_statement_in_its_own_language(
    client: Client, now: datetime, prefix: str, own: str, other: str
) -> None:
    item = of_a_village(now)

    page = client.get(f"{prefix}/items/{item.pid}/").content.decode()

    said = {"vi": SAID, "en": IN_ENGLISH}
    assert VILLAGE in page
    assert f"<blockquote>{said[own]}</blockquote>" in page
    assert f'<blockquote lang="{other}">{said[other]}</blockquote>' in page
    assert "0905" not in page
    assert page.count(f'<a rel="external noopener" href="{PROJECT}"') == 2
    assert (f'href="{PROJECT}" lang="en">TK Attribution</a>' in page) == (own == "vi")


def test_labels_are_said_to_be_the_communitys_and_notices_the_librarys(client: Client, now: datetime) -> None:
    page = client.get(f"/en/items/{of_a_village(now).pid}/").content.decode()

    assert page.index("a label of Làng Kon Klor") < page.index("a notice of the library")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://example.org/a", "http://localcontexts.org/a"])
def test_a_label_that_leads_elsewhere_is_no_link(client: Client, now: datetime, address: str) -> None:
    item = of_a_village(now, address=address)

    page = client.get(f"/en/items/{item.pid}/").content.decode()

    assert "<span>TK Attribution</span>" in page
    assert address not in page
    (_notice, label) = client.get(f"/api/v1/items/{item.pid}/").json()["labels"]
    assert label["project_url"] is None


def test_the_api_says_the_same(client: Client, now: datetime) -> None:
    item = of_a_village(now)
    village = Community.objects.get()

    for record in (
        client.get(f"/api/v1/items/{item.pid}/").json(),
        client.get("/api/v1/items/").json()["results"][0],
        client.get("/api/v1/search/?q=chieng").json()["hits"][0],
    ):
        assert record["communities"] == [{"pid": village.pid, "name": VILLAGE, "statements": village.statements}]
        assert record["labels"] == [
            {"kind": "notice", "title": "TK Notice", "lang": "en", "community": None, "project_url": PROJECT},
            {"kind": "tk", "title": "TK Attribution", "lang": "en", "community": village.pid, "project_url": PROJECT},
        ]


def test_labels_and_communities_open_nothing_and_tell_nothing_of_what_is_closed(client: Client, now: datetime) -> None:
    item = of_a_village(now, access=policy.STAFF)

    assert client.get(f"/items/{item.pid}/").status_code == 404
    for address in (
        "/items/",
        "/search/?q=chieng",
        "/api/v1/items/",
        "/api/v1/search/",
        "/sitemap.xml",
        f"/items/{item.pid}/",
    ):
        assert VILLAGE not in client.get(address).content.decode()


def test_a_work_of_nobody_in_particular_has_no_such_part(client: Client, now: datetime) -> None:
    page = client.get(f"/en/items/{makers.item(now=now).pid}/").content.decode()

    assert "Whose it is" not in page


def test_why_something_is_closed_is_said_softly_and_only_where_something_is(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    item = makers.item(now=now)
    Item.objects.filter(pk=item.pk).update(restriction_reasons=["tre_em", "no_such_code"])
    softly = "Children can be recognised in it."
    assert softly not in client.get(f"/en/items/{item.pid}/").content.decode()

    add_file(item, store_master(b"tranh", tmp_path), access=policy.REGISTERED)
    page = client.get(f"/en/items/{item.pid}/").content.decode()
    client.force_login(User.objects.create_user("ban-doc"))

    assert softly in page
    assert not any(code in page for code in ("tre_em", "no_such_code"))
    assert softly not in client.get(f"/en/items/{item.pid}/").content.decode()
