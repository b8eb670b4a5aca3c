"""python -m bench.site sqlite|postgres [--items N] [--pairs N]: pages of the public site over a whole archive, by HTTP.

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
from bench.processes import running
from tests.services import PostgresServer

ITEMS = 100_000
TURNS_MOST = 5


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgres"])
    parser.add_argument("--pairs", type=int, default=TURNS_MOST, help=f"turns of each load; at most {TURNS_MOST}")
    parser.add_argument("--items", type=int, default=int(os.environ.get("HERITAGE_BENCH_ITEMS", ITEMS)))
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(PostgresServer()) if wishes.database == "postgres" else None
        kept = _kept(wishes.items) if server is None else None
        data = stack.enter_context(entered(database_url=server.url if server else "", kept=kept))
        # Not before the settings are made.
        from django.core.management import call_command  # noqa: PLC0415

        from bench.site import asking, corpus  # noqa: PLC0415

        call_command("collectstatic", interactive=False, verbosity=0)
        corpus.make_once(data, wishes.items)
        site = stack.enter_context(running(os.environ, data / "servers.log", lanes=()))
        measured = [site.processes["web"].pid, *([server.process.pid] if server and server.process else [])]
        rows = asking.rows(asking.Site(data, site, measured), turns=min(wishes.pairs, TURNS_MOST))
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def _kept(items: int) -> Path:
    folder = Path(tempfile.gettempdir()) / "nha-rong-bench-site" / f"archive-{items}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
