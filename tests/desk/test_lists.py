"""The desk's lists in a real browser: rows have room at the width of a desk's screen and at a phone's."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.desk.conftest import an_item, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BUILT = Path(__file__).resolve().parents[2] / "static" / "built" / "desk.css"
TITLE = "[Mẫu] Giông và những người bạn: hơmon kể lại cho thiếu nhi ở làng Kon Klor"
LISTS = ("archive/item/", "media_pipeline/job/", "media_pipeline/master/", "access/auditentry/", "access/user/")


@pytest.mark.parametrize(("width", "lines_most"), [(1280, 3), (360, 3)])
def test_a_title_has_room_and_no_column_lies_beyond_the_edge(
    live_server: object, browser: Browser, width: int, lines_most: int
) -> None:
    if not BUILT.is_file():
        pytest.skip("static/built/ is not made: run python -m scripts.build_assets")
    staff("cong_bo", is_superuser=True)
    an_item(TITLE)
    page = browser.new_context(locale="vi-VN", viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{live_server}/admin/")
    page.fill("#id_username", "cong_bo")
    page.fill("#id_password", "cu-ky-khong-doan")
    page.click("#login-form [type=submit]")

    for address in LISTS:
        page.goto(f"{live_server}/admin/{address}")
        beyond = page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(".results")]
              .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"""
        )
        assert beyond == [], address
    page.goto(f"{live_server}/admin/{LISTS[0]}")
    title = page.locator("#result_list .field-shown_title a")
    lines = [one.evaluate("(one) => one.getClientRects().length") for one in title.all()]
    page.context.close()

    assert len(lines) == 1
    assert lines[0] <= lines_most
