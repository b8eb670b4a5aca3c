"""The page for emergencies and the log in a real browser, on a phone and on a desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from access.models import User
from archive.actions.choose_access import choose_item_access
from archive.models import Item
from tests import makers
from tests.desk.conftest import staff
from tests.desk.test_browser import complaints, page, too_wide, violations
from tests.petitioners import closed_by, community, protocol, steward

__all__ = ["complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
REASON = "Tệp gốc đang hỏng, phải xem ngay để cứu"


def sign_in(page: Page, live_server: Any, user: User) -> None:
    """Bring the session of a test client into the browser."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["phien"].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "phien", "value": cookie, "url": live_server.url}])


def look(page: Page, found: list[str], complaints: list[str], name: str) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{name} {width}: {one}" for one in too_wide(page)]
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    found += [f"{name}: {one}" for one in violations(page, complaints)]
    page.set_viewport_size({"width": 360, "height": 740})


def test_an_emergency_from_the_form_to_the_steward_who_ends_it(
    page: Page, live_server: Any, complaints: list[str]
) -> None:
    found: list[str] = []
    with transaction.atomic():
        held = protocol(community())
        item = makers.item(now=timezone.now(), title="Bài cúng lúa mới", publish=False)
        choose_item_access(item, closed_by(held), actor=None, now=timezone.now())
        elder = steward("gia-lang", held)
        User.objects.filter(pk=elder.pk).update(is_staff=True)
        chief = staff("quan_tri", is_superuser=True)
    sign_in(page, live_server, chief)

    page.goto(f"{live_server.url}/admin/")
    page.locator('#content-related a[href="/admin/emergency/"]').click()
    page.locator("#id_pid").fill(item.pid)
    page.locator("#id_reason").fill(REASON)
    page.locator(".emergency .careful").click()
    page.locator("#item_form").wait_for()
    page.goto(f"{live_server.url}/admin/emergency/")
    page.locator(".openings").wait_for()
    look(page, found, complaints, "emergency")
    page.goto(f"{live_server.url}/admin/access/auditentry/")
    page.locator("#result_list").wait_for()
    look(page, found, complaints, "log")

    sign_in(page, live_server, elder)
    page.goto(f"{live_server.url}/admin/access/petition/")
    page.locator("#result_list tbody a").first.click()
    page.locator("text=quan_tri").first.wait_for()
    look(page, found, complaints, "notice")
    page.locator('button[value="end"]').click()
    page.locator(".messagelist, .messages").first.wait_for()
    page.goto(f"{live_server.url}/admin/access/auditentry/")
    look(page, found, complaints, "log-of-the-steward")

    sign_in(page, live_server, chief)
    answer = page.goto(f"{live_server.url}/admin/archive/item/{item.pk}/change/")
    assert answer is not None
    assert answer.url == f"{live_server.url}/admin/"
    assert Item.objects.count() == 1
    assert found == []
