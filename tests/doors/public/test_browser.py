"""The public site in a real Chromium on a small phone: no error, no barrier, within budget, readable without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request
from pytest_django.live_server_helper import LiveServer

from archive.models import Item, ItemFile
from media_pipeline.models import Job, Master

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 360, "height": 740}
BUILT = Path(__file__).resolve().parents[3] / "static" / "built"

requires_assets = pytest.mark.skipif(not BUILT.is_dir(), reason="static/built is missing: run make setup")


# OpenSeadragon's note on a tile that arrives while its viewer takes its new size: it asks for the tile again.
HARMLESS = "Ignoring tile %s loaded before reset"


def is_trouble(kind: str, text: str) -> bool:
    """Return whether a message of the console is an error, or a warning that means something."""
    return kind == "error" or (kind == "warning" and not text.startswith(HARMLESS))


@dataclass
class Watch:
    """What a page did: messages of the console, failed and foreign requests, paths asked for."""

    origin: str
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda said: self.troubles.append(said.text) if is_trouble(said.type, said.text) else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", self._fail)
        page.on("request", lambda request: self._ask(request.url))

    def _fail(self, request: Request) -> None:
        # Aborted: the test went on to another page before this arrived.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.url} failed: {request.failure}")

    def _ask(self, address: str) -> None:
        self.asked.append(urlsplit(address).path)
        if not address.startswith((self.origin, "blob:", "data:")):
            self.troubles.append(f"foreign: {address}")

    def take(self) -> list[str]:
        """The troubles so far; the next call starts anew."""
        taken, self.troubles = self.troubles, []
        return taken


@contextmanager
def phone(browser: Browser, origin: str, **options: object) -> Iterator[tuple[Page, Watch]]:
    """A fresh phone without cache, and the watch over it."""
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", **options)  # type: ignore[arg-type]
    watch = Watch(origin)
    page = context.new_page()
    watch.follow(page)
    try:
        yield page, watch
    finally:
        context.close()


def barriers(page: Page) -> list[str]:
    """What axe finds: rule and elements, for all of WCAG 2.2 A and AA and the best practices."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


def addresses(works: dict[str, Item]) -> list[str]:
    """The front page, a list, an index, a search, the item of each kind, a page and a chapter, and a page that is not there."""
    paths = ["/", "/items/", "/peoples/", "/search/?q=nha+rong&kind=image", "/about/"]
    paths += [f"/items/{item.pid}/" for item in works.values()]
    paths += [f"/items/{works['document'].pid}/?page=2", f"/items/{works['ebook'].pid}/?chapter=1"]
    return paths + [f"/en{path}" for path in paths]


@requires_assets
def test_every_page_works_on_a_phone_in_both_languages_and_both_lights(
    browser: Browser, live_server: LiveServer, one_of_each: dict[str, Item]
) -> None:
    troubles: dict[str, object] = {}
    with phone(browser, live_server.url) as (page, watch):
        for path in addresses(one_of_each):
            page.goto(f"{live_server.url}{path}", wait_until="load")
            wide = page.evaluate("document.documentElement.scrollWidth")
            found = [f"{wide} px wide"] if wide > PHONE["width"] else []
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found += [f"{scheme}: {one}" for one in barriers(page)]
            found += watch.take()
            if found:
                troubles[path] = found

    assert troubles == {}


@requires_assets
def test_an_item_is_read_without_javascript(
    browser: Browser, live_server: LiveServer, one_of_each: dict[str, Item]
) -> None:
    with phone(browser, live_server.url, java_script_enabled=False) as (page, watch):
        for kind, item in one_of_each.items():
            page.goto(f"{live_server.url}/items/{item.pid}/")
            assert page.locator("h1").inner_text().startswith("[Mẫu]"), kind
            assert page.locator("dl.facts").inner_text().count("\n") > 10, kind
            assert page.locator("button[data-zoom]:visible, [data-ways]:visible, [data-tools]:visible").count() == 0, (
                kind
            )

        page.goto(f"{live_server.url}/items/{one_of_each['document'].pid}/")
        page.locator(".stage a[href*='page=1']").click()
        assert page.locator("img.leaf").get_attribute("src").endswith("s0001.webp")
        page.locator("a[rel=next]").click()
        assert page.locator("img.leaf").get_attribute("src").endswith("s0002.webp")
        page.locator(".leaf-text summary").click()
        assert "Trang so 2" in page.locator(".leaf-text").inner_text()

        page.goto(f"{live_server.url}/items/{one_of_each['ebook'].pid}/")
        page.locator(".contents a").first.click()
        assert "Ngày xưa bên dòng suối" in page.locator(".chapter").inner_text()
        page.locator("a[rel=next]").first.click()
        assert "Con nai" in page.locator(".chapter").inner_text()
        assert watch.troubles == []


