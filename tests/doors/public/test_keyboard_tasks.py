"""Tasks of readers, finished by keyboard alone on a page of 360 px at 200 %: from the front page to what they came for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access import policy
from access.models import Petition
from tests import makers
from tests.doors.public import works
from tests.doors.public.test_browser import barriers, phone, requires_assets
from tests.doors.public.test_browser_viewers import ZOOMED, found_from_the_front_page, tab_to, too_wide
from tests.petitioners import reader

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True), requires_assets]
PASSWORD = "mat-khau-dai-1"


def follow(page: Page, selector: str, to: str) -> None:
    """Go to a link by Tab, press Enter, and be on the page it leads to: without a barrier, no wider than its window."""
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(to)
    assert too_wide(page) <= 0, to
    assert barriers(page) == [], to


def test_a_song_is_found_by_its_village_by_keyboard_alone_at_twice_the_size(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    song = works.work("audio", tmp_path, now=now)
    works.work("image", tmp_path, now=now)
    with phone(browser, live_server.url, device_scale_factor=2) as (page, watch):
        page.set_viewport_size(ZOOMED)
        page.goto(f"{live_server.url}/")
        follow(page, ".doors a[href='/places/']", "**/places/")
        follow(page, "main .tree a[href='/places/kon-klor/']", "**/places/kon-klor/")
        follow(page, ".kinds a[href*='kind=audio']", "**kind=audio*")
        expect(page.locator(".card")).to_have_count(1)
        follow(page, ".card a", f"**/items/{song.pid}/")
        expect(page.locator("h1")).to_contain_text("Bài chiêng đón khách")
        tab_to(page, "audio, [data-wave]")

        assert watch.troubles == []


def test_access_is_asked_for_by_keyboard_alone_at_twice_the_size(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.described(makers.item(now=now, title="Lời khấn"))
    makers.file_of(item, makers.picture(tmp_path / "khan.jpg"), now=now, access=policy.STAFF, process=False)
    user = reader()
    user.set_password(PASSWORD)
    user.save()
    with phone(browser, live_server.url, device_scale_factor=2) as (page, watch):
        page.set_viewport_size(ZOOMED)
        found_from_the_front_page(page, live_server.url, "loi khan")
        follow(page, f"main a[href='/items/{item.pid}/ask/']", "**/account/sign-in/**")
        tab_to(page, "#id_username")
        page.keyboard.type(user.username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}/items/{item.pid}/ask/")
        assert barriers(page) == []
        tab_to(page, "textarea")
        page.keyboard.type("Tôi là cháu của người hát.")
        follow(page, "main form button[type=submit]", "**/account/requests/")
        expect(page.locator("main")).to_contain_text("Thư viện đã nhận, đang chờ đọc.")

        assert watch.troubles == []
    asked = Petition.objects.get()
    assert (asked.kind, asked.asker, asked.target_pid) == ("access", user, item.pid)
