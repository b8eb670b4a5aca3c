"""A librarian's first morning in a real browser: sign in, describe, drop a file, watch, publish."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from access.actions.make_demo_staff import USERNAME, make_demo_staff
from archive.models import Item
from media_pipeline import work
from tests.desk.conftest import an_item, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NEW_PASSWORD = "mat-khau-cua-thu-thu"
TITLE = "Gùi của người Rơ\u0306ngao"
SENT = ".card[data-file]:not([data-sending])"
BUILT = Path(__file__).resolve().parents[2] / "static" / "built" / "desk.js"


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: object, complaints: list[str]) -> Iterator[Page]:
    """A page on a Vietnamese phone; any complaint of the browser fails the test."""
    if not BUILT.is_file():
        pytest.skip("static/built/ is not made: run python -m scripts.build_assets")
    context = browser.new_context(locale="vi-VN", viewport={"width": 360, "height": 740})
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def violations(page: Page, complaints: list[str]) -> list[str]:
    """Return what axe finds wrong, one line each. Axe itself styles the page inline, which our policy forbids: that is no complaint."""
    before = len(complaints)
    found = Axe().run(page).response["violations"]
    complaints[before:] = [one for one in complaints[before:] if "inline style" not in one]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def too_wide(page: Page) -> list[str]:
    """Return the elements that reach beyond the right edge, when the page can be pushed sideways."""
    script = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
      [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 120))"""
    return list(page.evaluate(script))


def in_background(do: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def photograph(folder: Path) -> Path:
    path = folder / "gùi.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, quality=90)
    return path


def test_from_the_one_time_password_to_the_published_picture(
    live_server: object, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    password = make_demo_staff(now=timezone.now())
    assert password is not None
    base = str(live_server)

    page.goto(f"{base}/admin/")
    assert violations(page, complaints) == []
    page.fill("#id_username", USERNAME)
    page.fill("#id_password", password)
    page.click("#login-form [type=submit]")
    expect(page).to_have_url(f"{base}/admin/password_change/")
    page.fill("#id_old_password", password)
    page.fill("#id_new_password1", NEW_PASSWORD)
    page.fill("#id_new_password2", NEW_PASSWORD)
    page.click("#content-main [type=submit]")
    page.click("#content-main a.button")

    expect(page.locator(".steps li")).to_have_count(3)
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.click(".steps a.button")
    page.fill("textarea[name=titles-text]", "Gùi của người Rơ\u0306ngao".replace("ơ\u0306", "o\u031b\u0306"))
    page.select_option("#id_kind", "image")
    page.select_option("#id_access_level", "public")
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.click("[name=_continue]")

    page.set_input_files("#drop-input", photograph(tmp_path))
    card = page.locator(".card")
    expect(card).to_have_count(1)
    expect(page.locator(SENT)).to_have_count(1, timeout=30_000)
    worker = in_background(work.perform_all)
    expect(card.locator("img")).to_be_visible(timeout=60_000)
    worker.join()
    expect(card.locator("[data-sentence]")).to_have_class("sentence sentence-ready")
    assert card.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 160

    page.reload()
    assert violations(page, complaints) == []
    assert too_wide(page) == []
    page.click("button[name=_move][value=published]")
    page.click(".standing a")

    item = Item.objects.get()
    assert item.titles == [{"lang": "vi", "value": TITLE}]
    assert item.state == "published"
    expect(page).to_have_url(f"{base}/items/{item.pid}/")
    expect(page.locator("h1")).to_contain_text(TITLE)


def test_an_upload_goes_on_after_the_line_broke(
    live_server: object, page: Page, complaints: list[str], tmp_path: Path
) -> None:
    """The first two pieces that leave the browser are lost on the way; nobody does anything, and the file is whole."""
    sign_in(page, str(live_server))
    item_page(page, str(live_server))
    lost = []

    def lose_two(route, request) -> None:  # type: ignore[no-untyped-def]  # playwright's own
        if request.method == "PATCH" and len(lost) < 2:
            lost.append(request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*", lose_two)
    page.set_input_files("#drop-input", photograph(tmp_path))
    expect(page.locator(SENT)).to_have_count(1, timeout=30_000)

    file = Item.objects.get().files.get()
    assert len(lost) == 2
    assert file.intake is not None
    assert file.intake.state == "received"
    page.unroute_all()
    complaints[:] = [one for one in complaints if "ERR_CONNECTION_RESET" not in one]


def test_files_are_put_in_order_by_the_keyboard(live_server: object, page: Page, tmp_path: Path) -> None:
    sign_in(page, str(live_server))
    item_page(page, str(live_server))
    for count, name in enumerate(("một.txt", "hai.txt"), start=1):
        path = tmp_path / name
        path.write_text(name)
        page.set_input_files("#drop-input", path)
        expect(page.locator(SENT)).to_have_count(count, timeout=30_000)
    page.reload()

    page.locator("[data-down]").first.focus()
    page.keyboard.press("Enter")
    told = page.locator("[data-live]").text_content()
    page.click("[name=_continue]")

    names = list(Item.objects.get().files.order_by("position").values_list("original_name", flat=True))
    assert names == ["hai.txt", "một.txt"]
    assert "một.txt" in (told or "")


def sign_in(page: Page, base: str) -> None:
    staff("cong_bo", is_superuser=True)
    page.goto(f"{base}/admin/")
    page.fill("#id_username", "cong_bo")
    page.fill("#id_password", "cu-ky-khong-doan")
    page.click("#login-form [type=submit]")


def item_page(page: Page, base: str) -> None:
    item = an_item("Gùi")
    page.goto(f"{base}/admin/archive/item/{item.pk}/change/")
