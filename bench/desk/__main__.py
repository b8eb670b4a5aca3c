"""python -m bench.desk sqlite|postgres [--items N] [--pairs N]: queries and seconds of every page of the desk."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys

from bench.archive import entered
from tests.services import PostgresServer


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgres"])
    parser.add_argument("--pairs", type=int, default=3, help="tries of each page; the best one counts")
    parser.add_argument("--items", type=int, default=100_000)
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(PostgresServer()).url if wishes.database == "postgres" else ""
        stack.enter_context(entered(database_url=url))
        # Not before the settings are made.
        from django.core.management import call_command  # noqa: PLC0415

        from bench.desk import corpus, pages  # noqa: PLC0415

        call_command("collectstatic", interactive=False, verbosity=0)
        corpus.make(wishes.items)
        rows = pages.rows(tries=min(wishes.pairs, 5))
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
