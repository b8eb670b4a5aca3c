"""What every kind of page costs a cheap phone: requests, and bytes as they come over the line."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from archive import reading_lists
from archive.models import Item
from public_site.views.lists import PAGE_SIZE
from tests.doors.public import works
from tests.doors.public.test_asking_in_a_browser import sign_in
from tests.doors.public.test_browser import BUILT, phone, requires_assets
from tests.petitioners import community, reader

pytestmark = [pytest.mark.browser, pytest.mark.slow, requires_assets]
REQUESTS_MOST = 8
TEXT_BUDGET_BYTES = 14_000
PAGE_BUDGET_BYTES = 100_000
UNASKED = (".opus", ".m4a", ".mp4", ".m3u8", "info.json", "zoom.js", "film.js")

# What was asked for: its path, and its bytes as they came. Of the pictures of works the first alone: there are as many as a list is long.
ASKED = """() => {
  const shown = document.querySelector("main img:not([hidden]), main video[poster]");
  const first = shown ? shown.poster || shown.currentSrc : "";
  const path = (address) => new URL(address, location).pathname;
  const asked = performance.getEntriesByType("resource")
    .filter((one) => one.name === first || !path(one.name).startsWith("/files/"))
    .map((one) => [path(one.name), one.encodedBodySize]);
  return {first: first && path(first), own: performance.getEntriesByType("navigation")[0].encodedBodySize, asked};
}"""


@dataclass(frozen=True)
class Weight:
    """One page: addresses that it asked for, its own among them; bytes of HTML and CSS, and with all else and the first picture."""

    asked: list[str]
    text_bytes: int
    whole_bytes: int
    has_picture: bool
    has_etag: bool


@cache
def sent_bytes(path: str) -> int:
    """A static file as a server sends it that has compressed it before; the server of the tests does not."""
    file = BUILT.parent / path.removeprefix("/static/")
    return len(gzip.compress(file.read_bytes())) if file.suffix in {".css", ".js", ".svg"} else file.stat().st_size


def weigh(page: Page, origin: str, path: str, asked: list[str]) -> Weight:
    """Open a page with nothing kept from before."""
    asked.clear()
    answer = page.goto(f"{origin}{path}", wait_until="networkidle")
    assert answer is not None
    found = page.evaluate(ASKED)
    sizes = {at: sent_bytes(at) if at.startswith("/static/") else size for at, size in found["asked"]}
    text = found["own"] + sum(size for at, size in sizes.items() if at.endswith(".css"))
    own = sorted({one for one in asked if not one.startswith("/files/") or one == found["first"]})
    return Weight(own, text, found["own"] + sum(sizes.values()), bool(found["first"]), "etag" in answer.headers)


def kinds_of_pages(made: dict[str, Item]) -> Iterator[str]:
    """Every kind of page, by address; Vietnamese, whose letters take more bytes."""
    (image, document, book) = (made[kind] for kind in ("image", "document", "ebook"))
    village = community("Làng Kon Klor", page_is_open=True)
    kept, _key = reading_lists.begin("Đi đường", [item.pid for item in made.values()], now=timezone.now())
    yield from (
        "/",
        "/items/",
        "/search/?q=nha+rong&kind=image",
        "/search/?q=khongcogi",
        "/new/",
        "/timeline/",
        "/about/",
    )
    yield from ("/peoples/", "/peoples/ba-na/", "/places/", "/places/kon-klor/", "/subjects/", "/subjects/nha-rong/")
    yield from ("/collections/", "/collections/lang/", "/communities/", f"/communities/{village.pid}/")
    yield from (f"/items/{item.pid}/" for item in made.values())
    yield from (
        f"/items/{document.pid}/?page=2",
        f"/items/{document.pid}/?page=2&two=1",
        f"/items/{book.pid}/?chapter=1",
    )
    yield from ("/lists/", "/lists/new/", f"/lists/{kept.code}/", f"/items/{image.pid}/keep/")
    yield from (f"/items/{image.pid}/ask/", f"/items/{image.pid}/report/", "/account/sign-in/", "/account/sign-up/")
    yield from ("/account/", "/account/requests/", "/items/0123456789b/", "/offline/", "/device/", "/searches/")


def test_every_kind_of_page_keeps_to_eight_requests_and_its_bytes_and_fetches_no_sound_or_film_unasked(
    browser: Browser,
    live_server: LiveServer,
    one_of_each: dict[str, Item],
    capsys: pytest.CaptureFixture[str],
    now: datetime,
) -> None:
    works.fill_a_list(one_of_each, PAGE_SIZE, now=now)
    user = reader()
    measured: dict[str, Weight] = {}
    for path in kinds_of_pages(one_of_each):
        with phone(browser, live_server.url, is_mobile=True, has_touch=True) as (page, watch):
            if "/account/" in path and "sign" not in path:
                sign_in(page, user, live_server.url)
            measured[path] = weigh(page, live_server.url, path, watch.asked)
            assert path != "/items/" or page.locator("main li.card").count() == PAGE_SIZE

    with capsys.disabled():
        for path, one in measured.items():
            print(f"\n  {path}: {len(one.asked)} requests, HTML+CSS {one.text_bytes}, whole {one.whole_bytes}", end="")
    assert {path: one.asked for path, one in measured.items() if len(one.asked) > REQUESTS_MOST} == {}
    assert {path: one.text_bytes for path, one in measured.items() if one.text_bytes > TEXT_BUDGET_BYTES} == {}
    assert {path: one.whole_bytes for path, one in measured.items() if one.whole_bytes > PAGE_BUDGET_BYTES} == {}
    assert {path: one.asked for path, one in measured.items() if any(a.endswith(UNASKED) for a in one.asked)} == {}
    # Whatever kind of work it shows, it is known what the page is drawn from (public_site.freshness).
    assert all(measured[f"/items/{item.pid}/"].has_etag for item in one_of_each.values())
    assert all(measured[path].has_picture for path in ("/", "/items/", f"/items/{one_of_each['image'].pid}/"))
