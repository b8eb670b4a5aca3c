"""python -m bench.ingest sqlite|postgres [--pairs N] [--rows N]"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys

from bench.archive import entered
from tests.services import PostgresServer

# A pair takes most of a minute; the spread between pairs is small.
PAIRS_MOST = 3


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgres"])
    parser.add_argument("--pairs", type=int, default=PAIRS_MOST)
    parser.add_argument("--rows", type=int, default=20_000)
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(PostgresServer()).url if wishes.database == "postgres" else ""
        data = stack.enter_context(entered(database_url=url))
        # Not before the settings are made.
        from bench.ingest import loads  # noqa: PLC0415

        rows = loads.rows(data, count=wishes.rows, pairs=min(PAIRS_MOST, wishes.pairs))
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
