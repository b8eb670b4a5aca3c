"""The viewers in a real browser: by keyboard, without a barrier or a message of the console, nothing heavy before it is asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from archive.models import FileRole, Item, ItemFile
from tests import makers
from tests.doors.public import works
from tests.doors.public.test_browser import barriers, phone, requires_assets

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    requires_assets,
]

# 360 px at 200 %: half as many px of the page's own, each twice as large.
ZOOMED = {"width": 180, "height": 370}
SRT = "1\n00:00:00,500 --> 00:00:02,000\nXin chào mọi người\n\n2\n00:00:03,000 --> 00:00:05,500\nNước suối trong lắm\n"
TABS_MOST = 80
# A card shows the focus of its link by its own edge.
SEEN = """() => [document.activeElement, document.activeElement.closest(".card")]
  .some((one) => one && getComputedStyle(one).outlineStyle !== "none")"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what is looked for, and is seen there."""
    for _press in range(TABS_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            assert page.evaluate(SEEN), selector
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def too_wide(page: Page) -> int:
    """How many px the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def found_from_the_front_page(page: Page, origin: str, words: str) -> None:
    """Search for a work by keyboard, and open its page."""
    page.goto(f"{origin}/")
    tab_to(page, "input[type=search]")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?*")
    tab_to(page, ".card a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/**")


def heard(folder: Path, now: datetime) -> Item:
    """A recording of six seconds with subtitles of two."""
    item = works.work("audio", folder, now=now)
    (folder / "loi.srt").write_text(SRT, encoding="utf-8")
    text = makers.file_of(item, folder / "loi.srt", now=now)
    ItemFile.objects.filter(pk=text.pk).update(role=FileRole.SUBTITLES, language="vi")
    return item


def test_page_thirty_of_a_book_is_read_by_keyboard_alone_at_twice_the_size(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.described(makers.item(now=now, title="Lịch nông lễ", kind="document"))
    makers.file_of(item, works.document(tmp_path / "sach.pdf", [str(page) for page in range(1, 32)]), now=now)
    with phone(browser, live_server.url, device_scale_factor=2) as (page, watch):
        page.set_viewport_size(ZOOMED)
        found_from_the_front_page(page, live_server.url, "lich nong le")
        tab_to(page, ".stage a.button[href*='page=1']")
        page.keyboard.press("Enter")
        page.wait_for_url("**page=1*")
        tab_to(page, "#leaf-number")
        page.keyboard.press("Control+a")
        page.keyboard.type("30")
        page.keyboard.press("Enter")
        page.wait_for_url("**page=30*")
        expect(page.locator("img.leaf")).to_have_attribute("alt", "Ảnh của trang 30. Phần chữ ở ngay sau.")
        tab_to(page, ".leaf-text summary")
        page.keyboard.press("Enter")
        expect(page.locator(".leaf-text")).to_contain_text("Trang so 30")

        assert too_wide(page) <= 0
        assert barriers(page) == []
        assert watch.troubles == []


def test_a_recording_is_heard_with_its_words_by_keyboard_alone_at_twice_the_size(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    heard(tmp_path, now)
    with phone(browser, live_server.url, device_scale_factor=2) as (page, watch):
        page.set_viewport_size(ZOOMED)
        found_from_the_front_page(page, live_server.url, "bai chieng")
        page.evaluate("document.querySelector('audio').muted = true")
        assert not [path for path in watch.asked if "/audio/" in path]
        tab_to(page, "[data-wave]")
        slider = page.get_by_role("slider", name="Chỗ trong bản ghi")
        page.keyboard.press(" ")
        page.wait_for_function("() => document.querySelector('audio').currentTime > 0.1")
        page.keyboard.press(" ")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        expect(slider).to_have_attribute("aria-valuetext", "0:05 / 0:06")
        tab_to(page, "[data-speed]")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.querySelector('audio').playbackRate") == 0.75
        tab_to(page, ".segments a")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        said = page.locator(".segments li[aria-current]")
        expect(said).to_contain_text("Nước suối trong lắm")
        assert page.evaluate("document.querySelector('audio').currentTime") >= 3

        assert too_wide(page) <= 0
        assert barriers(page) == []
        assert watch.troubles == []


def test_words_of_a_page_are_selected_on_its_picture_found_and_linked_to(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.work("document", tmp_path, now=now)
    with phone(browser, live_server.url, permissions=["clipboard-read", "clipboard-write"]) as (page, watch):
        page.goto(f"{live_server.url}/items/{item.pid}/")
        page.locator("#find-words").fill("trang so 2")
        page.keyboard.press("Enter")
        expect(page.locator("mark")).to_have_text("Trang so 2")
        assert barriers(page) == []
        page.locator(".found li a").click()
        text = page.locator(".words text")
        expect(text).to_have_text("Trang so 2")
        laid, seen = text.bounding_box(), page.locator("img.leaf").bounding_box()
        assert laid is not None
        assert seen is not None
        # 40 of 420 points from the left, at about 95 of 595 from the top.
        assert abs((laid["x"] - seen["x"]) / seen["width"] - 40 / 420) < 0.02
        assert 0.1 < (laid["y"] - seen["y"]) / seen["height"] < 0.18
        assert page.locator(".words rect").count() == 1
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.words text'))")
        assert page.evaluate("getSelection().toString()").strip() == "Trang so 2"
        page.locator(".stage [data-copy]").click()
        expect(page.locator("[data-told]").first).to_have_text("Đã chép đường dẫn.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{live_server.url}/items/{item.pid}/?page=2&find=trang+so+2#leaf"
        assert barriers(page) == []
        page.goto(f"{live_server.url}/items/{item.pid}/?page=2&two=1")
        assert page.locator("img.leaf").count() == 2
        assert barriers(page) == []
        assert watch.troubles == []


def test_a_book_keeps_its_letters_and_its_place_on_the_device_only(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.work("ebook", tmp_path, now=now)
    address = f"{live_server.url}/items/{item.pid}/"
    with phone(browser, live_server.url) as (page, watch):
        page.goto(address)
        assert page.locator("[data-resume]").is_hidden()
        page.goto(f"{address}?chapter=2#leaf")
        size = "parseFloat(getComputedStyle(document.querySelector('.chapter')).fontSize)"
        before = page.evaluate(size)
        page.get_by_role("button", name="Chữ to hơn").press("Enter")
        assert page.evaluate(size) > before
        for paper in ("day", "night"):
            page.locator("select[data-paper]").select_option(paper)
            assert barriers(page) == [], paper
        page.goto(address)
        resume = page.locator("[data-resume] a")
        expect(resume).to_be_visible()
        assert barriers(page) == []
        resume.press("Enter")
        page.wait_for_url("**chapter=2*#here")
        assert page.evaluate(size) > before
        assert page.locator(".stage").get_attribute("data-paper") == "night"
        # Nothing of it is told to the library.
        assert page.context.cookies() == []
        page.goto(address)
        page.locator("[data-forget]").press("Enter")
        page.reload()
        assert page.locator("[data-resume]").is_hidden()
        assert watch.troubles == []


def test_a_film_is_watched_with_little_data_and_its_bar_shows_the_place(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.work("video", tmp_path, now=now)
    with phone(browser, live_server.url) as (page, watch):
        page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
        page.goto(f"{live_server.url}/items/{item.pid}/")
        page.evaluate("document.querySelector('video').muted = true")
        ways = page.locator("[data-ways] select")
        labels = ways.locator("option").all_inner_texts()
        assert all("KB" in label or "MB" in label for label in labels), labels
        assert "144p" in ways.locator("option:checked").inner_text()
        assert not [path for path in watch.asked if "/hls/" in path or "/storyboard/" in path]
        page.locator("[data-watch]").press("Enter")
        page.wait_for_function("() => document.querySelector('video').videoHeight === 144")
        assert {path.rsplit("/", 1)[1] for path in watch.asked if "/hls/" in path} <= {
            "master.m3u8", "144p.m3u8", "144p.mp4", "audio-low.m3u8", "audio-low.mp4",
        }  # fmt: skip
        bar = page.locator("[data-bar] input")
        bar.focus()
        bar.press("End")
        expect(page.locator(".peek")).to_be_visible()
        expect(page.locator(".peek image")).to_have_attribute(
            "href", f"{live_server.url}/files/{item.files.get().pid}/storyboard/sheet-1.webp"
        )
        page.wait_for_function("() => document.querySelector('video').currentTime > 2")
        assert barriers(page) == []
        assert watch.troubles == []


def test_two_pictures_are_looked_at_side_by_side_and_move_together(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.work("image", tmp_path, now=now)
    Image.open(tmp_path / "anh.jpg").rotate(180).save(tmp_path / "sau.jpg")
    other = makers.file_of(makers.item(now=now, title="Nhà rông dựng lại"), tmp_path / "sau.jpg", now=now)
    with phone(browser, live_server.url, java_script_enabled=False) as (page, _watch):
        page.goto(f"{live_server.url}/items/{item.pid}/?beside={other.item.pid}")
        assert page.locator(".pair img").count() == 2
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/items/{item.pid}/")
        page.locator(".compare summary").press("Enter")
        page.locator("#beside-work").fill(f"{live_server.url}/items/{other.item.pid}/")
        page.keyboard.press("Enter")
        expect(page.locator(".pair img")).to_have_count(2)
        assert barriers(page) == []
        page.locator("button[data-zoom]").press("Enter")
        expect(page.locator(".zoom canvas")).to_have_count(2)
        page.wait_for_load_state("networkidle")
        tiles = [path for path in watch.asked if path.endswith("/default.jpg")]
        page.locator(".zoom").nth(1).locator("[role=application]").focus()
        # The keys come to the second; nearer than the first tiles go, others of both are fetched.
        both = {item.files.get().pid, other.pid}
        for _turn in range(60):
            page.keyboard.press("+")
            nearer = [path for path in watch.asked if path.endswith("/default.jpg")][len(tiles) :]
            if {path.split("/")[4] for path in nearer} == both:
                break
            page.wait_for_timeout(100)
        else:
            pytest.fail(f"asked for {nearer} after {tiles}")
        assert barriers(page) == []
        page.locator("[data-act=full]").press("Enter")
        page.wait_for_function("() => document.fullscreenElement !== null")
        page.locator("[data-act=close]").press("Enter")
        page.wait_for_function("() => document.fullscreenElement === null")
        assert page.locator(".pair").is_visible()
        assert watch.troubles == []


def swipe(page: Page, across_px: int) -> None:
    """Draw a finger over the middle of the first picture, sideways; to the left where `across_px` is negative."""
    touch = page.context.new_cdp_session(page)
    page.locator(".sheets img, .stage-pic img").first.scroll_into_view_if_needed()
    box = page.locator(".sheets img, .stage-pic img").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 - across_px / 2, box["y"] + min(box["height"], 300) / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (1, 2, 3, 4):
        at = {"x": x + across_px * step / 4, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_pages_and_pictures_are_turned_by_a_finger_drawn_sideways(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    read = works.work("document", tmp_path, now=now)
    seen = works.work("image", tmp_path, now=now)
    makers.file_of(seen, makers.picture(tmp_path / "hai.jpg"), now=now)
    first, second = seen.files.order_by("position", "pk")
    with phone(browser, live_server.url, has_touch=True, is_mobile=True) as (page, watch):
        page.goto(f"{live_server.url}/items/{read.pid}/?page=1", wait_until="networkidle")
        swipe(page, -200)
        page.wait_for_url("**page=2*")
        page.wait_for_load_state("networkidle")
        swipe(page, 20)
        swipe(page, 200)
        page.wait_for_url("**page=1*")
        page.goto(f"{live_server.url}/items/{seen.pid}/", wait_until="networkidle")
        swipe(page, -200)
        page.wait_for_url(f"**file={second.pid}*")
        page.wait_for_load_state("networkidle")
        swipe(page, 200)
        page.wait_for_url(f"**file={first.pid}*")

        assert watch.troubles == []
