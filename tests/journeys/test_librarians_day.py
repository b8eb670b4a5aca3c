"""A librarian's day in a real browser, in Vietnamese: an epic from its template to readers and through a mistake, between three people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from access.models import AuditEntry, User
from archive import languages
from archive.models import Agent, Item, People, Place, PlaceName, Remark, RightsStatement
from media_pipeline import work
from tests.desk.conftest import staff
from tests.desk.pages import open_form
from tests.desk.test_browser import BUILT, SENT, in_background, photograph
from tests.seeding import put_back_roles, put_back_statements

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TITLE = "Hơmon Đăm Noi"
WORD = "ê\u0306ng"  # a letter that no keyboard has
ASKED = "Ghi rõ ai kể và kể năm nào"


@pytest.fixture
def people(settings: LazySettings) -> dict[str, User]:
    """Who works that day, with two pairs of eyes; and what an epic is tied to."""
    settings.TWO_PAIRS_OF_EYES = True
    put_back_roles()
    put_back_statements()
    People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    Agent.objects.create(slug="a-jar", names=languages.of(vi="A Jar"), kind=Agent.AgentKind.PERSON)
    place = Place.objects.create(slug="kon-klor", kind=Place.PlaceKind.VILLAGE)
    PlaceName.objects.create(place=place, text="Kon Klor", lang="vi")
    return {
        "cataloguer": staff("bien_muc", "Cataloguer", first_name="Hoa", last_name="Lê"),
        "publisher": staff("cong_bo", "Publisher", first_name="Nam", last_name="Trần"),
        "colleague": staff("dong_nghiep", "Publisher", first_name="Y", last_name="Byư"),
    }


@pytest.fixture
def desks(browser: Browser, live_server: Any) -> Iterator[dict[str, Page]]:
    """A browser for each person; any complaint of one fails the test."""
    if not BUILT.is_file():
        pytest.skip("static/built/ is not made: run python -m scripts.build_assets")
    complaints: list[str] = []
    opened: dict[str, Page] = {}
    for name in ("cataloguer", "publisher"):
        page = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900}).new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened[name] = page
    yield opened
    for page in opened.values():
        page.context.close()
    assert complaints == []


def sign_in(page: Page, base: str, user: User) -> None:
    page.goto(f"{base}/admin/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "cu-ky-khong-doan")
    page.click("#login-form [type=submit]")
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def choose(page: Page, within: str, typed: str) -> None:
    """Choose a heading by typing a part of its name, as one does with the chooser of the admin."""
    box = page.locator(within)
    box.locator(".select2-selection").first.click()
    page.keyboard.type(typed)
    page.locator(".select2-results__option", has_text=typed).first.click()


def said(page: Page) -> Any:
    return expect(page.locator(".messagelist li").first)


def describe(page: Page, base: str, folder: Path) -> None:
    """Make an epic from its template, with a letter of the highlands and a file."""
    page.click("#content-main .tasks a.button, #content-main .steps a.button")
    page.select_option("#id_template", "epic")
    page.locator("select[name=titles-lang]").first.select_option("bdq")
    title = page.locator("textarea[name=titles-text]").first
    title.fill(f"{TITLE} ")
    title.focus()
    page.keyboard.press("F8")
    for _step in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("ng")
    expect(title).to_have_value(f"{TITLE} {WORD}")
    page.click("[name=_continue]")
    said(page).to_contain_text("Đã lưu bản nháp")
    page.set_input_files("#drop-input", photograph(folder))
    expect(page.locator(SENT)).to_have_count(1, timeout=30_000)
    worker = in_background(work.perform_all)
    expect(page.locator(".card [data-sentence]")).to_have_class("sentence sentence-ready", timeout=60_000)
    worker.join()


def complete(page: Page) -> None:
    """Fill in what the template asks for."""
    page.evaluate("document.querySelectorAll('details.part').forEach((part) => { part.open = true; })")
    choose(page, ".field-peoples", "Ba Na")
    page.check("input[name=languages][value=bdq]")
    page.fill("[name=date_as_written]", "khoảng 1975")
    expect(page.locator("[name=date_edtf]")).to_have_value("1975~")
    page.click("#credits-group .add-row a")
    choose(page, "#credits-0 .field-agent", "A Jar")
    page.click("#located-group .add-row a")
    choose(page, "#located-0 .field-place", "Kon Klor")
    page.select_option("#id_rights", str(RightsStatement.objects.get(uri__endswith="/CNE/1.0/").pk))
    page.locator("textarea[name=origin_statements-text]").first.fill("Kể tại nhà rông làng Kon Klor")
    page.locator("textarea[name='own_values-epic-incipit-text']").first.fill("Bok Glaih…")
    page.locator("textarea[name='own_values-epic-heroes-text']").first.fill("Đăm Noi")
    page.locator("textarea[name='own_values-epic-occasion-text']").first.fill("Lễ bỏ mả")


def open_from_start(page: Page, base: str, line: str) -> None:
    page.goto(f"{base}/admin/")
    page.locator(".tasks li a", has_text=line).click()
    page.locator("#result_list .field-shown_title a", has_text=TITLE).click()


def test_an_epic_goes_from_its_template_to_readers_and_through_a_mistake(
    live_server: Any, desks: dict[str, Page], people: dict[str, User], tmp_path: Path
) -> None:
    base = str(live_server)
    mine, theirs = desks["cataloguer"], desks["publisher"]

    # Describe, and send to review.
    sign_in(mine, base, people["cataloguer"])
    describe(mine, base, tmp_path)
    mine.click("[name=_move][value=in_review]")
    said(mine).to_contain_text("Đã gửi duyệt")
    item = Item.objects.get()
    assert (item.state, item.submitted_by, item.template) == ("in_review", people["cataloguer"], "epic")

    # Somebody else asks for a change.
    sign_in(theirs, base, people["publisher"])
    open_from_start(theirs, base, "tài liệu chờ duyệt")
    theirs.click("details.edits summary")
    theirs.fill("#reason-edits", ASKED)
    theirs.click("details.edits button")
    said(theirs).to_contain_text("cần sửa")

    # It is done, and sent again.
    open_from_start(mine, base, "trả lại cho bạn sửa")
    expect(mine.locator("#conversation")).to_contain_text(ASKED)
    complete(mine)
    mine.click("[name=_move][value=in_review]")
    said(mine).to_contain_text("Đã gửi duyệt")
    expect(mine.locator("[name=_move][value=published]")).to_have_count(0)

    # Another person publishes.
    open_from_start(theirs, base, "tài liệu chờ duyệt")
    theirs.evaluate("document.querySelectorAll('details.part').forEach((part) => { part.open = true; })")
    theirs.select_option("#id_access_level", "public")
    theirs.click("[name=_move][value=published]")
    said(theirs).to_contain_text("Đã công bố")
    reader = Client()
    assert TITLE in reader.get(f"/items/{item.pid}/").content.decode()

    # A mistake: found in the history, and one field comes back.
    theirs.locator("textarea[name=titles-text]").first.fill("Hơmon Dăm Noi")
    theirs.click(".desk-submit [name=_continue]")
    said(theirs).to_be_visible()
    theirs.goto(f"{base}/admin/archive/item/{item.pk}/history/")
    theirs.locator("#revisions tbody tr").nth(1).locator("a", has_text="Khôi phục").click()
    theirs.check("[name=parts][value=titles]")
    theirs.click(".submit-row button.default")
    item.refresh_from_db()
    assert item.titles == [{"lang": "bdq", "value": f"{TITLE} {WORD}"}]

    # A colleague saves while the form is open: both are shown, and nothing is overwritten.
    theirs.goto(f"{base}/admin/archive/item/{item.pk}/change/")
    colleague = Client()
    colleague.force_login(people["colleague"])
    form = open_form(colleague, f"/admin/archive/item/{item.pk}/change/")
    form.put("titles-text", "Hơmon của đồng nghiệp").save(colleague)
    theirs.locator("textarea[name=titles-text]").first.fill("Hơmon của tôi")
    theirs.click(".desk-submit [name=_continue]")
    meeting = theirs.locator(".stale")
    expect(meeting).to_contain_text("Hơmon của đồng nghiệp")
    item.refresh_from_db()
    assert item.titles[0]["value"] == "Hơmon của đồng nghiệp"
    meeting.locator("input[type=radio][value=mine]").check()
    theirs.click(".desk-submit [name=_continue]")
    # What came of it is shown once more before it is saved.
    expect(meeting.locator("input[type=radio]")).to_have_count(0)
    theirs.click(".desk-submit [name=_continue]")
    said(theirs).to_be_visible()

    item.refresh_from_db()
    assert item.titles[0]["value"] == "Hơmon của tôi"
    moves = list(Remark.objects.order_by("at").values_list("author__username", "moved_to"))
    assert moves == [
        ("bien_muc", "in_review"), ("cong_bo", "edits"), ("bien_muc", "in_review"), ("cong_bo", "published"),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="restore_item", target_pid=item.pid).exists()
