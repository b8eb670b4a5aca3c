"""The list of items by hand and by keys in a real browser: the palette, some fields in a dialog, a view that is kept."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from archive.models import Item, SavedView
from tests.desk.conftest import an_item
from tests.desk.test_browser import complaints, page, sign_in, too_wide, violations

__all__ = ["complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_rows_are_walked_through_edited_and_found_by_keys(
    live_server: Any, page: Page, complaints: list[str], width: int
) -> None:
    base = str(live_server)
    page.set_viewport_size({"width": width, "height": 900})
    gourd, jar = an_item("Gùi hoa"), an_item("Ché rượu cần")
    sign_in(page, base)
    assert violations(page, complaints) == []
    look(page, f"start-{width}")
    page.goto(f"{base}/admin/archive/item/?_facets=True")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    look(page, f"list-{width}")

    # The newest row first; e changes some fields of the row that has the focus.
    page.keyboard.press("j")
    expect(page.locator("#result_list .field-shown_title a").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("e")
    dialog = page.locator("#quick-dialog")
    expect(dialog).to_be_visible()
    assert violations(page, complaints) == []
    look(page, f"quick-{width}")
    dialog.locator("[name=identifier]").fill("KT-7")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Gùi hoa")

    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("che ruou")
    option = page.locator("#palette [role=option]").first
    expect(option).to_contain_text("Ché rượu cần")
    assert violations(page, complaints) == []
    look(page, f"palette-{width}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{base}/admin/archive/item/{jar.pk}/change/")

    page.goto(f"{base}/admin/archive/item/?lacking=rights")
    page.locator(".views summary").click()
    page.fill("#view-name", "Thiếu quyền")
    page.locator(".views details button[type=submit]").click()
    expect(page.locator(".views .here")).to_contain_text("Thiếu quyền")
    assert violations(page, complaints) == []
    assert Item.objects.get(pk=gourd.pk).identifier == "KT-7"
    assert SavedView.objects.get().query == "lacking=rights"


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for one, by the variable DESK_PICTURES."""
    if folder := os.environ.get("DESK_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
