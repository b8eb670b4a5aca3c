"""Asking, in turns, and what each turn cost."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import Row, median, spread
from bench.tiles import corpus, servers
from bench.tiles.corpus import Stored, Tile
from bench.tiles.servers import Fleet

CONNECTIONS, TURN_S = 4, 3
SCRIPT = """
local paths, at = {}, 0
for line in io.lines(os.getenv("ASKED")) do paths[#paths + 1] = line end
request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
done = function(summary, latency)
    io.write(string.format("SAID %d %d %d\\n", summary.requests, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Contender:
    """Who answers, under which addresses, and whose processes work for it."""

    name: str
    address: Callable[[Tile], str]
    pids: list[int]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Bench:
    """One fleet, one pyramid: `database` are processes that work for ours."""

    fleet: Fleet
    folder: Path
    stored: Sequence[Stored]
    session: str
    tile_px: int
    database: list[int]
    turns: int
    seeds: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def contenders(self) -> dict[str, Contender]:
        nginx, site = self.fleet.pids["nginx"], self.fleet.pids["site"]
        ours = [nginx, site, *self.database]
        opened, closed = self.stored[0].pid, self.stored[-1].pid
        return {
            "nginx": Contender("nginx", lambda tile: f"/static/{tile.path}", [nginx]),
            "iip": Contender("IIPImage", self._of_iip, [nginx, self.fleet.pids["iip"]]),
            "open": Contender("ours", lambda tile: f"/iiif/image/3/{opened}/{tile.path}", ours),
            "closed": Contender(
                "ours, closed",
                lambda tile: f"/iiif/image/3/{closed}/{tile.path}",
                ours,
                {"Cookie": f"phien={self.session}"},
            ),
        }

    def _of_iip(self, tile: Tile) -> str:
        # Of sizes it knows those of the older protocol.
        return f"/iip/{self.stored[0].pyramid.parent.name}/pyramid.tif/{tile.region}/{tile.width},/0/default.jpg"

    def cost_ms(self, who: Contender, tiles: Sequence[Tile]) -> float:
        """Return the processor time of one request, over a turn. Raises RuntimeError where anything was refused."""
        paths, script = self.folder / "asked.txt", self.folder / "ask.lua"
        paths.write_text("\n".join(who.address(tile) for tile in tiles) + "\n")
        script.write_text(SCRIPT)
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{TURN_S}s", "--timeout", "20s", "-s", str(script)]
        words += [part for name, value in who.headers.items() for part in ("-H", f"{name}: {value}")]
        before = servers.cpu_s(who.pids)
        said = subprocess.run(
            [*words, f"http://127.0.0.1:{self.fleet.port}"],
            env={**os.environ, "ASKED": str(paths)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        spent = servers.cpu_s(who.pids) - before
        counted = re.search(r"SAID (\d+) (\d+) (\d+)", said)
        if counted is None or int(counted[2]) or int(counted[3]) or not int(counted[1]):
            raise RuntimeError(f"{who.name}: {said}")
        return spent / int(counted[1]) * 1000

    def in_turns(self, names: Sequence[str], tiles: Callable[[int], Sequence[Tile]]) -> dict[str, list[float]]:
        """Return the costs of each contender, turn by turn, each turn with tiles of its own, the same for all."""
        found: dict[str, list[float]] = {name: [] for name in names}
        all_of_them = self.contenders()
        for turn in range(self.turns):
            asked = tiles(next(self.seeds))
            for name in names if turn % 2 == 0 else reversed(names):
                found[name].append(self.cost_ms(all_of_them[name], asked))
            print(
                f"    {self.tile_px} px, turn {turn + 1}: "
                + ", ".join(f"{name} {costs[-1]:.3f} ms" for name, costs in found.items()),
                file=sys.stderr,
                flush=True,
            )
        return found

    def rows(self) -> list[Row]:
        """Measure all of it."""
        levels = corpus.grid(self.tile_px)
        self._check(levels)
        rows = []
        costs = self.in_turns(("nginx", "iip", "open", "closed"), lambda seed: corpus.asked(levels, 4000, seed))
        label = f"{self.tile_px} px"
        for name, told in (
            ("nginx", "nginx, files"),
            ("iip", "IIPImage"),
            ("open", "ours, open"),
            ("closed", "ours, closed"),
        ):
            rates = [1000 / cost for cost in costs[name]]
            rows.append(
                Row(f"{label}: grid tiles per second and core, {told}", f"{median(rates):,.0f}", spread(rates, 0))
            )
        rows.append(_ratio(f"{label}: ours / IIPImage, grid", costs["iip"], costs["open"], "at least 7"))
        rows.append(_ratio(f"{label}: ours / nginx, grid", costs["nginx"], costs["open"], "at least 0.15"))
        rows.append(_ratio(f"{label}: cost closed / open", costs["closed"], costs["open"], "at most 1.3"))
        for kind, told in (("moved", "a level's own scale, off the grid"), ("free", "any scale")):
            cut = self.in_turns(("iip", "open"), self._regions(kind))
            what = f"{label}: ours / IIPImage, regions of {told}, none asked for twice"
            rows.append(_ratio(what, cut["iip"], cut["open"], "at least 0.8"))
        return rows

    def _regions(self, kind: str) -> Callable[[int], Sequence[Tile]]:
        return lambda seed: corpus.regions(kind, self.tile_px, 6000, seed)

    def memory(self) -> Row:
        """Ask for tiles and regions of every picture, whole ones too, and tell how much memory the web server then has."""
        line = http.client.HTTPConnection("127.0.0.1", self.fleet.port, timeout=60)
        levels = corpus.grid(self.tile_px)
        for one in self.stored[:-1]:
            tiles = [tile.path for tile in corpus.asked(levels, 400, 1)]
            tiles += [tile.path for kind in ("moved", "free") for tile in corpus.regions(kind, self.tile_px, 150, 2)]
            tiles += ["full/max/0/default.jpg", "full/4000,/90/gray.jpg", "100,100,9000,9000/4000,/0/default.webp"]
            for path in tiles:
                line.request("GET", f"/iiif/image/3/{one.pid}/{path}")
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{path}: {answer.status}")
        resident = servers.resident_mb([self.fleet.pids["site"]])
        return Row(
            f"{self.tile_px} px: memory of the web server after {len(self.stored) - 1} pictures (resident, MB)",
            f"{resident:.0f}",
            "whole pictures and regions among them",
            "at most 250",
        )

    def _check(self, levels: list[list[Tile]]) -> None:
        """Every tile of the grid is there, from ours as from nginx the same bytes. Writes nginx's files."""
        line = http.client.HTTPConnection("127.0.0.1", self.fleet.port, timeout=30)
        for tile in itertools.chain(*levels):
            line.request("GET", self.contenders()["open"].address(tile))
            answer = line.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{tile.path}: {answer.status}")
            place = self.folder / "files" / "static" / tile.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def _ratio(what: str, first: Sequence[float], second: Sequence[float], target: str) -> Row:
    ratios = [one / other for one, other in zip(first, second, strict=True)]
    return Row(what, f"{median(ratios):.2f}", spread(ratios, 2), target)
