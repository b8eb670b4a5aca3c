"""How partners will see an item: through every door, as each would get it, and what it lacks; never more than the person may see."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.actions import keep_partners
from access.models import Partner, User
from access.policy import Level, Policy
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.move_item import publish_item
from archive.models import Item
from media_pipeline import intakes
from tests.desk.conftest import an_item, staff
from tests.petitioners import closed_by, community, protocol

pytestmark = pytest.mark.django_db


def address(item: Item, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/admin/archive/item/{item.pk}/partners/?{query}"


def look(client: Client, item: Item, **asked: str) -> str:
    answer = client.get(address(item, **asked))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def published(title: str, access: Policy = policy.PUBLIC) -> Item:
    return publish_item(an_item(title, access=access), actor=None, now=timezone.now())


def doors(page: str) -> list[str]:
    return re.findall(r"<summary>([^<]*)</summary>", page)


def partner(name: str = "Thư viện Quốc gia") -> Partner:
    librarian = User.objects.filter(is_superuser=True).first() or staff("giam_doc", is_superuser=True)
    described = Partner(name=name, people="x", purpose="y")
    return keep_partners.make_partner(described, actor=librarian, now=timezone.now())


def test_the_record_is_shown_through_every_door(cataloguer: Client) -> None:
    item = published("Nhà rông Kon Klor")

    page = look(cataloguer, item)

    expected = {
        "oai_dc",
        "oai_dcterms",
        "marcxml",
        "mods",
        "edm",
        "rights",
        "JSON",
        "Presentation 3",
        "RIS",
        "BibTeX",
        "CSL-JSON",
        "schema.org",
    }
    assert set(doors(page)) == expected
    texts = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert len(texts) == len(expected)
    assert all("Nhà rông Kon Klor" in text for text in texts if "<rights" not in text)
    assert f"/oai?verb=GetRecord&identifier=oai:nha-rong.localhost:{item.pid}&metadataPrefix=mods" in page
    assert f"/api/v1/items/{item.pid}/" in page


def test_what_is_missing_is_said_in_words(cataloguer: Client) -> None:
    page = look(cataloguer, published("Gùi"))

    assert "It has no statement of rights" in page
    assert "It has no date" in page
    assert "It has no title" not in page


def test_a_draft_is_there_for_nobody_and_shown_as_if_it_were_published(cataloguer: Client) -> None:
    item = an_item("Bản nháp mở")

    now, then = look(cataloguer, item), look(cataloguer, item, published="1")

    assert "every door answers as if it were not there" in now
    assert doors(now) == []
    assert "Bản nháp mở" in "".join(re.findall(r"<pre[^>]*>(.*?)</pre>", then, re.DOTALL))
    item.refresh_from_db()
    assert (item.state, item.version) == ("draft", 1)


def test_a_partner_finds_what_its_protocols_open_as_far_as_the_person_may_see_it(administrator: Client) -> None:
    kept = protocol(community(page_is_open=True))
    item = published("Mở")
    _with_caption(item, "Ảnh của nghi lễ", closed_by(kept))
    library = partner()

    as_visitor, as_partner = look(administrator, item), look(administrator, item, **{"as": f"partner-{library.pid}"})

    assert "Ảnh của nghi lễ" not in as_visitor
    # The administrator is no member: what they do not see they do not see through a partner's eyes.
    assert "Ảnh của nghi lễ" not in as_partner
    assert f'<option value="partner-{library.pid}" selected>Thư viện Quốc gia</option>' in as_partner


def test_files_that_are_closed_to_them_are_counted_and_not_told(cataloguer: Client) -> None:
    item = published("Mở")
    _with_caption(item, "Mặt trước")
    _with_caption(item, "Bên trong", policy.of(Level.REGISTERED))

    page = look(cataloguer, item)

    assert "Mặt trước" in page
    assert "Bên trong" not in page
    assert "Some of its files are closed to them" in page
    assert '"closed_file_count": 1' in page


def _with_caption(item: Item, caption: str, access: Policy | None = None) -> None:
    intake = intakes.begin(original_name="a.jpg", size_bytes=10, now=timezone.now())
    attach_file(item, intake, actor=None, now=timezone.now(), captions=languages.of(vi=caption), access=access)


def test_partners_are_offered_to_those_who_know_of_them(administrator: Client, cataloguer: Client) -> None:
    item, library = published("Mở"), partner()
    gone = partner("Thư viện đã thôi")
    Partner.objects.filter(pk=gone.pk).update(is_active=False)

    assert "Thư viện Quốc gia" in look(administrator, item)
    assert "Thư viện đã thôi" not in look(administrator, item)
    assert "Thư viện Quốc gia" not in look(cataloguer, item)
    for client, pid in ((cataloguer, library.pid), (administrator, gone.pid), (administrator, "0123456789b")):
        assert client.get(address(item, **{"as": f"partner-{pid}"})).status_code == 404
    assert administrator.get(address(item, **{"as": library.pid})).status_code == 404


def test_it_changes_nothing_and_is_for_staff_who_may_see_the_item(cataloguer: Client, client: Client) -> None:
    closed, item = published("Kín", closed_by(protocol(community()))), published("Mở")

    assert cataloguer.post(address(item)).status_code == 405
    assert client.get(address(item)).status_code == 302
    assert (
        cataloguer.get(address(closed)).status_code
        == cataloguer.get("/admin/archive/item/999999/partners/").status_code
        == 404
    )
    answer = cataloguer.get(address(item))
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_the_form_leads_to_it(cataloguer: Client) -> None:
    item = an_item("Gùi")

    page = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    assert f'href="/admin/archive/item/{item.pk}/partners/"' in page
