"""Pages asked for over HTTP, in turns: what each cost, and how long four clients waited."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from access.models import AccessRule, User
from access.viewer import Viewer, viewer_for, visitor
from archive.models import Item, People, Place
from bench.access.corpus import READER
from bench.measure import Row, median, proportional_memory_kb, spread
from bench.pages import Kind, Load, in_turns, load, told
from bench.processes import Running
from bench.sessions import session_of
from bench.tiles import servers

PAGES, KEPT = 4_000, 400
ALONE = 3
RATE, P95_MS = 150, 30
# What the names of those kinds begin with that have a goal.
TARGET = "item pages, "


@dataclass(frozen=True)
class Site:
    """Where to ask, and whose processor time counts."""

    folder: Path
    running: Running
    pids: list[int]

    def load(self, kind: Kind) -> Load:
        """Ask for a turn. Raises RuntimeError as `pages.load` does."""
        return load(kind, folder=self.folder, port=self.running.port, pids=self.pids)


def rows(site: Site, *, turns: int) -> list[Row]:
    """Measure every kind of page, in turns."""
    kinds = list(_kinds(site.running))
    taken = in_turns(kinds, site.load, turns=turns)
    found = [row for kind in kinds for row in _told(kind, taken[kind.name])]
    found += _alone(site)
    # Each thread maps the file of the database for itself: "resident" counts the same pages for each of them.
    figures = [proportional_memory_kb(pid) for pid in servers.tree(site.pids[:1])]
    resident_kb, proportional_kb = (sum(one) for one in zip(*figures, strict=True))
    seen = f"resident {resident_kb / 1000:.0f}: pages of mapped files counted for each thread"
    return [
        *found,
        Row("memory of the web server afterwards (proportional), MB", f"{proportional_kb / 1000:.0f}", seen),
    ]


def _told(kind: Kind, loads: Sequence[Load]) -> Iterator[Row]:
    if kind.name.startswith(TARGET):
        return told(kind, loads, rate_goal=f"≥ {RATE}", waits_goal=f"p95 ≤ {P95_MS}")
    return told(kind, loads)


def _kinds(running: Running) -> Iterator[Kind]:
    order = random.Random(7)
    now = timezone.now()
    nobody, account = visitor(now=now), User.objects.get(username=READER)
    reader, session = viewer_for(account, now=now), session_of(account)
    public = _pages(nobody, order)
    yield Kind(f"{TARGET}visitor", public)
    satisfied = f"{TARGET}reader who satisfies {len(reader.rule_ids)} rules"
    yield Kind(satisfied, _pages(reader, order), session)
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