@requires_assets
def test_sound_and_film_play_when_asked(
    browser: Browser, live_server: LiveServer, one_of_each: dict[str, Item]
) -> None:
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/items/{one_of_each['audio'].pid}/")
        page.evaluate("document.querySelector('audio').play()")
        page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
        page.wait_for_function("() => Number(document.querySelector('[data-past]').getAttribute('width')) > 0")

        page.goto(f"{live_server.url}/items/{one_of_each['video'].pid}/")
        page.evaluate("document.querySelector('video').play()")
        page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
        page.locator("[data-ways] select").select_option(index=1)
        page.locator("[data-watch]").click()
        page.wait_for_function("() => document.querySelector('video').src.startsWith('blob:')")
        page.wait_for_function(
            "() => document.querySelector('video').currentTime > 0.4 && document.querySelector('video').videoHeight > 0"
        )
        # Its sound lies in a file of its own: a film that plays silently is not a film that plays.
        page.wait_for_function("() => document.querySelector('video').webkitAudioDecodedByteCount > 0")

        assert watch.troubles == []


@requires_assets
def test_the_percent_moves_in_its_place_and_the_place_fills_itself(
    browser: Browser, live_server: LiveServer, one_of_each: dict[str, Item]
) -> None:
    file = ItemFile.objects.get(item=one_of_each["image"])
    jobs = Job.objects.filter(master_id=file.master_id)
    Master.objects.filter(pk=file.master_id).update(state="processing")
    jobs.update(state="queued")
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/items/{one_of_each['image'].pid}/")
        assert page.locator("[data-percent]").inner_text() == "0 %"
        page.evaluate("window.place = document.querySelector('.stage')")

        jobs.update(state="done")

        page.wait_for_function("() => place.querySelector('[data-percent]').textContent === '99 %'", timeout=60_000)
        assert page.evaluate("place.isConnected && place.querySelector('progress').value") == 99

        Master.objects.filter(pk=file.master_id).update(state="ready")

        page.wait_for_function("() => document.querySelectorAll('.stage progress').length === 0", timeout=60_000)
        assert page.locator(".stage img").first.is_visible()
        assert watch.troubles == []


@requires_assets
def test_the_keyboard_reaches_everything_and_the_focus_is_seen(
    browser: Browser, live_server: LiveServer, one_of_each: dict[str, Item]
) -> None:
    with phone(browser, live_server.url) as (page, watch):
        page.goto(f"{live_server.url}/items/{one_of_each['document'].pid}/?page=1")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**/?page=2#leaf")
        assert watch.troubles == []


@requires_assets
def test_a_picture_is_looked_at_closely_when_asked(
    browser: Browser, live_server: LiveServer, one_of_each: dict[str, Item]
) -> None:
    with phone(browser, live_server.url, has_touch=True) as (page, watch):
        page.goto(f"{live_server.url}/items/{one_of_each['image'].pid}/", wait_until="networkidle")
        assert not [path for path in watch.asked if path.startswith("/iiif/")]
        page.locator("button[data-zoom]").click()
        page.wait_for_function("() => document.querySelector('.zoom canvas') !== null")
        with page.expect_response(lambda answer: "/default.jpg" in answer.url):
            page.locator("[data-act=in]").click()
        assert barriers(page) == []
        page.locator("[data-act=close]").click()
        assert page.locator(".stage-pic").is_visible()
        assert page.evaluate("document.activeElement.dataset.zoom").startswith("/iiif/")
        assert watch.take() == []


@requires_assets
def test_without_a_line_the_reader_is_told_so(
    browser: Browser, live_server: LiveServer, transactional_db: None
) -> None:
    with phone(browser, live_server.url) as (page, _):
        page.goto(f"{live_server.url}/en/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.context.set_offline(True)
        page.goto(f"{live_server.url}/en/items/")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("main .button").count() == 1
        kept = page.evaluate(KEPT)
        assert all(path.startswith("/static/") or path.endswith("/offline/") for path in kept)


KEPT = """async () => {
  const store = await caches.open((await caches.keys())[0]);
  return (await store.keys()).map((one) => new URL(one.url).pathname);
}"""
