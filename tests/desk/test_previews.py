"""The public page as somebody else would find it: never more than both may see, and nothing is changed by looking."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import Protocol
from access.policy import Level, Policy
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import publish_item
from archive.models import Item, ItemFile, ItemRelation
from media_pipeline import intakes
from tests.desk.conftest import an_item
from tests.petitioners import closed_by, community, protocol

pytestmark = pytest.mark.django_db
REGISTERED = policy.of(Level.REGISTERED)


def look(client: Client, item: Item, who: str = "visitor", **asked: str) -> str:
    answer = client.get(f"/admin/archive/item/{item.pk}/preview/", {"as": who, **asked}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def with_caption(item: Item, caption: str, access: Policy | None = None) -> ItemFile:
    intake = intakes.begin(original_name="a.jpg", size_bytes=10, now=timezone.now())
    return attach_file(item, intake, actor=None, now=timezone.now(), captions=languages.of(vi=caption), access=access)


def published(title: str, access: Policy = policy.PUBLIC) -> Item:
    return publish_item(an_item(title, access=access), actor=None, now=timezone.now())


def known_protocol() -> Protocol:
    """Return a protocol whose name all staff may know."""
    return protocol(community(page_is_open=True))


def test_each_finds_what_is_open_to_them_of_what_is_published(cataloguer: Client) -> None:
    item = published("Nhà rông")
    with_caption(item, "Mặt trước")
    with_caption(item, "Bên trong", REGISTERED)

    visitor, reader = look(cataloguer, item), look(cataloguer, item, "reader")

    assert "Preview: as a visitor sees it now." in visitor
    assert "Nhà rông" in visitor
    assert "Mặt trước" in visitor
    assert "Bên trong" not in visitor
    assert "Not all of this work is open without an account" in visitor
    assert "Bên trong" in reader
    assert "Not all of this work" not in reader


def test_a_draft_is_there_for_nobody_and_shown_as_if_it_were_published(cataloguer: Client) -> None:
    item = an_item("Bản nháp mở", access=REGISTERED)
    with_caption(item, "Trang một")
    with_caption(item, "Trang kín", policy.STAFF)

    now = look(cataloguer, item, "reader")
    visitor = look(cataloguer, item, "visitor", published="1")
    reader = look(cataloguer, item, "reader", published="1")

    assert "They do not see this item" in now
    assert "They do not see this item" in visitor
    assert "as a registered reader would see it if it were published now" in reader
    assert "Trang một" in reader
    assert "Trang kín" not in reader
    assert "Not published: only staff see this page" not in reader
    item.refresh_from_db()
    assert (item.state, item.version) == ("draft", 1)


def test_a_draft_that_is_a_part_is_shown_with_the_whole_that_it_stands_in(cataloguer: Client) -> None:
    whole, draft = published("Bộ ghi âm làng Teng"), an_item("Phần chưa công bố", access=policy.PUBLIC)
    ItemRelation.objects.create(item=whole, other=draft, kind="part")

    page = look(cataloguer, draft, published="1")

    assert "Bộ ghi âm làng Teng" in page


def test_a_reading_point_finds_what_is_open_on_site(cataloguer: Client) -> None:
    item = published("Chỉ đọc tại chỗ", policy.of(Level.ONSITE))

    assert "They do not see this item" in look(cataloguer, item, "reader")
    assert "Chỉ đọc tại chỗ" in look(cataloguer, item, "on_site")


def test_a_preview_opens_nothing_that_is_closed_to_the_person(cataloguer: Client) -> None:
    """The protocol is known by name; what lies under it is not open to this member of staff."""
    known = known_protocol()
    hidden = published("Lời thiêng kín", closed_by(known))
    item = published("Mở")
    with_caption(item, "Ảnh mở")
    with_caption(item, "Ảnh thiêng kín", closed_by(known))
    ItemRelation.objects.create(item=item, other=hidden, kind="related")

    page = look(cataloguer, item, known.pid)
    closed = cataloguer.get(f"/admin/archive/item/{hidden.pk}/preview/{known.pid}/published/")
    nothing = cataloguer.get(f"/admin/archive/item/{hidden.pk + 1000}/preview/{known.pid}/published/")

    assert "Ảnh mở" in page
    assert "Ảnh thiêng kín" not in page
    assert "Lời thiêng kín" not in page
    assert (closed.status_code, closed.content) == (nothing.status_code, nothing.content)
    assert closed.status_code == 404


def test_what_is_tied_to_it_is_named_to_who_may_see_both(cataloguer: Client) -> None:
    item, registered = published("Bộ chiêng"), published("Chiêng của bạn đọc", REGISTERED)
    ItemRelation.objects.create(item=item, other=registered, kind="part")

    assert "Chiêng của bạn đọc" not in look(cataloguer, item)
    assert "Chiêng của bạn đọc" in look(cataloguer, item, "reader")


def test_nobody_looks_as_a_member_of_a_protocol_that_they_do_not_know_of(cataloguer: Client) -> None:
    secret = protocol(community(), "Không ai biết")
    item = published("Mở")

    unknown = cataloguer.get(f"/admin/archive/item/{item.pk}/preview/0123456789b/")
    closed = cataloguer.get(f"/admin/archive/item/{item.pk}/preview/{secret.pid}/")

    assert closed.status_code == unknown.status_code == 404
    assert "Không ai biết" not in cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()


def test_a_preview_is_kept_by_nobody_changes_nothing_and_is_for_staff(cataloguer: Client, client: Client) -> None:
    item = published("Mở")
    address = f"/admin/archive/item/{item.pk}/preview/visitor/"

    answer = cataloguer.get(address)

    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert cataloguer.post(address).status_code == 405
    assert client.get(address).status_code == 302


def test_links_of_the_page_to_its_files_keep_whose_view_it_is(cataloguer: Client) -> None:
    item = an_item("Sách mở")
    first, second = with_caption(item, "Bìa"), with_caption(item, "Trang một")
    address = f"/admin/archive/item/{item.pk}/preview/visitor/published/"

    page = cataloguer.get(address).content.decode()
    other = cataloguer.get(f"{address}?file={second.pid}").content.decode()

    assert f'href="?file={second.pid}"' in page
    assert f'href="?file={second.pid}" aria-current="true"' in other
    assert f'href="?file={first.pid}"' in other


def test_what_was_closed_since_is_not_previewed(cataloguer: Client) -> None:
    item = published("Mở")
    choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())

    assert cataloguer.get(f"/admin/archive/item/{item.pk}/preview/").status_code == 404
    assert cataloguer.get(f"/admin/archive/item/{item.pk}/preview/visitor/published/").status_code == 404


def test_the_form_offers_the_views_that_the_person_may_take(publisher: Client) -> None:
    known_protocol()
    item = an_item("Gùi")

    page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    assert f'action="/admin/archive/item/{item.pk}/preview/"' in page
    assert "a member of “Lời thiêng”" in page
