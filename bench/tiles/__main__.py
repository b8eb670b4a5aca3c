"""python -m bench.tiles sqlite|postgres [--pairs N] [--tile-px 256,512]: tiles behind nginx, ours beside others'."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path

from bench.archive import entered
from bench.processes import running
from tests.services import PostgresServer

PICTURES = 4
# Both as in scripts/supervise.py.
THREADS = 16
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "2097152"}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgres"])
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--tile-px", default="256,512")
    wishes = parser.parse_args()
    rows = []
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(PostgresServer()) if wishes.database == "postgres" else None
        data = stack.enter_context(entered(database_url=server.url if server else ""))
        # Not before the settings are made.

        from bench.tiles import corpus, loads, servers  # noqa: PLC0415

        database = [server.process.pid] if server and server.process else []
        session = corpus.session_of_a_reader()
        for tile_px in map(int, wishes.tile_px.split(",")):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nha-rong-tiles-")))
            files = folder / "files"
            files.mkdir()
            stored = corpus.make(files, tile_px=tile_px, count=PICTURES)
            with running({**os.environ, **MEMORY}, data / "servers.log", lanes=(), threads=THREADS) as site:
                web = site.processes["web"].pid
                with servers.fleet(folder, files=files, site_port=site.port, site_pid=web) as fleet:
                    bench = loads.Bench(fleet, folder, stored, session, tile_px, database, wishes.pairs)
                    rows += [*bench.rows(), bench.memory()]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
