"""Citing on the page of an item: written, for programs that read pages, and as files; never more than the reader may see."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from pathlib import Path

import pymarc
import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive.languages import of
from archive.models import Agent, Item, ItemAgent, ItemFile
from public_site.exports import EXPORTS
from tests.access_matrix.world import add_file, make_item, store_master

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def a_song(
    title: str = 'Chiêng <mừng> & "lúa" mới</script>',
    *,
    access: policy.Policy = policy.PUBLIC,
    state: str = "published",
    **changes: object,
) -> Item:
    item = make_item(
        title, access=access, state=state, kind="audio", descriptions=of(vi="Ghi ở nhà rông."), date_edtf="2012-03-14",
        languages=["bdq"],
    )  # fmt: skip
    Item.objects.filter(pk=item.pk).update(**({"titles": of(vi=title, en="Gongs")} | changes))
    agent, _made = Agent.objects.get_or_create(slug="a-nhar", defaults={"names": of(vi="A Nhar")})
    ItemAgent.objects.create(item=item, agent=agent, role="aut")
    return item


def page_of(client: Client, item: Item, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/items/{item.pid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def data_of(page: str) -> dict[str, object]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return dict(json.loads(data))


def test_a_page_says_how_to_cite_it_in_the_readers_language(client: Client) -> None:
    item = a_song("Chiêng mừng lúa mới")

    vi, en = (unescape(re.sub(r"<[^>]+>", "", page_of(client, item, prefix))) for prefix in ("", "/en"))

    assert "A Nhar. Chiêng mừng lúa mới [" in vi
    assert "Truy cập tại: http://testserver/ark:/99999/" in vi
    assert "A Nhar. (2012). Gongs [" in en
    assert "14 March 2012" in en
    assert "Available from: " in en


def test_a_title_in_another_language_says_so_in_citations(client: Client) -> None:
    item = a_song(titles=of(bdq="Ching"))

    assert '<i lang="bdq">Ching</i>' in page_of(client, item)


def test_a_sample_is_cited_as_one(client: Client) -> None:
    item = a_song("Chiêng", is_sample=True)

    assert "<i>[Mẫu] Chiêng</i>" in page_of(client, item)


def test_the_head_tells_programs_what_they_read(client: Client) -> None:
    page = page_of(client, a_song())

    tags = {name: unescape(said) for name, said in re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', page)}
    assert tags["citation_title"] == 'Chiêng <mừng> & "lúa" mới</script>'
    assert tags["citation_author"] == "A Nhar"
    assert tags["citation_publication_date"] == "2012/03/14"
    assert '<link rel="cite-as" href="http://testserver/ark:/99999/' in page
    assert page.count('<link rel="describedby" ') == len(EXPORTS)
    assert data_of(page)["name"] == 'Chiêng <mừng> & "lúa" mới</script>'


def test_the_policy_of_scripts_stays_strict(client: Client) -> None:
    answer = client.get(f"/items/{a_song().pid}/")

    assert "script-src 'self';" in answer.headers["Content-Security-Policy"] + ";"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", answer.content.decode()) == [
        '<script type="application/ld+json">'
    ]


@pytest.mark.parametrize("ending", EXPORTS)
def test_each_form_is_a_file_that_programs_know(client: Client, ending: str) -> None:
    item = a_song("Chiêng mừng")

    answer = client.get(f"/items/{item.pid}/cite.{ending}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(EXPORTS[ending].media_type)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{item.pid}.{ending}"'
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "Chiêng mừng".encode() in answer.content
    assert b"A Nhar" in answer.content


def test_a_file_for_catalogues_is_read_by_theirs(client: Client) -> None:
    item = a_song("Chiêng mừng")

    (record,) = pymarc.MARCReader(io.BytesIO(client.get(f"/items/{item.pid}/cite.mrc").content))

    assert record is not None
    assert record["245"]["a"] == "Chiêng mừng."


def test_other_endings_are_not_there(client: Client) -> None:
    item = a_song()

    for ending in ("exe", "RIS", "ris2", ""):
        assert client.get(f"/items/{item.pid}/cite.{ending}").status_code == 404


def test_what_is_closed_is_cited_by_nobody_and_what_was_open_leaves_its_tombstone(client: Client) -> None:
    closed = a_song("Kín", access=policy.STAFF)
    once = a_song("Đã mở", state="withdrawn")

    for ending in EXPORTS:
        assert client.get(f"/items/{closed.pid}/cite.{ending}").status_code == 404
        gone = client.get(f"/items/{once.pid}/cite.{ending}")
        assert gone.status_code == 410
        assert "Đã mở" not in gone.content.decode()


def test_files_that_are_closed_are_no_media_to_anybody(client: Client, tmp_path: Path) -> None:
    item = a_song("Chiêng mừng")
    opened = _file(item, tmp_path, b"one")
    closed = _file(item, tmp_path, b"two", access=policy.of(Level.REGISTERED))

    data = json.dumps(data_of(page_of(client, item)))

    assert opened.pid in data
    assert closed.pid not in data
    assert '"isAccessibleForFree": false' in data


def _file(item: Item, folder: Path, content: bytes, **facts: object) -> ItemFile:
    return add_file(item, store_master(content, folder), **facts)


def test_a_name_that_must_not_be_spoken_is_in_no_form(client: Client) -> None:
    item = a_song("Chiêng mừng")
    Agent.objects.update(name_is_withheld=True)

    told = [
        page_of(client, item),
        *(client.get(f"/items/{item.pid}/cite.{ending}").content.decode() for ending in EXPORTS),
    ]

    assert [text for text in told if "A Nhar" in text] == []
