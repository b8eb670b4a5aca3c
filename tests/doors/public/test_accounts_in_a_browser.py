"""Accounts in a real Chromium: a reader's, and staff with an app, a printed sheet and a security key."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.models import SecurityKey, User
from access.second_factors import timed_codes
from tests.doors.public.test_browser import BUILT
from tests.makers import staff

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not BUILT.is_dir(), reason="static/built is missing: run make setup"),
]
PASSWORD = "mat-khau-dai-1"


@contextmanager
def phone(browser: Browser, *, lang: str = "en-GB", scripts: bool = True) -> Iterator[tuple[Page, list[str]]]:
    """A phone, and what its browser complained of."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale=lang, java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" or "[DOM]" in said.text else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page, complaints
    finally:
        context.close()
    assert complaints == []


def barriers(page: Page, complaints: list[str]) -> list[str]:
    """What axe finds, and whether the page is too wide. Axe styles the page inline, which our policy refuses: no complaint of ours."""
    before = len(complaints)
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]
    complaints[before:] = [one for one in complaints[before:] if "inline style" not in one]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{wide} px wide"] if wide > 360 else [])


def sign_in(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")


def test_a_reader_signs_up_out_and_in_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    base = live_server.url
    with phone(browser, scripts=False) as (page, _complaints):
        page.goto(f"{base}/en/")
        page.click("text=Sign in")
        page.click("text=Make an account")
        page.fill("[name=username]", "Y-Blơi")
        page.fill("[name=password1]", PASSWORD)
        page.fill("[name=password2]", PASSWORD)
        page.click("main [type=submit]")
        expect(page.locator("h1")).to_have_text("Your account")
        page.click("text=Sign out")
        page.click("text=Sign in")
        page.fill("[name=username]", "Y-Blơi")
        page.fill("[name=password]", "sai-mat-khau")
        page.click("main [type=submit]")
        expect(page.locator(".notice")).to_contain_text("do not fit together")
        page.fill("[name=password]", PASSWORD)
        page.click("main [type=submit]")
        expect(page.locator(".facts")).to_contain_text("Y-Blơi")


def test_the_account_pages_have_no_barrier(browser: Browser, live_server: LiveServer) -> None:
    base = live_server.url
    User.objects.create_user("ban-doc", password=PASSWORD)
    found: dict[str, list[str]] = {}
    with phone(browser) as (page, complaints):

        def look(path: str) -> None:
            page.goto(f"{base}{path}")
            found[path] = barriers(page, complaints)

        for path in ("/account/sign-in/", "/en/account/sign-up/", "/device/"):
            look(path)
            page.click("main [type=submit]")
        page.goto(f"{base}/account/sign-in/")
        page.fill("[name=username]", "ban-doc")
        page.fill("[name=password]", PASSWORD)
        page.click("main [type=submit]")
        for path in ("/account/", "/en/account/", "/account/password/", "/account/delete/"):
            look(path)

    assert {path: one for path, one in found.items() if one} == {}


def test_staff_set_up_an_app_and_a_sheet_and_sign_in_with_either(browser: Browser, live_server: LiveServer) -> None:
    base = live_server.url
    staff("thu-thu")
    found: list[str] = []
    with phone(browser) as (page, complaints):
        sign_in(page, base, "thu-thu")
        page.goto(f"{base}/admin/second-factor/")
        found += barriers(page, complaints)
        page.click("text=Set up an app")
        found += barriers(page, complaints)
        box = page.locator("svg.square-code").bounding_box()
        assert box is not None
        assert box["width"] > 150
        secret = base64.b32decode(page.inner_text("code.secret").replace(" ", ""))
        page.fill("[name=code]", timed_codes.code_of(secret, timed_codes.step_of(timezone.now())))
        page.click("text=Set up the app")
        expect(page.locator(".messagelist")).to_contain_text("The app is set up.")
        page.click("text=Print a sheet")
        page.fill("[name=password]", PASSWORD)
        page.click("text=Make a new sheet")
        found += barriers(page, complaints)
        codes = page.locator(".code-sheet code").all_inner_texts()
        page.emulate_media(media="print")
        assert page.locator("#header").is_hidden()
        assert page.locator(".code-sheet code").first.is_visible()
    with phone(browser) as (page, complaints):
        sign_in(page, base, "thu-thu")
        found += barriers(page, complaints)
        # The code of the next half minute is taken already, and is surely another than the one that was used.
        page.fill("[name=code]", timed_codes.code_of(secret, timed_codes.step_of(timezone.now()) + 1))
        page.click("text=Continue")
        expect(page).to_have_url(f"{base}/admin/")
    with phone(browser, scripts=False) as (page, _complaints):
        sign_in(page, base, "thu-thu")
        page.fill("[name=code]", codes[3])
        page.click("text=Continue")
        expect(page).to_have_url(f"{base}/admin/")

    assert found == []


def test_staff_add_a_security_key_and_sign_in_with_it(browser: Browser, live_server: LiveServer) -> None:
    base = live_server.url
    staff("thu-thu")
    with phone(browser) as (page, complaints):
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        sign_in(page, base, "thu-thu")
        page.goto(f"{base}/admin/second-factor/key/")
        assert barriers(page, complaints) == []
        page.fill("[name=name]", "chìa đen")
        page.click("text=Add the key")
        expect(page.locator(".messagelist")).to_contain_text("The security key is set up.")
        page.click("text=Log out")
        for _ in range(2):
            sign_in(page, base, "thu-thu")
            expect(page).to_have_url(re.compile("/admin/second-factor/show/"))
            assert barriers(page, complaints) == []
            page.click("text=Use the security key")
            expect(page).to_have_url(f"{base}/admin/")
            page.click("text=Log out")
        # A copy of the key, whose counter stands where it stood before.
        SecurityKey.objects.update(uses=10_000)
        sign_in(page, base, "thu-thu")
        page.click("text=Use the security key")
        expect(page.locator(".messagelist")).to_contain_text("did not answer as expected")
