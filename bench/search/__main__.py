"""python -m bench.search [--pairs N] [--items N] [--anew]: the index of the search over a million documents, on one core.

The million documents and their index are kept below the temporary directory and used again; --anew builds the index once more.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from bench.archive import entered


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9, help="ignored: questions are counted, not pairs")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=600, help="of the mix; a third of them of each class")
    parser.add_argument("--anew", action="store_true")
    wishes = parser.parse_args()
    with entered():
        # Not before the settings are made: the package of the search needs them, the index itself does not.
        from bench.search import building, peers, questions  # noqa: PLC0415

        small = wishes.items // 10
        rows = [
            *building.rows(wishes.items, anew=wishes.anew),
            *questions.rows(wishes.items, small, count=wishes.questions),
            *peers.rows(wishes.items, count=wishes.questions),
        ]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
