"""Pages asked for over HTTP by some clients at once, in turns: what each cost, and how long they waited."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bench.measure import Row, median, spread
from bench.tiles import servers

CLIENTS, TURN_S = 4, 6
# What `wrk` runs: each line of a file is a path, with the tag of what the browser has already behind a space.
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
    clients: int = CLIENTS
    are_refused: bool = False


def load(kind: Kind, *, folder: Path, port: int, pids: list[int]) -> Load:
    """Ask for a turn. Raises RuntimeError where what comes is not what should: refusals of what is closed, and of nothing else."""
    asked, script = folder / "asked.txt", folder / "ask.lua"
    asked.write_text("\n".join(kind.asked) + "\n")
    script.write_text(SCRIPT)
    words = ["wrk", "-t1", f"-c{kind.clients}", f"-d{TURN_S}s", "--timeout", "20s", "-s", str(script)]
    for header in _headers(kind.session):
        words += ["-H", header]
    env = {**os.environ, "ASKED": str(asked)}
    before = servers.cpu_s(pids)
    address = f"http://127.0.0.1:{port}"
    said = subprocess.run([*words, address], env=env, capture_output=True, text=True, check=True).stdout
    spent = servers.cpu_s(pids) - before
    counted = re.search(r"SAID (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if counted is None:
        raise RuntimeError(f"{kind.name}: {said}")
    pages, _taken, p50_us, p95_us, refused, broken = map(int, counted.groups())
    if broken or not pages or refused != (pages if kind.are_refused else 0):
        raise RuntimeError(f"{kind.name}: {said}")
    return Load(spent / pages * 1000, p50_us / 1000, p95_us / 1000)


def in_turns(kinds: Sequence[Kind], ask: Callable[[Kind], Load], *, turns: int) -> Mapping[str, Sequence[Load]]:
    """Measure every kind in each turn, there and back; return what was seen by the names of the kinds."""
    for kind in kinds:
        ask(kind)  # the first turn warms up
    taken: dict[str, list[Load]] = {kind.name: [] for kind in kinds}
    for turn in range(turns):
        for kind in kinds if turn % 2 == 0 else reversed(kinds):
            last = ask(kind)
            taken[kind.name].append(last)
            line = f"    turn {turn + 1}: {kind.name}: {last.cpu_ms:.2f} ms, p95 {last.p95_ms:.1f} ms"
            print(line, file=sys.stderr, flush=True)
    return taken


def told(kind: Kind, loads: Sequence[Load], *, rate_goal: str = "", waits_goal: str = "") -> Iterator[Row]:
    """Yield the two rows of a kind: pages a second and core, and how long its clients waited."""
    rates = [1000 / one.cpu_ms for one in loads]
    costs = f"{median([one.cpu_ms for one in loads]):.2f} ms each; {spread(rates, 0)}"
    yield Row(f"{kind.name}: pages a second and core", f"**{median(rates):.0f}**", costs, rate_goal)
    waits = f"p50 {median([one.p50_ms for one in loads]):.1f}, **p95 {median([one.p95_ms for one in loads]):.1f}**"
    plural = "clients" if kind.clients > 1 else "client"
    seen = f"p95 {spread([one.p95_ms for one in loads], 1)}"
    yield Row(f"the same: ms, {kind.clients} {plural}", waits, seen, waits_goal)


def _headers(session: str) -> Iterator[str]:
    yield "Accept-Language: vi"
    yield "Accept-Encoding: gzip"
    if session:
        yield f"Cookie: {settings.SESSION_COOKIE_NAME}={session}"
