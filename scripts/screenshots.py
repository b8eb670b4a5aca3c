"""Take the pictures of the README: `python -m scripts.screenshots http://127.0.0.1:8000` of a site that runs with the sample.

Writes `docs/screenshots/*.webp`, in Vietnamese, at 360 and 1280 px. What they show is of the sample: made by this software, open, and
nothing sacred. Exit status 1 with a sentence where a page is not there.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browsers import chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
QUALITY = 78
# Of each picture its name, the page, the window, and whether by night. `@` is the page of the first work that this search finds.
SHOTS = (
    ("trang-dau-360", "/", (360, 740), False),
    ("tai-lieu-360", "@det tho cam", (360, 740), False),
    ("doc-trang-360", "@to hoi dap?page=2", (360, 740), True),
    ("danh-sach-1280", "/items/", (1280, 800), False),
    ("dia-danh-1280", "/places/", (1280, 800), False),
    ("trang-dau-1280", "/", (1280, 800), True),
)


def main(base: str) -> int:
    """Take each picture."""
    program = chromium()
    if program is None:
        print("No Chromium: install the package chromium, or name one in HERITAGE_TEST_CHROMIUM.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        missing = [name for name, page, size, by_night in SHOTS if not shot(browser, base, name, page, size, by_night)]
        browser.close()
    if missing:
        print(f"Not there, or not whole: {', '.join(missing)}. Has the sample been loaded?", file=sys.stderr)
    return 1 if missing else 0


def shot(browser: Browser, base: str, name: str, where: str, size: tuple[int, int], by_night: bool) -> bool:
    """Take one picture; whether the page was there."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if by_night else "light",
        reduced_motion="reduce",
        locale="vi-VN",
    )
    page = context.new_page()
    path = where
    if where.startswith("@"):
        words, _, query = where[1:].partition("?")
        page.goto(f"{base}/search/?q={words}")
        found = page.locator(".card a").first
        if not found.count():
            return False
        path = f"{found.get_attribute('href')}{'?' + query if query else ''}"
    answer = page.goto(f"{base}{path}", wait_until="networkidle")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(FOLDER / f"{name}.webp", "WEBP", quality=QUALITY, method=6)
    context.close()
    return answer is not None and answer.ok


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
