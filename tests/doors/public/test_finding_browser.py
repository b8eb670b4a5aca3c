"""The search page in a real browser: suggestions by keyboard, no barrier with the list open, nothing fetched where data is to be saved."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from archive.search import Suggestions
from public_site.views import finding
from tests import makers
from tests.doors.public import works
from tests.doors.public.test_browser import barriers, phone, requires_assets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORDS = Suggestions(words=("nhà rông", "nhà mồ"))


@pytest.fixture(autouse=True)
def suggested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked, in order; the answer is always the same two queries."""
    asked: list[str] = []

    def suggest(prefix: str, _viewer: object) -> Suggestions:
        asked.append(prefix)
        return WORDS

    monkeypatch.setattr(finding, "suggest", suggest)
    return asked


@requires_assets
def test_suggestions_are_taken_by_keyboard_and_put_no_barrier(
    browser: Browser, live_server: LiveServer, now: datetime, suggested: list[str]
) -> None:
    works.described(makers.item(now=now, title="Nhà rông bên sông"))
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/search/?q=song")
        field = page.get_by_role("combobox")
        field.fill("")
        field.press_sequentially("nha", delay=20)
        options = page.get_by_role("option")
        expect(options).to_have_count(2)
        field.press("ArrowDown")
        field.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
        assert barriers(page) == []
        field.press("Escape")
        expect(field).to_have_attribute("aria-expanded", "false")
        field.press("d")
        expect(options).to_have_count(2)
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url("**/search/?q=nh%C3%A0+r%C3%B4ng")
        assert page.locator("mark").first.inner_text() == "Nhà rông"
        assert watch.troubles == []
    # Typed quickly: asked once for all of it.
    assert suggested == ["nha", "nhad"]


@requires_assets
def test_nothing_is_suggested_where_data_is_to_be_saved(
    browser: Browser, live_server: LiveServer, suggested: list[str]
) -> None:
    with phone(browser, live_server.url) as (page, _watch):
        page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
        page.goto(f"{live_server.url}/search/")
        page.get_by_role("searchbox").press_sequentially("nha")
        page.wait_for_timeout(400)
        assert page.get_by_role("combobox").count() == 0
    assert suggested == []
