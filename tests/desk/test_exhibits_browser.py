"""An exhibit composed in Vietnamese with the keyboard, looked at by a visitor; and a villager who tells what they know on a phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from archive import languages
from archive.models import Contribution, Exhibit, Item, ItemPlace, Place, PlaceName
from tests import makers
from tests.desk.conftest import staff
from tests.desk.test_browser import complaints, page, too_wide, violations
from tests.doors.public.test_asking_in_a_browser import look, sign_in
from tests.doors.public.test_browser import phone, requires_assets

__all__ = ["complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def works(folder: Path) -> list[Item]:
    now = timezone.now()
    village = Place.objects.create(slug="kon-klor", kind="village", latitude="14.35", longitude="108.02")
    PlaceName.objects.create(place=village, text="Làng Kon Klor", lang="vi")
    made = []
    for number, title in enumerate(("Nhà rông Kon Klor", "Gùi của bà Y Blêu", "Đêm chiêng tháng Ba")):
        item = makers.item(now=now, title=title)
        makers.file_of(item, makers.picture(folder / f"{number}.jpg", colour=(90 + 40 * number, 60, 50)), now=now)
        Item.objects.filter(pk=item.pk).update(date_edtf=f"{1972 + 10 * number}")
        ItemPlace.objects.create(item=item, place=village, role="depicted")
        made.append(item)
    return made


def press(page: Page, name: str) -> None:
    """Press a button as somebody without a mouse does."""
    button = page.locator("#content").get_by_role("button", name=name, exact=True).first
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, text: str, at: int = 0) -> None:
    page.locator("textarea[name=texts-text]").nth(at).fill(text)


def add(page: Page, kind: str) -> None:
    page.locator("#new-kind").select_option(kind)
    press(page, "Thêm")
    expect(page.locator("#block_form")).to_be_visible()


def choose(page: Page, words: str) -> None:
    page.locator("#find").fill(words)
    press(page, "Tìm")
    expect(page.locator(".exhibit-found")).to_contain_text(words)
    press(page, f"Thêm {words}")


def done(page: Page) -> None:
    press(page, "Lưu và về trang")
    expect(page.locator("#page_form")).to_be_visible()


@requires_assets
def test_an_exhibit_is_composed_in_vietnamese_by_keyboard(
    page: Page, browser: Browser, live_server: Any, tmp_path: Path, complaints: list[str]
) -> None:
    made = works(tmp_path)
    sign_in(page, staff("thu_thu", "Publisher"), live_server.url)
    page.goto(f"{live_server.url}/admin/archive/exhibit/add/")
    page.locator("textarea[name=titles-text]").first.fill("Tiếng chiêng gọi mùa")
    page.locator("textarea[name=summaries-text]").first.fill("Ba làng, ba đêm, một tiếng chiêng.")
    press(page, "Lưu")
    assert violations(page, complaints) == []
    page.locator("#pages a").first.click()

    add(page, "heading")
    write(page, "Mở đầu")
    done(page)
    add(page, "text")
    write(page, "Chiêng **không** chỉ để nghe.\n\n- đêm thứ nhất\n- đêm thứ hai")
    done(page)
    add(page, "gallery")
    for item in made:
        choose(page, languages.pick_text(item.titles, "vi"))
    page.locator("textarea[name^=caption-]").first.fill("Mái cao *mười tám* mét.")
    assert violations(page, complaints) == []
    done(page)
    add(page, "quotation")
    write(page, "Chiêng kêu thì làng còn.")
    page.locator("textarea[name=sources-text]").first.fill("Già làng A Thút")
    done(page)
    add(page, "timeline")
    for item in made:
        choose(page, languages.pick_text(item.titles, "vi"))
    done(page)
    add(page, "map")
    choose(page, "Làng Kon Klor")
    done(page)
    press(page, "Chuyển lên khối 4: trích dẫn")
    expect(page.locator("#blocks li").nth(2)).to_contain_text("Chiêng kêu")
    assert violations(page, complaints) == []
    assert not too_wide(page)
    shoot(page, "desk-page")
    page.goto(f"{live_server.url}/admin/archive/exhibit/{Exhibit.objects.get().pk}/change/")
    assert not too_wide(page)
    shoot(page, "desk-exhibit")
    press(page, "Công bố")

    paths = ["/exhibits/", "/exhibits/tieng-chieng-goi-mua/", "/en/exhibits/tieng-chieng-goi-mua/", "/"]
    with phone(browser, live_server.url) as (small, _watch):
        assert look(small, live_server.url, paths) == {}
        small.goto(f"{live_server.url}{paths[1]}")
        expect(small.locator("main")).to_contain_text("Mái cao mười tám mét.")
        shoot(small, "public-360")
        small.goto(f"{live_server.url}/exhibits/")
        shoot(small, "index-360")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}{paths[1]}")
    shoot(page, "public-1280")
    page.goto(f"{live_server.url}/")
    shoot(page, "home-1280")


@requires_assets
def test_a_villager_tells_what_they_know_on_a_phone(browser: Browser, live_server: Any, tmp_path: Path) -> None:
    item = works(tmp_path)[0]
    with phone(browser, live_server.url) as (small, _watch):
        small.goto(f"{live_server.url}/items/{item.pid}/")
        small.get_by_role("link", name="Tôi biết người này").click()
        assert look(small, live_server.url, [f"/items/{item.pid}/know/", f"/en/items/{item.pid}/know/", "/told/"]) == {}
        small.goto(f"{live_server.url}/items/{item.pid}/know/")
        shoot(small, "tell-360")
        small.get_by_label("Một nơi").check()
        small.locator("textarea[name=text]").fill("Nhà rông cũ, trước khi dời làng năm 1972.")
        small.locator("input[name=file]").set_input_files(makers.picture(tmp_path / "ba.jpg"))
        small.get_by_label("không kèm tên tôi").check()
        small.get_by_role("button", name="Gửi").click()
        code = small.locator(".told-code strong").inner_text()
        shoot(small, "thanks-360")

        small.goto(f"{live_server.url}/told/")
        small.locator("input[name=code]").fill(code)
        small.get_by_role("button", name="Xem").click()
        expect(small.locator("main")).to_contain_text("trước khi dời làng")
        assert look(small, live_server.url, [f"/told/{code}/"]) == {}
        shoot(small, "told-360")
        small.get_by_role("button", name="Rút lại").click()
        expect(small.locator("main")).to_contain_text("đã được xóa")

    assert Contribution.objects.get().text == ""


def shoot(page: Page, name: str) -> None:
    """Keep a picture of a page where somebody asks for one."""
    folder = os.environ.get("HERITAGE_TEST_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
