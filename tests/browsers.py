"""The one browser of a test run. Playwright allows one synchronous session a process, so every browser test shares it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# A busy machine is not a failure: what is looked for is waited for as long as a whole page may take.
WAITS_MS = 60_000
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
    expect.set_options(timeout=WAITS_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()
