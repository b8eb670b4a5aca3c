"""The buttons of the panel "From the files" in a real browser: each fills its field, by pointer and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from media_pipeline.models import Master
from tests.desk.conftest import an_item
from tests.desk.test_browser import complaints, page, too_wide, violations
from tests.desk.test_from_files import saying
from tests.desk.test_item_form_browser import go, session

__all__ = ["complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MORE = [
    {"source": "EPUB", "name": "dc:language", "value": "bdq"},
    {"source": "ID3", "name": "TCOP", "value": "© 1975"},
]


def test_what_a_file_says_fills_the_form_by_a_button(live_server: Any, page: Page, complaints: list[str]) -> None:
    item, cookie = an_item("Gùi"), session()
    file = saying(item)
    master = Master.objects.get(pk=file.master_id)
    Master.objects.filter(pk=master.pk).update(embedded=[*master.embedded, *MORE])
    go(page, live_server, item, cookie)
    panel = page.locator("[data-from-files]")

    panel.locator("summary").click()
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    panel.locator("[data-use=date_as_written]").click()
    expect(page.locator("input[name=date_as_written]")).to_be_focused()
    expect(page.locator("input[name=date_edtf]")).to_have_value("1975-03-16")
    panel.locator("[data-use=languages]").click()
    expect(page.locator("input[type=checkbox][name=languages][value=bdq]")).to_be_checked()
    panel.locator("[data-use=titles]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("textarea[name=titles-text]").nth(1)).to_have_value("SAID-TITLE <b>")
    # The language of what a file says is not known: that is where one goes on.
    expect(page.locator("select[name=titles-lang]").nth(1)).to_be_focused()
    page.keyboard.type("Ti")
    panel.locator("[data-use=rights_statements]").click()
    expect(page.locator("textarea[name=rights_statements-text]").first).to_have_value("© 1975")
    expect(panel.locator("[data-used]")).not_to_be_empty()
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()

    item.refresh_from_db()
    assert item.date_edtf == "1975-03-16"
    assert [one["value"] for one in item.titles] == ["Gùi", "SAID-TITLE <b>"]
    assert item.languages == ["bdq"]
