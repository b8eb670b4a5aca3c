"""From a subtitle file dropped at the desk to the second at which a searched word is said, in a real browser and in Vietnamese."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from archive.models import ItemFile
from media_pipeline import work
from tests import makers
from tests.desk.conftest import staff
from tests.desk.test_browser import BUILT, SENT, in_background, too_wide
from tests.seeding import put_back_roles

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS = 8
# The third cue ends before it begins; the second is in Vietnamese with a mark that may be left out when searching.
SRT = """1
00:00:00,500 --> 00:00:02,000
Xin chào mọi người

2
00:00:05,000 --> 00:00:07,500
<i>Nước suối</i> trong lắm

3
00:00:07,000 --> 00:00:06,000
Ngược
"""
BAHNAR = "[00:01] Kon hơnăm\n[00:04] Đak krông\n"


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of."""
    return []


@pytest.fixture
def pages(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[dict[str, Page]]:
    """The desk on a wide screen, and a reader's phone; any complaint of one fails the test."""
    if not BUILT.is_file():
        pytest.skip("static/built/ is not made: run python -m scripts.build_assets")
    opened: dict[str, Page] = {}
    for name, width, height in (("desk", 1280, 900), ("phone", 360, 740)):
        page = browser.new_context(locale="vi-VN", viewport={"width": width, "height": height}).new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened[name] = page
    yield opened
    for page in opened.values():
        page.context.close()
    assert complaints == []


def barriers(page: Page, complaints: list[str]) -> list[str]:
    """What axe finds. Axe styles the page inline, which our policy refuses: no complaint of ours."""
    before = len(complaints)
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    complaints[before:] = [one for one in complaints[before:] if "inline style" not in one]
    return found


def show(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asks for them: HERITAGE_TEST_PICTURES names a folder."""
    if folder := os.environ.get("HERITAGE_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def drop(page: Page, path: Path, count: int) -> None:
    page.set_input_files("#drop-input", path)
    expect(page.locator(SENT)).to_have_count(count, timeout=30_000)


def test_from_a_dropped_file_to_the_second_at_which_a_word_is_said(
    live_server: Any, pages: dict[str, Page], complaints: list[str], tmp_path: Path, now: datetime
) -> None:
    put_back_roles()
    base, desk, phone = str(live_server), pages["desk"], pages["phone"]
    person = staff("cong_bo", "Publisher")
    item = makers.item(now=now, kind="audio", title="Bên bếp lửa")
    makers.file_of(item, makers.sound(tmp_path / "lời kể.wav", seconds=SECONDS), now=now)
    (tmp_path / "lời kể.vi.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "lời kể.txt").write_text(BAHNAR, encoding="utf-8")

    # At the desk: subtitles by their name, then a transcript by what is said of it.
    desk.goto(f"{base}/admin/")
    desk.fill("#id_username", person.username)
    desk.fill("#id_password", "cu-ky-khong-doan")
    desk.click("#login-form [type=submit]")
    desk.goto(f"{base}/admin/archive/item/{item.pk}/change/")
    drop(desk, tmp_path / "lời kể.vi.srt", 2)
    desk.click(".drop-as summary")
    desk.select_option("#drop-role", "transcript")
    desk.fill("#drop-language", "bdq")
    drop(desk, tmp_path / "lời kể.txt", 3)
    worker = in_background(work.perform_all)
    expect(desk.locator(".card.new .sentence-ready")).to_have_count(2, timeout=60_000)
    worker.join()
    expect(desk.locator(".card.new [data-problems] li")).to_have_text(
        "Dòng 10: lúc kết thúc không sau lúc bắt đầu. Câu phụ đề này bị bỏ qua."
    )
    subtitles, transcript = ItemFile.objects.filter(item=item).order_by("pk")[1:]
    assert [(one.role, one.language) for one in (subtitles, transcript)] == [("subtitles", "vi"), ("transcript", "bdq")]
    desk.reload()
    desk.locator(".card summary").nth(1).click()
    assert barriers(desk, complaints) == []
    show(desk, "desk")

    # A reader on a phone, who searches without marks, comes to the second.
    phone.goto(f"{base}/search/?q=nuoc+suoi")
    said = phone.locator(".said-at a")
    expect(said).to_have_text("Được nói lúc 0:05")
    assert barriers(phone, complaints) == []
    assert too_wide(phone) == []
    show(phone, "search")
    said.click()
    assert phone.url == f"{base}/items/{item.pid}/?transcript={subtitles.pid}&t=5#s2"
    lines = phone.locator(".segments li")
    expect(lines).to_have_text(["0:00 Xin chào mọi người", "0:05 Nước suối trong lắm"])
    shown = "[...document.querySelectorAll('track')].map((one) => [one.srclang, one.default])"
    assert phone.evaluate(shown) == [["vi", True], ["bdq", False]]
    assert barriers(phone, complaints) == []
    assert too_wide(phone) == []

    # A press on a time plays from there, and the transcript follows; another language takes its place while it plays.
    phone.evaluate("document.querySelector('audio').muted = true")
    lines.nth(1).locator("a").click()
    expect(lines.nth(1)).to_have_attribute("aria-current", "true", timeout=20_000)
    assert 4.9 <= phone.evaluate("document.querySelector('audio').currentTime") <= SECONDS
    show(phone, "playing")
    cues = "const t = document.querySelector('audio').textTracks[0]; t.mode = 'hidden'; t.cues && t.cues.length"
    phone.evaluate(cues)
    phone.wait_for_function("document.querySelector('audio').textTracks[0].cues?.length === 2")
    phone.locator(".tongues a", has_text="Ba Na").click()
    expect(lines).to_have_text(["0:01 Kon hơnăm", "0:04 Đak krông"])
    expect(phone.locator(".segments")).to_have_attribute("lang", "bdq")
    assert phone.url.endswith("#s2")
    show(phone, "bahnar")

    # Without JavaScript times and languages are links.
    plain = phone.context.browser.new_context(java_script_enabled=False, locale="vi-VN").new_page()
    plain.goto(f"{base}/items/{item.pid}/?transcript={transcript.pid}")
    plain.locator(".segments a").nth(1).click()
    assert plain.url == f"{base}/items/{item.pid}/?transcript={transcript.pid}&t=4#s2"
    assert str(plain.locator("audio source").first.get_attribute("src")).endswith("#t=4")
    show(plain, "plain")
    plain.context.close()
