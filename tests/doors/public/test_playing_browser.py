"""Sound and film are played by the page's own buttons, each one stop of the keyboard; without a script by the browser's."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from archive.models import FileRole, ItemFile
from tests import makers
from tests.doors.public import works
from tests.doors.public.test_browser import barriers, phone, requires_assets
from tests.doors.public.test_browser_viewers import SRT, heard, tab_to

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    requires_assets,
]


def stops(page: Page) -> list[str]:
    """Press Tab until the page is left; return at what it stopped, the same element twice in a row as "again"."""
    page.evaluate("window.last = null")
    found: list[str] = []
    for _press in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const [now, before] = [document.activeElement, window.last]; window.last = now;
            return now === document.body ? "" : now === before ? "again" : now.tagName; }"""
        )
        if not stop:
            break
        found.append(stop)
    return found


def test_a_recording_is_played_by_its_own_buttons_each_one_stop_of_the_keyboard(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = heard(tmp_path, now)
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/items/{item.pid}/")
        expect(page.locator("[data-play]")).to_be_visible()
        found = stops(page)
        assert "again" not in found
        assert "AUDIO" not in found
        assert not [path for path in watch.asked if "/audio/" in path]

        page.evaluate("document.activeElement.blur()")
        tab_to(page, "[data-play]")
        expect(page.locator("[data-play]")).to_have_text("Phát")
        expect(page.locator("[data-clock]")).to_have_text("0:00 / 0:06")
        page.keyboard.press("Enter")
        expect(page.locator("[data-clock]")).to_have_text(re.compile(r"0:0[1-6] / 0:06"))
        expect(page.locator("[data-play]")).to_have_text("Tạm dừng")
        page.keyboard.press("Enter")
        expect(page.locator("[data-play]")).to_have_text("Phát")
        assert page.evaluate("document.querySelector('audio').paused")
        tab_to(page, "[data-mute]")
        page.keyboard.press(" ")
        expect(page.locator("[data-mute]")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("document.querySelector('audio').muted")
        assert barriers(page) == []
        assert watch.troubles == []


def test_a_film_has_its_subtitles_and_the_whole_screen_at_its_own_buttons(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.work("video", tmp_path, now=now)
    (tmp_path / "loi.srt").write_text(SRT, encoding="utf-8")
    text = makers.file_of(item, tmp_path / "loi.srt", now=now)
    ItemFile.objects.filter(pk=text.pk).update(role=FileRole.SUBTITLES, language="vi")
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/items/{item.pid}/")
        shown = "[...document.querySelector('video').textTracks].filter((one) => one.mode === 'showing').length"
        subtitles = page.locator("[data-subtitles]")
        subtitles.select_option("0")
        assert page.evaluate(shown) == 1
        subtitles.select_option("-1")
        assert page.evaluate(shown) == 0
        assert not page.evaluate("document.querySelector('video').controls")
        page.locator("[data-full]").press("Enter")
        page.wait_for_function(
            "() => document.fullscreenElement?.matches('video') && document.fullscreenElement.controls"
        )
        page.evaluate("document.exitFullscreen()")
        page.wait_for_function("() => !document.fullscreenElement && !document.querySelector('video').controls")
        page.locator("video").click()
        page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
        assert "again" not in stops(page)
        assert barriers(page) == []
        assert watch.troubles == []


@pytest.mark.parametrize(("kind", "below"), [("audio", ".stage-body"), ("video", ".glance")])
def test_the_browsers_player_stays_until_our_own_is_there_and_nothing_jumps(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime, kind: str, below: str
) -> None:
    item, tops = works.work(kind, tmp_path, now=now), []
    for comes in (False, True):
        with phone(browser, live_server.url) as (page, _watch):
            if not comes:
                page.route("**/*.js", lambda route: route.abort())
            page.goto(f"{live_server.url}/items/{item.pid}/")
            expect(page.locator("[data-tools]")).to_be_visible(visible=comes)
            expect(page.locator(f"{kind}[controls]")).to_be_visible(visible=not comes)
            tops.append(page.locator(below).first.evaluate("it => it.getBoundingClientRect().top"))
    with phone(browser, live_server.url, java_script_enabled=False) as (page, _watch):
        page.goto(f"{live_server.url}/items/{item.pid}/")
        expect(page.locator(f"{kind}[controls]")).to_be_visible()
        expect(page.locator("[data-play]")).to_be_visible(visible=False)

    assert tops[0] == tops[1]
