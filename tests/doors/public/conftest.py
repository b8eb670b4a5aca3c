"""A real browser on the pages, and one work of each kind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright

from archive.models import Item
from tests.doors.public import works

PLACES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The installed browser: HERITAGE_TEST_CHROMIUM, or the first of the usual names on PATH."""
    named = os.environ.get("HERITAGE_TEST_CHROMIUM")
    return named or next((found for name in PLACES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium; skip by name where none is installed."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium: install the package chromium, or name one in HERITAGE_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def assets_from_their_folder() -> Iterator[None]:
    """Let WhiteNoise serve static files from where they lie: nothing is collected for tests."""
    with override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def one_of_each(transactional_db: None, tmp_path: Path, now: datetime) -> dict[str, Item]:
    """Return one published work of each kind, made by the real pipeline."""
    return {kind: works.work(kind, tmp_path, now=now) for kind in works.MAKERS}
