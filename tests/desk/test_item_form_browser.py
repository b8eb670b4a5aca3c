"""The form of an item in a real browser: a power cut, letters that keyboards lack, files in another order, a template, dates."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from archive import languages
from archive.models import FormDraft, Item
from tests.browsers import chromium
from tests.desk.conftest import an_item, staff
from tests.desk.test_browser import complaints, page, too_wide, violations
from tests.desk.test_items import with_file

__all__ = ["complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TYPED = "Hơ\u0306mon đêm mất điện"


def session() -> str:
    """Return the session of somebody who may publish."""
    client = Client()
    client.force_login(staff("cong_bo", is_superuser=True))
    return str(client.cookies["phien"].value)


def go(page: Page, live_server: Any, item: Item, cookie: str) -> None:
    page.context.add_cookies([{"name": "phien", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/admin/archive/item/{item.pk}/change/")


def wait_for(happens: Callable[[], bool]) -> None:
    """Return once this holds; fail after twenty seconds."""
    for _try in range(200):
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def title_of(page: Page) -> Locator:
    return page.locator("textarea[name=titles-text]").first


def test_what_was_typed_survives_a_power_cut(live_server: Any, browser: Browser) -> None:
    """The browser's process is killed while somebody types; a new one knows nothing but its owner's sign-in."""
    item, cookie = an_item("Gùi"), session()
    started = browser.browser_type.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"])
    page = started.new_context(locale="vi-VN").new_page()
    go(page, live_server, item, cookie)
    title_of(page).press("End")
    title_of(page).press_sequentially(" " + TYPED)
    page.click(".field-titles [data-add]")
    page.locator("select[name=titles-lang]").nth(1).select_option("bdq")
    page.locator("textarea[name=titles-text]").nth(1).press_sequentially("Hơmon")
    expect(page.locator("[data-draft]")).not_to_be_empty()
    wait_for(lambda: "Hơmon" in json.dumps(FormDraft.objects.get().data, ensure_ascii=False).partition(TYPED)[2])
    asked = started.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    (pid,) = [one["id"] for one in asked["processInfo"] if one["type"] == "browser"]

    os.kill(pid, signal.SIGKILL)

    again = browser.new_context(locale="vi-VN")
    page = again.new_page()
    go(page, live_server, item, cookie)
    expect(title_of(page)).to_have_value("Gùi")
    page.click("[data-draft-offer] [name=_restore]")
    expect(title_of(page)).to_have_value(f"Gùi {TYPED}")
    page.click(".desk-submit [name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    again.close()

    item.refresh_from_db()
    assert item.titles == [{"lang": "vi", "value": f"Gùi {TYPED}"}, {"lang": "bdq", "value": "Hơmon"}]
    assert not FormDraft.objects.exists()


def test_letters_that_keyboards_lack_are_put_in_by_keys_and_by_pointer(
    live_server: Any, page: Page, complaints: list[str]
) -> None:
    item = an_item("Gùi")
    go(page, live_server, item, session())
    title = title_of(page)
    page.locator("select[name=titles-lang]").first.select_option("bdq")
    title.fill("")
    title.focus()

    page.keyboard.press("F8")
    # ă â â̆ ĕ ê ê̆ …: the sixth of Bahnar's.
    for _step in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(title).to_have_value("ê\u0306")
    expect(title).to_be_focused()
    page.keyboard.type("ng")
    page.keyboard.press("F8")
    expect(page.locator(".letters button:focus")).to_have_text("ê\u0306")
    page.keyboard.press("Escape")
    expect(page.locator(".letters")).to_have_count(0)
    expect(title).to_be_focused()

    page.locator(".field-titles [data-letters-open]").first.click()
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.click(".letters [data-capital]")
    page.click(".letters button:text-is('Ơ\u0306')")
    page.keyboard.type("o")
    # A mark finds its place: horn before breve, whichever was put in first; a tone takes the place of another.
    for mark in ("\u0306", "\u031b", "\u0301", "\u0300"):
        page.click(f".letters [data-letter='{mark}']")
    expect(title).to_have_value("ê\u0306ngƠ\u0306ơ\u0306\u0300")
    title.press("Control+z")
    expect(title).to_have_value("ê\u0306ngƠ\u0306ơ\u0306\u0301")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()

    item.refresh_from_db()
    assert item.titles == [{"lang": "bdq", "value": "ê\u0306ngƠ\u0306ơ\u0306\u0301"}]


def test_files_are_dragged_into_order_by_pointer_and_their_pages_are_named(live_server: Any, page: Page) -> None:
    item, cookie = an_item("Sách"), session()
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        with_file(item, name)
    page.set_viewport_size({"width": 1280, "height": 1400})
    go(page, live_server, item, cookie)
    cards = page.locator(".card[data-file]")

    cards.nth(2).locator("[data-grip]").drag_to(cards.nth(0), target_position={"x": 60, "y": 4})
    expect(cards.nth(0)).to_contain_text("3.jpg")
    expect(page.locator("[data-changed]")).to_be_visible()
    cards.nth(0).locator("summary").click()
    cards.nth(0).locator("input[name$=-label]").fill("iv")
    page.click(".desk-submit [name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()

    assert list(item.files.order_by("position").values_list("original_name", "label")) == [
        ("3.jpg", "iv"),
        ("1.jpg", ""),
        ("2.jpg", ""),
    ]


def test_another_template_brings_its_fields_and_keeps_what_was_written(
    live_server: Any, page: Page, complaints: list[str]
) -> None:
    item = an_item("Hơmon", template="epic", own_values={"occasion": languages.of(vi="lễ bỏ mả"), "nights": 3})
    go(page, live_server, item, session())

    page.select_option("#id_template", "gong_recording")
    occasion = page.locator("textarea[name='own_values-gong_recording-occasion-text']").first
    expect(occasion).to_have_value("lễ bỏ mả")
    page.fill("[name='own_values-gong_recording-bossed_gongs']", "4")
    page.fill("[name=date_as_written]", "khoảng 1975")
    expect(page.locator(".field-date_as_written .reading")).to_have_text("Hiểu là: khoảng năm 1975")
    expect(page.locator("[name=date_edtf]")).to_have_value("1975~")
    page.fill("[name=date_as_written]", "1925-30")
    page.locator(".reading.refused button").first.click()
    expect(page.locator("[name=date_edtf]")).to_have_value("1925/1930")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.locator("summary", has_text="Mô tả thêm").click()
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()

    # What the person had open stays open on this device.
    expect(page.locator("#part-more")).to_have_attribute("open", "")
    item.refresh_from_db()
    assert item.own_values == {"nights": 3, "occasion": languages.of(vi="lễ bỏ mả"), "bossed_gongs": 4}
    assert (item.date_as_written, item.date_edtf) == ("1925-30", "1925/1930")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_forms_of_headings_are_read_by_everybody_at_every_width(
    live_server: Any, page: Page, complaints: list[str], width: int
) -> None:
    page.context.add_cookies([{"name": "phien", "value": session(), "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = []
    for model in ("agent", "people", "subject", "rightsstatement", "place"):
        page.goto(f"{live_server.url}/admin/archive/{model}/add/")
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found += [f"{model}: {one}" for one in (*violations(page, complaints), *too_wide(page))]

    assert found == []
