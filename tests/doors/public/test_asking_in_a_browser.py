"""Asking and reading the answers in a real Chromium: no barrier, nothing wider than a small phone, in both languages; and at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from access import petitions, policy
from access.actions.ask import Asked, ask
from access.models import User
from archive.actions.decide_petition import grant, refuse
from archive.models import Item
from tests import makers
from tests.doors.public.test_browser import PHONE, barriers, phone, requires_assets
from tests.petitioners import CALENDAR, REASONS, about, community, librarian, member, reader

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, user: User, origin: str) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": origin}])


def item_with_closed_file(folder: Path, title: str) -> Item:
    now = timezone.now()
    item = makers.item(now=now, title=title)
    path = makers.picture(folder / f"{title}.jpg", colour=(len(title), 40, 90))
    makers.file_of(item, path, now=now, access=policy.STAFF, process=False)
    return item


def look(page: Page, origin: str, paths: list[str]) -> dict[str, list[str]]:
    """Return what is wrong with pages, by path."""
    faults: dict[str, list[str]] = {}
    for path in paths:
        page.goto(f"{origin}{path}", wait_until="load")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found = [f"{wide} px wide"] if wide > PHONE["width"] else []
        found += barriers(page)
        if found:
            faults[path] = found
    return faults


@requires_assets
def test_asking_has_no_barrier_on_a_phone(browser: Browser, live_server: LiveServer, tmp_path: Path) -> None:
    now, user, staff = timezone.now(), reader(), librarian()
    open_one, asked_for, refused_one = (item_with_closed_file(tmp_path, title) for title in ("Gùi", "Chiêng", "Khố"))
    statements = [{"lang": "vi", "value": "Xin kính trọng."}, {"lang": "bdq", "value": "Bôh kơ̆."}]
    village = community("Làng Kon Klor", page_is_open=True, statements=statements)
    open_one.communities.add(village)
    granted = about(asked_for, "access", asker=user, now=now)
    grant(granted, actor=staff, now=now, targets=[asked_for.files.get().pid], answer="Mời bạn xem.")
    refuse(about(refused_one, "access", asker=user, now=now), actor=staff, now=now, answer="Chưa đến mùa.")
    ask(Asked("joining", REASONS, user, community=community("Kon Rẫy", page_is_open=True)), now=now, calendar=CALENDAR)
    receipt = petitions.receipt(about(refused_one, "takedown", now=now))
    paths = [
        "/communities/",
        f"/communities/{village.pid}/",
        f"/items/{open_one.pid}/",
        f"/items/{open_one.pid}/report/",
    ]
    paths += [f"/requests/{receipt}/", f"/items/{refused_one.pid}/"]
    own = [f"/items/{open_one.pid}/ask/", f"/communities/{village.pid}/join/", "/account/requests/", "/account/"]

    with phone(browser, live_server.url) as (page, _watch):
        faults = look(page, live_server.url, [*paths, *(f"/en{path}" for path in paths)])
        sign_in(page, user, live_server.url)
        faults |= look(page, live_server.url, [*own, *(f"/en{path}" for path in own)])
        page.goto(f"{live_server.url}/items/{open_one.pid}/report/")
        page.get_by_role("button", name="Gửi").click()  # the browser asks for what is missing
        assert page.url.endswith("/report/")

    assert faults == {}


@requires_assets
def test_the_inbox_has_no_barrier_on_a_phone(browser: Browser, live_server: LiveServer, tmp_path: Path) -> None:
    now, staff = timezone.now(), librarian()
    place = community()
    member(staff, place, "manager")
    waiting = about(item_with_closed_file(tmp_path, "Gùi"), "access", asker=reader(), now=now)
    taken_down = about(makers.item(now=now, title="Chiêng"), "takedown", now=now)
    joining = ask(Asked("joining", REASONS, reader("xin"), community=place), now=now, calendar=CALENDAR)
    opened = about(item_with_closed_file(tmp_path, "Khố"), "access", asker=reader("da-mo"), now=now)
    grant(opened, actor=staff, now=now, targets=[Item.objects.get(pid=opened.target_pid).files.get().pid])
    inbox = "/admin/access/petition/"
    paths = ["/admin/", inbox, *(f"{inbox}{one.pk}/change/" for one in (waiting, taken_down, joining, opened))]

    with phone(browser, live_server.url, locale="vi-VN") as (page, _watch):
        sign_in(page, staff, live_server.url)
        assert look(page, live_server.url, paths) == {}
