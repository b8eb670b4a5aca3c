"""python -m bench.search_page sqlite|postgres [--items N] [--pairs N]: the search page over a whole archive, by HTTP.

The archive of SQLite is kept below the temporary directory and used again; that of PostgreSQL is written each time.
"""

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
from bench.measure import Row
from bench.processes import running
from tests.services import PostgresServer

ITEMS = 100_000


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgres"])
    parser.add_argument("--pairs", type=int, default=5, help="turns of each load; at most 5")
    parser.add_argument("--items", type=int, default=int(os.environ.get("HERITAGE_BENCH_ITEMS", ITEMS)))
    parser.add_argument("--edits", type=int, default=50)
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(PostgresServer()) if wishes.database == "postgres" else None
        kept = _kept(wishes.items) if server is None else None
        data = stack.enter_context(entered(database_url=server.url if server else "", kept=kept))
        # Not before the settings are made.
        from django.core.management import call_command  # noqa: PLC0415

        from bench.search_page import asking, building, freshness  # noqa: PLC0415

        call_command("collectstatic", interactive=False, verbosity=0)
        rows: list[Row] = building.rows(data, wishes.items)
        site = stack.enter_context(running(os.environ, data / "servers.log", lanes=()))
        measured = [site.processes["web"].pid, *([server.process.pid] if server and server.process else [])]
        rows += asking.rows(data, site.port, measured, items=wishes.items, turns=min(wishes.pairs, 5))
        rows += freshness.rows(site, wishes.items, edits=wishes.edits)
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def _kept(items: int) -> Path:
    folder = Path(tempfile.gettempdir()) / "nha-rong-bench-search" / f"archive-{items}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
