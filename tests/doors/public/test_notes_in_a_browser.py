"""Notes in a real Chromium, on a telephone, with scripts and without; and a page within a community's frame."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.models import User
from archive import interface_words
from archive.interface_words import KEYS, OWN_NAME, Frames
from archive.models import InterfaceLanguage, InterfaceWord, ReaderNote
from tests import makers
from tests.doors.public import works
from tests.doors.public.test_accounts_in_a_browser import barriers, phone
from tests.doors.public.test_browser import BUILT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not BUILT.is_dir(), reason="static/built is missing: run make setup"),
]


def signed_in(page: Page, base: str) -> User:
    user = User.objects.create_user("ban-doc", password="bon-con-trau-di-qua")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": base}])
    return user


@pytest.mark.parametrize("scripts", [False, True])
def test_a_note_on_a_page_is_written_found_and_deleted_on_a_phone(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime, scripts: bool
) -> None:
    item = works.work("document", tmp_path, now=now)
    with phone(browser, scripts=scripts) as (page, complaints):
        signed_in(page, live_server.url)
        page.goto(f"{live_server.url}/en/items/{item.pid}/?page=2")
        page.get_by_role("link", name="Write a note").click()
        expect(page.get_by_label("Page")).to_have_value("2")
        if scripts:
            assert barriers(page, complaints) == []
        page.get_by_label("Your note").fill("Trang này nói về khung dệt")
        page.get_by_role("button", name="Keep it").click()

        expect(page.get_by_text("khung dệt").first).to_be_visible()
        expect(page).to_have_url(re.compile(r"page=2#notes$"))
        if scripts:
            assert barriers(page, complaints) == []
        page.get_by_role("link", name="All my notes").click()
        expect(page.get_by_role("link", name="Page 2", exact=True)).to_be_visible()
        if scripts:
            assert barriers(page, complaints) == []
        page.get_by_role("link", name="Change or delete").click()
        if scripts:
            assert barriers(page, complaints) == []
        page.get_by_role("button", name="Delete the note for good").click()
        expect(page.get_by_text("You have noted nothing yet")).to_be_visible()
    assert not ReaderNote.objects.exists()


def test_a_note_on_a_recording_names_the_second_that_plays(
    browser: Browser, live_server: LiveServer, tmp_path: Path, now: datetime
) -> None:
    item = works.work("audio", tmp_path, now=now)
    with phone(browser) as (page, _complaints):
        signed_in(page, live_server.url)
        page.goto(f"{live_server.url}/en/items/{item.pid}/")
        page.wait_for_load_state("networkidle")
        page.evaluate("Object.defineProperty(document.querySelector('audio'), 'currentTime', {value: 65.4})")
        page.get_by_role("link", name="Write a note").click()

        expect(page.get_by_label("At minute and second")).to_have_value("1:05")


def test_a_page_within_a_frame_stands_on_a_phone(browser: Browser, live_server: LiveServer) -> None:
    item = makers.item(now=timezone.now(), title="Chiêng Kon Rẫy")
    language = InterfaceLanguage.objects.create(code="bdq", is_offered=True, version=1)
    for number, key in enumerate([OWN_NAME, *sorted(KEYS)]):
        InterfaceWord.objects.create(language=language, key=key, text=f"q-{number:02}", changed_at=timezone.now())
    interface_words._known[0] = Frames(number=interface_words.number() + 1)
    interface_words.read()
    try:
        with phone(browser, lang="vi-VN") as (page, complaints):
            page.goto(f"{live_server.url}/items/{item.pid}/")
            page.locator(".tongue a[lang=bdq]").click()
            expect(page).to_have_url(f"{live_server.url}/bdq/items/{item.pid}/")
            assert barriers(page, complaints) == []
            page.goto(f"{live_server.url}/bdq/")
            assert barriers(page, complaints) == []
            page.locator(".tongue a[lang=en]").click()
            expect(page).to_have_url(f"{live_server.url}/en/")
    finally:
        interface_words._known[0] = Frames(number=interface_words.number() + 1)
