"""python -m bench.access sqlite|postgres [--pairs N] [--items N]: what visibility costs, question by question."""

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
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--items", type=int, default=1_000_000)
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(PostgresServer()).url if wishes.database == "postgres" else ""
        stack.enter_context(entered(database_url=url))
        # Not before the settings are made.
        from bench.access import corpus, questions  # noqa: PLC0415

        corpus.make(wishes.items)
        rows = questions.rows(pairs=max(30, wishes.pairs))
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
