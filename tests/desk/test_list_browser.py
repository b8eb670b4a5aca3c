"""The list of items by hand and by keys in a real browser: the palette, some fields in a dialog, a view that is kept."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from archive.actions.attach_file import attach_file
from archive.models import Item, SavedView
from media_pipeline import heartbeat, intakes
from media_pipeline.models import Job
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

    # The next page says so before its scripts hear keys.
    page.wait_for_load_state()
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


@pytest.mark.parametrize("width", [360, 1280])
def test_the_health_of_the_workshop_fits_and_tells_itself_anew(
    live_server: Any, page: Page, complaints: list[str], width: int
) -> None:
    base, now = str(live_server), timezone.now()
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, base)
    heartbeat.beat("quick@kho-sach", "clock,quick", started_at=now, now=now)
    running = job_of_an_item("Chiêng", state="running", token="t", lease_until=now, started_at=now, percent=12)
    job_of_an_item("Gùi", lane="heavy")
    job_of_an_item("Khố", state="failed", reason_code="time_limit", finished_at=now)

    page.goto(f"{base}/admin/media_pipeline/job/health/")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    look(page, f"health-{width}")
    Job.objects.filter(pk=running.pk).update(percent=77)
    expect(page.locator(f'[data-job="{running.pk}"]')).to_have_attribute("value", "77")

    page.locator("summary", has_text="…").click()
    page.locator(".health button.careful").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Job.objects.get(lane="heavy").state == "cancelled"


def job_of_an_item(title: str, **facts: Any) -> Job:
    """Return the store job of an upload to a new item, as these facts say."""
    now = timezone.now()
    intake = intakes.begin(original_name=title, size_bytes=0, now=now)
    attach_file(an_item(title), intake, actor=None, now=now)
    Job.objects.filter(intake=intake).update(**facts)
    return Job.objects.get(intake=intake)
