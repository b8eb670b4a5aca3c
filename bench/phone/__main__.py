"""python -m bench.phone [--pairs N]: pages of the public site in Chromium, each by a browser that has nothing of it yet.

The line is shaped by the browser itself (DevTools, Network.emulateNetworkConditions): every answer waits 400 ms and comes at
400 kbit/s. Largest content is what the browser calls so (Largest Contentful Paint).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bench.archive import entered
from bench.measure import Row, median, spread, wait_until
from bench.processes import Running, running
from tests.browsers import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LATENCY_MS = 400
BYTES_A_SECOND = 400_000 / 8
LARGEST_MOST_S = 2.5
REQUESTS_MOST = 8
TURNS_MOST = 5
FILLED = 24
PHONE = {"width": 360, "height": 740}
LARGEST = """() => new Promise((done) => new PerformanceObserver((seen) => {
  done(seen.getEntries().pop().startTime);
}).observe({type: "largest-contentful-paint", buffered: true}))"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=3, help=f"turns of each page; at most {TURNS_MOST}")
    turns = min(parser.parse_args().pairs, TURNS_MOST)
    program = chromium()
    if program is None:
        raise RuntimeError("no Chromium: install the package chromium, or name one in HERITAGE_TEST_CHROMIUM")
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        # Not before the settings are made.
        from django.core.management import call_command  # noqa: PLC0415
        from playwright.sync_api import sync_playwright  # noqa: PLC0415

        call_command("collectstatic", interactive=False, verbosity=0)
        paths = filled(Path(folder))
        with running(os.environ, data / "servers.log", lanes=()) as site, sync_playwright() as playwright:
            wait_until(lambda: site.get("/items/")[0] == 200, within_s=120)
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            rows = [row(browser, site, name, path, turns) for name, path in paths.items()]
            browser.close()
    print(json.dumps([dataclasses.asdict(one) for one in rows]))
    return 0


def filled(folder: Path) -> Mapping[str, str]:
    """Publish a work of each kind through the pipeline, and a whole page of pictures; returns the pages to look at, by name."""
    from django.utils import timezone  # noqa: PLC0415  # after `entered`

    from archive import reading_lists  # noqa: PLC0415
    from tests.doors.public import works  # noqa: PLC0415

    now = timezone.now()
    made = {kind: works.work(kind, folder, now=now) for kind in works.MAKERS}
    works.fill_a_list(made, FILLED, now=now)
    kept, _key = reading_lists.begin("Đi đường", [item.pid for item in made.values()], now=now)
    item = {kind: f"/items/{one.pid}/" for kind, one in made.items()}
    return {
        "front page": "/",
        "list of items": "/items/",
        "search": "/search/?q=nha+rong",
        "search that finds nothing": "/search/?q=khongcogi",
        "page of a people": "/peoples/ba-na/",
        "places": "/places/",
        "time line": "/timeline/",
        **{f"item: {kind}": path for kind, path in item.items()},
        "page of a document": f"{item['document']}?page=2",
        "chapter of a book": f"{item['ebook']}?chapter=1",
        "reader's list": f"/lists/{kept.code}/",
    }


def row(browser: Browser, site: Running, name: str, path: str, turns: int) -> Row:
    """Measure one page so many times."""
    measured = [looked_at(browser, f"http://127.0.0.1:{site.port}{path}") for _turn in range(turns)]
    seconds, asked = [largest for largest, _ in measured], max(count for _, count in measured)
    print(f"    {name}: {median(seconds):.2f} s, {asked} requests", file=sys.stderr, flush=True)
    return Row(
        f"{name}, s to the largest content",
        f"**{median(seconds):.2f}**",
        f"{spread(seconds, 2)}; {asked} requests",
        f"≤ {LARGEST_MOST_S}; ≤ {REQUESTS_MOST}",
    )


def looked_at(browser: Browser, address: str) -> tuple[float, int]:
    """Open a page by a new browser; returns seconds until its largest content, and how many things it asked for: pictures of works behind
    the first are not counted, since each is another work's."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)  # type: ignore[arg-type]
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    shape = {"latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    line.send("Network.emulateNetworkConditions", {"offline": False, **shape})
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(address, wait_until="networkidle", timeout=120_000)
    largest = float(page.evaluate(LARGEST)) / 1000
    context.close()
    pictures = {one for one in asked if "/files/" in one}
    return largest, len(asked - pictures) + bool(pictures)


if __name__ == "__main__":
    sys.exit(main())
