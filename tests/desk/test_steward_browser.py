"""A steward at the desk on a telephone: from signing in to who may see a thing, and the lock."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.models import Protocol
from archive.models import Item
from tests import makers
from tests.desk.test_browser import complaints, page, too_wide, violations  # noqa: F401  # fixtures
from tests.petitioners import closed_by, community, protocol, steward

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "nuoc-nguon-lang-ta"


def test_a_steward_finds_their_item_closes_it_more_tightly_and_locks_the_protocol(
    live_server: object,
    page: Page,  # noqa: F811
    complaints: list[str],  # noqa: F811
) -> None:
    base = str(live_server)
    held = protocol(community(), "Chỉ nữ")
    user = steward("nguoi-giu", held)
    user.set_password(PASSWORD)
    user.save()
    makers.item(now=timezone.now(), title="Bài cúng lúa mới", access=closed_by(held))

    page.goto(f"{base}/admin/login/?next=/admin/")
    page.fill("#id_username", "nguoi-giu")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.click("#content a[href='/admin/archive/item/']")
    page.click("#result_list tbody th a")
    expect(page.locator("h1")).to_have_text("Bài cúng lúa mới")
    assert violations(page, complaints) == []
    assert too_wide(page) == []

    page.fill("#id_item-closes_on", "2099-12-31")
    page.check("input[name=item-restriction_reasons][value=theo_mua]")
    page.click("input[type=submit].default")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Item.objects.get().chosen_rule.policy.closes_at is not None

    page.goto(f"{base}/admin/access/protocol/{held.pk}/change/")
    page.fill("#lock_reason", "Nhà có tang")
    page.click("button[value=lock]")
    expect(page.locator("p.stale")).to_be_visible()
    assert Protocol.objects.get().is_locked
    assert violations(page, complaints) == []
    assert too_wide(page) == []
