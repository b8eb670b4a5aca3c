"""python -m bench.api sqlite|postgres [--pairs N] [--items N]: lists of 50 and single items, beside DRF's ModelSerializer on the same
rows."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import random
import sys
from collections.abc import Callable
from io import BytesIO

from bench.archive import entered
from bench.measure import Row, median, own_cpu_s, pairs, spread
from bench.tiles import servers
from tests.services import PostgresServer

LISTS, DETAILS = 40, 300
TARGETS = {"sqlite": "at least 1.8", "postgres": "at least 2.5"}
Ask = Callable[[str], bytes]


class Clock:
    """Processor time of this process, which serves, and of the database's where it has one."""

    def __init__(self, server: PostgresServer | None) -> None:
        self._pids = [server.process.pid] if server is not None and server.process else []

    def of(self, work: Callable[[], object], times: int) -> float:
        """Return the milliseconds of one of so many turns."""
        before = own_cpu_s() + servers.cpu_s(self._pids)
        for _turn in range(times):
            work()
        return (own_cpu_s() + servers.cpu_s(self._pids) - before) * 1000 / times


def rows(ask: Ask, clock: Clock, pids: list[str], *, database: str, tries: int) -> list[Row]:
    """Return what was measured, in interleaved pairs. The first turn warms up."""
    found = []
    for peer, name, target in (
        ("/peer/items/", "DRF's ModelSerializer with what stands beside the items", TARGETS[database]),
        ("/peer/flat/", "DRF's ModelSerializer of the items' columns alone", ""),
    ):
        ours, theirs = (
            lambda: clock.of(lambda: ask("/api/v1/items/"), LISTS),
            lambda peer=peer: clock.of(lambda: ask(peer), LISTS),  # type: ignore[misc]  # bound at once
        )
        ours(), theirs()
        taken = pairs(ours, theirs, tries)
        ratios = [other / own for own, other in taken]
        found += [
            Row(
                f"list of 50: {name}, CPU ms",
                f"{median([b for _a, b in taken]):.2f}",
                spread([b for _a, b in taken], 2),
            ),
            Row("list of 50: ours, CPU ms", f"{median([a for a, _b in taken]):.2f}", spread([a for a, _b in taken], 2)),
            Row("list of 50: their time / ours", f"{median(ratios):.2f}", spread(ratios, 2), target),
        ]
    order = random.Random(1)
    singles = [clock.of(lambda: ask(f"/api/v1/items/{order.choice(pids)}/"), DETAILS) for _ in range(tries + 1)][1:]
    found.append(Row("one item: CPU ms", f"{median(singles):.2f}", spread(singles, 2), "at most 2"))
    expanded = [clock.of(lambda: ask("/api/v1/items/?expand=peoples,places"), 10) for _ in range(tries)]
    found.append(Row("list of 50, expanded, made on the spot: CPU ms", f"{median(expanded):.2f}", spread(expanded, 2)))
    sizes = {path: len(ask(path)) for path in ("/api/v1/items/", "/peer/items/", "/peer/flat/")}
    found.append(Row("bytes of a list: ours, theirs, columns alone", " / ".join(map(str, sizes.values())), "one run"))
    return found


def asker() -> Ask:
    """Return what asks this process as a web server does, past the network."""
    from django.conf import settings  # noqa: PLC0415  # not before the settings are made
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415

    settings.ROOT_URLCONF = "bench.api.peer"
    settings.ALLOWED_HOSTS = ["testserver"]
    handler, factory = WSGIHandler(), RequestFactory()

    def ask(path: str) -> bytes:
        told: list[str] = []
        environ = {**factory.get(path, headers={"accept": "application/json"}).environ, "wsgi.input": BytesIO()}
        body = b"".join(handler(environ, lambda status, _headers, *_rest: told.append(status)))  # type: ignore[arg-type,return-value]  # a callable is enough
        if told != ["200 OK"]:
            raise RuntimeError(f"{told} {path}: {body[:200]!r}")
        return body

    return ask


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=list(TARGETS))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--items", type=int, default=1000)
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(PostgresServer()) if wishes.database == "postgres" else None
        stack.enter_context(entered(database_url=server.url if server else ""))
        # Not before the settings are made.
        from bench.api import corpus  # noqa: PLC0415

        pids = corpus.make(wishes.items)
        found = rows(asker(), Clock(server), pids, database=wishes.database, tries=wishes.pairs)
    print(json.dumps([dataclasses.asdict(row) for row in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
