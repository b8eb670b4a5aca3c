"""A consent recorded in a real browser, on a telephone: with a photograph of the paper, then published, then taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from archive.models import ConsentRecord, Item
from media_pipeline import work
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_browser import complaints, page, photograph, too_wide, violations

__all__ = ["complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_consent_is_recorded_with_a_photograph_of_the_paper_and_taken_back(
    live_server: object, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    base = str(live_server)
    session = signed_in(staff("thu_thu", is_superuser=True)).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
    item = an_item("Chân dung nghệ nhân")
    Item.objects.filter(pk=item.pk).update(depicts_person=True)

    page.goto(f"{base}/admin/archive/item/{item.pk}/change/")
    expect(page.locator(".consent-standing.lacks")).to_be_visible()
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.click(f'a[href="/admin/archive/consentrecord/add/?items={item.pk}"]')
    assert page.locator("[name=scopes]:checked").count() == 0
    page.fill("#id_person_name", "Y Blưi")
    page.locator("[name=scopes][value=publish_online]").check()
    page.fill("#id_given_on", "2026-03-01")
    page.select_option("#id_method", "paper")
    page.set_input_files("#id_evidence", photograph(tmp_path))
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.click(".submit-row [type=submit]")

    record = ConsentRecord.objects.get()
    expect(page).to_have_url(f"{base}/admin/archive/consentrecord/{record.pk}/change/")
    work.perform_all()
    page.reload()
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    with page.expect_download() as fetched:
        page.click(f'a[href="/admin/archive/consentrecord/{record.pk}/evidence"]')
    assert Path(fetched.value.path()).read_bytes() == (tmp_path / "gùi.jpg").read_bytes()

    page.goto(f"{base}/admin/archive/item/{item.pk}/change/")
    page.click("button[name=_move][value=published].default")
    item.refresh_from_db()
    assert item.state == "published"

    page.goto(f"{base}/admin/archive/consentrecord/{record.pk}/change/")
    page.click(".consent-more summary")
    page.fill("#withdraw-reason", "gia đình xin rút lại")
    assert violations(page, complaints) == []
    page.click(".consent-more button.careful")
    expect(page.locator(".state-consent-withdrawn")).to_be_visible()
    item.refresh_from_db()
    assert item.suspended_at is not None
