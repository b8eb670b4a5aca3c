"""A librarian finds a mistake in a real browser, brings one field back, meets a colleague's save, and merges what is there twice."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from archive import languages
from archive.actions.save_authority import save_authority
from archive.actions.save_item import save_item
from archive.models import Item, People
from tests.desk.conftest import an_item, staff
from tests.desk.test_browser import complaints, page, too_wide, violations  # noqa: F401  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, base: str, name: str) -> None:  # noqa: F811
    page.goto(f"{base}/admin/login/?next=/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", "cu-ky-khong-doan")
    page.press("#id_password", "Enter")
    page.wait_for_url(f"{base}/admin/")


def colleague_saves(pk: int, **columns: object) -> None:
    item = Item.objects.get(pk=pk)
    for name, value in columns.items():
        setattr(item, name, value)
    save_item(item, read_version=item.version, changed=list(columns), actor=None, now=timezone.now())


def test_a_mistake_is_found_one_field_comes_back_and_a_colleague_is_met(
    live_server: object,
    page: Page,  # noqa: F811
    complaints: list[str],  # noqa: F811
) -> None:
    base = str(live_server)
    staff("thu_thu", is_superuser=True)
    item = an_item("Sử thi Đăm Noi", descriptions=languages.of(vi="Nghệ nhân A Lưu hát kể ở Kon Klor."))
    colleague_saves(item.pk, titles=languages.of(vi="Sử thi Dăm Noi"), identifier="ST-1")
    sign_in(page, base, "thu_thu")

    page.goto(f"{base}/admin/archive/item/{item.pk}/history/")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.get_by_role("link", name="So sánh phiên bản 1 với hiện tại").click()
    expect(page.locator("del").first).to_contain_text("Đăm")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.check("input[name=parts][value=titles]")
    page.get_by_role("button", name="Khôi phục những mục đã chọn").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    item.refresh_from_db()
    assert (item.titles, item.identifier) == (languages.of(vi="Sử thi Đăm Noi"), "ST-1")

    page.goto(f"{base}/admin/archive/item/{item.pk}/change/")
    page.locator("[name=titles-text]").first.fill("Sử thi Đăm Noi, bản kể của A Lưu")
    colleague_saves(
        item.pk, titles=languages.of(vi="Hơmon Đăm Noi"), orthography_notes=languages.of(vi="Theo sách 1982")
    )
    page.locator("input[name=_continue]").first.click()
    expect(page.locator(".stale")).to_contain_text("Hơmon Đăm Noi")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.check("input[name='choose:titles'][value=mine]")
    page.locator("input[name=_continue]").first.click()
    expect(page.locator(".stale")).to_contain_text("Giữ như người kia đã lưu")
    page.locator("input[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    item.refresh_from_db()
    assert item.titles == languages.of(vi="Sử thi Đăm Noi, bản kể của A Lưu")
    assert item.orthography_notes == languages.of(vi="Theo sách 1982")


def test_a_draft_goes_through_the_bin_and_two_headings_become_one(
    live_server: object,
    page: Page,  # noqa: F811
    complaints: list[str],  # noqa: F811
) -> None:
    base = str(live_server)
    staff("thu_thu", is_superuser=True)
    item = an_item("Bản nháp thừa")
    records = [
        People(slug=slug, names=languages.of(vi=name)) for slug, name in (("ba-na", "Ba Na"), ("bahnar", "Bahnar"))
    ]
    for record in records:
        save_authority(record, save=record.save, read_version=None, actor=None, now=timezone.now())
    item.peoples.add(records[0])
    sign_in(page, base, "thu_thu")

    page.goto(f"{base}/admin/archive/item/{item.pk}/delete/")
    page.get_by_role("button", name="Cho vào thùng rác").click()
    page.goto(f"{base}/admin/archive/item/bin/")
    expect(page.locator("#bin-items")).to_contain_text("Bản nháp thừa")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.get_by_role("button", name="Lấy “Bản nháp thừa” ra khỏi thùng rác").click()
    expect(page.locator("h1").last).to_contain_text("Bản nháp thừa")

    page.goto(f"{base}/admin/archive/people/{records[0].pk}/merge/?other={records[1].pk}")
    expect(page.locator("#merge-sides")).to_contain_text("Ba Na")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.check("input[name=sure]")
    page.get_by_role("button", name="Gộp", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert list(item.peoples.all()) == [records[1]]
