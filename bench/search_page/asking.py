"""Pages of the search asked for over HTTP, in turns: what each cost, and how long four clients waited."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from django.utils import timezone

from access.models import User
from access.viewer import viewer_for, visitor
from archive import cursors
from archive.search import Filters, Sort, engine
from bench.access.corpus import READER
from bench.measure import Row, median, spread
from bench.pages import Kind, Load, in_turns, load, told
from bench.search.corpus import file
from bench.search.questions import Asked, Draw
from bench.search_page import corpus
from bench.search_page.peer import NotHere, Peer, address, running
from bench.sessions import session_of
from bench.tiles import servers
from public_site.views.lists import PAGE_SIZE

QUESTIONS = 600
ASKED_IN_A_TURN = 10_000  # at most
DEEP = 5_000  # page
PEER_RATE, SHARE, P95_MS = 300, 0.8, 30
MIX, PEERS_NAME = "random mix, visitor", "the baselines' page, same mix"
# Of this kind alone the server has drawn the lists before; as many as it keeps.
AGAIN, ASKED_AGAIN = "200 of the random mix, visitor, asked again while nothing is written", 200


@dataclass(frozen=True)
class Site:
    """Where to ask, and whose processor time counts."""

    folder: Path
    port: int
    pids: list[int]
    peer: Peer | None = None
    # An order that is none: the list is that of best fit, and asked for as nobody has before.
    orders: Iterator[int] = field(default_factory=itertools.count)

    def load(self, kind: Kind) -> Load:
        """Ask for a turn, the baselines' page where it is theirs; ours for the first time, but where it is to be again. Raises RuntimeError
        as `pages.load` does."""
        port, pids = self.port, self.pids
        if kind.name == PEERS_NAME and self.peer is not None:
            port, pids = self.peer.port, [self.peer.pid]
        elif kind.name != AGAIN:
            many = kind.asked * (ASKED_IN_A_TURN // len(kind.asked) + 1)
            kind = replace(kind, asked=[f"{one}&sort={next(self.orders)}" for one in many])
        return load(kind, folder=self.folder, port=port, pids=pids)


def rows(folder: Path, port: int, pids: list[int], *, items: int, turns: int) -> list[Row]:
    """Measure every kind of page, in turns, and the baselines' page beside them where it is here."""
    with contextlib.ExitStack() as stack:
        try:
            peer, missing = stack.enter_context(running(items, folder / "peer.log")), ""
        except NotHere as error:
            peer, missing = None, str(error)
        found = _measured(Site(folder, port, pids, peer), items, turns)
    return [*found, *([Row(f"{PEERS_NAME}: pages a second and core", "not run", missing)] if missing else [])]


def _measured(site: Site, items: int, turns: int) -> list[Row]:
    kinds = [one for one in _kinds(items) if site.peer is not None or one.name != PEERS_NAME]
    taken = in_turns(kinds, site.load, turns=turns)
    found = [row for kind in kinds for row in _told(kind, taken[kind.name])]
    first, deep = (taken[next(name for name in taken if name.startswith(start))] for start in ("first", "deep"))
    ratios = [one.cpu_ms / other.cpu_ms for one, other in zip(deep, first, strict=True)]
    found.append(Row("deep pages / first pages, by cost", f"**{median(ratios):.2f}**", spread(ratios, 2), "about 1"))
    if site.peer is not None:
        peers, ours = taken[PEERS_NAME], taken[MIX]
        shares = [theirs.cpu_ms / one.cpu_ms for theirs, one in zip(peers, ours, strict=True)]
        what = "our rate / the baselines' page's, random mix"
        found.append(Row(what, f"**{median(shares):.2f}**", spread(shares, 2), f"≥ {SHARE}"))
    resident = servers.resident_mb(site.pids[:1])
    found.append(Row("memory of the web server afterwards (resident), MB", f"{resident:.0f}", "one process"))
    return found


def _told(kind: Kind, loads: Sequence[Load]) -> Iterator[Row]:
    if not kind.name.startswith(("random mix", AGAIN)):
        return told(kind, loads)
    goal = f"≥ {SHARE * PEER_RATE:.0f} ({SHARE} of the baselines' page, {PEER_RATE} on their machine)"
    return told(kind, loads, rate_goal=goal, waits_goal=f"p95 ≤ {P95_MS}")


def _kinds(items: int) -> Iterator[Kind]:
    draw = Draw(file(items))
    drawn = [draw.mix() for _number in range(QUESTIONS)]
    mix = [_address(asked) for asked in drawn]
    reader = User.objects.get(username=READER)
    session = session_of(reader)
    satisfied = len(viewer_for(reader, now=timezone.now()).rule_ids)
    yield Kind(MIX, mix)
    yield Kind(AGAIN, mix[:ASKED_AGAIN])
    yield Kind(PEERS_NAME, [address(asked) for asked in drawn])
    yield Kind(f"random mix, reader who satisfies {satisfied} rules", mix, session)
    yield Kind("random mix, visitor, one client", mix, clients=1)
    yield Kind("rare word", [_address(draw.one_of(draw.rare)) for _number in range(QUESTIONS // 3)])
    deep, words = _deep(draw)
    yield Kind("first page of a common word", [_address(Asked(word)) for word in words])
    yield Kind(f"deep page ({deep:,}) of the same", [_address(Asked(word, page=deep)) for word in words])
    yield Kind("everything, no word", [_address(Asked(page=number)) for number in range(20)])


def _deep(draw: Draw) -> tuple[int, list[str]]:
    """Return a page so deep as the collection has it, and common words that have it."""
    viewer = visitor(now=timezone.now())
    totals = {word: engine.search(word, Filters(), viewer, facets=()).total for word in draw.common[:40]}
    most = sorted(totals, key=lambda word: -totals[word])[:10]
    return min(DEEP, min(totals[word] for word in most) // PAGE_SIZE - 1), most


def _address(asked: Asked) -> str:
    """Return the address of a page: of a later one with the cursor that the page before it would give."""
    values: dict[str, str] = {}
    for name, value in asked.values.items():
        match name:
            case "kind":
                values[name] = corpus.kind_of(value)
            case "language":
                values[name] = corpus.language_of(value)
            case _:
                values[name] = corpus.slug_of(name, value)
    query = {"q": asked.text, **values}
    if asked.page:
        question = engine._question(asked.text, _filters(values), Sort.RELEVANCE)
        query["cursor"] = cursors.write([asked.page * PAGE_SIZE], question=question, salt=engine.CURSOR_SALT)
    return f"/search/?{urlencode({name: value for name, value in query.items() if value})}"


def _filters(values: dict[str, str]) -> Filters:
    return Filters(
        kind=values.get("kind", ""),
        language=values.get("language", ""),
        place=values.get("place", ""),
        collection=values.get("collection", ""),
    )
