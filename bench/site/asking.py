"""Pages asked for over HTTP, in turns: what each cost, and how long four clients waited."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from access.models import AccessRule, User
from access.viewer import Viewer, viewer_for, visitor
from archive.models import Item, People, Place
from bench.access.corpus import READER
from bench.measure import Row, median, spread
from bench.processes import Running
from bench.sessions import session_of
from bench.tiles import servers

CLIENTS, TURN_S = 4, 6
PAGES, KEPT = 4_000, 400
ALONE = 3
RATE, P95_MS = 150, 30
SCRIPT = """
local asked, at = {}, 0
init = function()
    for line in io.lines(os.getenv("ASKED")) do
        local path, tag = line:match("^(%S+) ?(.*)$")
        local headers = {}
        for name, value in pairs(wrk.headers) do headers[name] = value end
        if tag ~= "" then headers["If-None-Match"] = tag end
        asked[#asked + 1] = wrk.format("GET", path, headers)
    end
end
request = function() at = at % #asked + 1; return asked[at] end
done = function(summary, latency)
    io.write(string.format("SAID %d %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(95), summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What one turn cost: processor time of a page, and what the clients saw."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Kind:
    """Pages of one kind: addresses (with the tag of what the browser has already behind a space), and as whom they are asked for."""

    name: str
    asked: Sequence[str]
    session: str = ""
    are_refused: bool = False
    is_the_target: bool = False


@dataclass(frozen=True)
class Site:
    """Where to ask, and whose processor time counts."""

    folder: Path
    running: Running
    pids: list[int]

    def load(self, kind: Kind) -> Load:
        """Ask for a turn. Raises RuntimeError where what comes is not what should: refusals of what is closed, and of nothing else."""
        asked, script = self.folder / "asked.txt", self.folder / "ask.lua"
        asked.write_text("\n".join(kind.asked) + "\n")
        script.write_text(SCRIPT)
        words = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{TURN_S}s", "--timeout", "20s", "-s", str(script)]
        for header in _headers(kind.session):
            words += ["-H", header]
        env = {**os.environ, "ASKED": str(asked)}
        before = servers.cpu_s(self.pids)
        address = f"http://127.0.0.1:{self.running.port}"
        said = subprocess.run([*words, address], env=env, capture_output=True, text=True, check=True).stdout
        spent = servers.cpu_s(self.pids) - before
        counted = re.search(r"SAID (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
        if counted is None:
            raise RuntimeError(f"{kind.name}: {said}")
        pages, _taken, p50_us, p95_us, refused, broken = map(int, counted.groups())
        if broken or not pages or refused != (pages if kind.are_refused else 0):
            raise RuntimeError(f"{kind.name}: {said}")
        return Load(spent / pages * 1000, p50_us / 1000, p95_us / 1000)


def rows(site: Site, *, turns: int) -> list[Row]:
    """Measure every kind of page, in turns."""
    kinds = list(_kinds(site.running))
    for kind in kinds:
        site.load(kind)  # the first turn warms up
    taken: dict[str, list[Load]] = {kind.name: [] for kind in kinds}
    for turn in range(turns):
        for kind in kinds if turn % 2 == 0 else reversed(kinds):
            last = site.load(kind)
            taken[kind.name].append(last)
            line = f"    turn {turn + 1}: {kind.name}: {last.cpu_ms:.2f} ms, p95 {last.p95_ms:.1f} ms"
            print(line, file=sys.stderr, flush=True)
    found = [row for kind in kinds for row in _told(kind, taken[kind.name])]
    found += _alone(site)
    resident = servers.resident_mb(site.pids[:1])
    return [*found, Row("memory of the web server afterwards (resident), MB", f"{resident:.0f}", "one process")]


def _told(kind: Kind, loads: Sequence[Load]) -> Iterator[Row]:
    rates = [1000 / one.cpu_ms for one in loads]
    costs = f"{median([one.cpu_ms for one in loads]):.2f} ms each; {spread(rates, 0)}"
    goal = (f"≥ {RATE}", f"p95 ≤ {P95_MS}") if kind.is_the_target else ("", "")
    yield Row(f"{kind.name}: pages a second and core", f"**{median(rates):.0f}**", costs, goal[0])
    waits = f"p50 {median([one.p50_ms for one in loads]):.1f}, **p95 {median([one.p95_ms for one in loads]):.1f}**"
    yield Row(f"the same: ms, {CLIENTS} clients", waits, f"p95 {spread([one.p95_ms for one in loads], 1)}", goal[1])


def _kinds(running: Running) -> Iterator[Kind]:
    order = random.Random(7)
    now = timezone.now()
    nobody, account = visitor(now=now), User.objects.get(username=READER)
    reader, session = viewer_for(account, now=now), session_of(account)
    public = _pages(nobody, order)
    yield Kind("item pages, visitor", public, is_the_target=True)
    satisfied = f"item pages, reader who satisfies {len(reader.rule_ids)} rules"
    yield Kind(satisfied, _pages(reader, order), session, is_the_target=True)
    yield Kind("items that are closed, visitor (404)", _pages(nobody, order, are_closed=True), are_refused=True)
    yield Kind("item pages that the browser has already (304)", _tagged(running, public))


def _alone(site: Site) -> Iterator[Row]:
    """Yield what pages of lists cost, asked for one after the other: they are others' budgets, and told beside ours."""
    peoples, places = (
        list(one.objects.order_by("pk").values_list("slug", flat=True)[:ALONE]) for one in (People, Place)
    )
    asked = {
        "front page": ["/"] * ALONE,
        "pages of peoples": [f"/peoples/{slug}/" for slug in peoples],
        "pages of places": [f"/places/{slug}/" for slug in places],
    }
    for name, paths in asked.items():
        costs = []
        for path in paths:
            before = servers.cpu_s(site.pids)
            status, _body = site.running.get(path, {"Accept-Language": "vi"})
            if status != 200:
                raise RuntimeError(f"{path}: {status}")
            costs.append((servers.cpu_s(site.pids) - before) * 1000)
        yield Row(f"{name}, one after the other: ms of processor time", f"{median(costs):.0f}", spread(costs, 0))


def _pages(viewer: Viewer, order: random.Random, *, are_closed: bool = False) -> list[str]:
    """Return pages of items of the whole archive: those that a viewer may see, or those that nobody may find."""
    rules = set(AccessRule.objects.values_list("pk", flat=True))
    wanted = rules - viewer.rule_ids if are_closed else viewer.rule_ids
    pids = (
        Item.objects.filter(effective_rule__in=wanted, was_public=False)
        if are_closed
        else Item.objects.visible_to(viewer)
    )
    found = list(pids.order_by("pk").values_list("pid", flat=True))
    return [f"/items/{pid}/" for pid in order.sample(found, min(PAGES, len(found)))]


def _tagged(running: Running, paths: Sequence[str]) -> list[str]:
    """Return pages with their tags behind them: those that a browser may keep, which those that open or close on a day are not."""
    found = []
    for path in paths[: 2 * KEPT]:
        _status, _body, headers = running.ask("GET", path, headers={"Accept-Encoding": "gzip"})
        tag = {name.lower(): value for name, value in headers.items()}.get("etag", "")
        found += [f"{path} {tag}"] if tag else []
    return found[:KEPT]


def _headers(session: str) -> Iterator[str]:
    yield "Accept-Language: vi"
    yield "Accept-Encoding: gzip"
    if session:
        yield f"Cookie: {settings.SESSION_COOKIE_NAME}={session}"
