"""Lists and runs the benchmarks, each in a process of its own, and writes their rows into RESULTS.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import machine

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
# Name → what it measures. Each is `python -m bench.<folder> …` and prints a JSON list of rows on its last line.
BENCHMARKS = {
    "image-overhead": ("bench.pipeline_overhead", "image"),
    "film": ("bench.pipeline.film",),
    "thumbnails": ("bench.thumbnails",),
    "first-thumbnail": ("bench.first_thumbnail",),
    "memory-at-rest": ("bench.memory_at_rest",),
    "queue": ("bench.queue",),
    "pipeline-memory": ("bench.pipeline_memory",),
    "access-sqlite": ("bench.access", "sqlite"),
    "access-postgres": ("bench.access", "postgres"),
    "ingest-sqlite": ("bench.ingest", "sqlite"),
    "ingest-postgres": ("bench.ingest", "postgres"),
    "desk-sqlite": ("bench.desk", "sqlite"),
    "desk-postgres": ("bench.desk", "postgres"),
    "tiles-sqlite": ("bench.tiles", "sqlite"),
    "tiles-postgres": ("bench.tiles", "postgres"),
    "pdf": ("bench.pdf",),
    "search-engine": ("bench.search",),
    "search-page-sqlite": ("bench.search_page", "sqlite"),
    "search-page-postgres": ("bench.search_page", "postgres"),
    "site-sqlite": ("bench.site", "sqlite"),
    "site-postgres": ("bench.site", "postgres"),
    "phone": ("bench.phone",),
    "oai-sqlite": ("bench.oai", "sqlite"),
    "oai-postgres": ("bench.oai", "postgres"),
    "api-sqlite": ("bench.api", "sqlite"),
    "api-postgres": ("bench.api", "postgres"),
}
ABOUT = {
    "image-overhead": "Processor time of one job, 24-megapixel JPEG to thumbnails: our whole path against the bare tool",
    "film": "Processor time of one job, 30 s of 1080p to six rungs: our whole path, one bare process, one process a rendition",
    "thumbnails": "Three WebP sizes of 24-megapixel JPEGs, one process for many: ours, sharp (npm) and easy-thumbnails",
    "first-thumbnail": "From the last byte of an upload to a thumbnail that a visitor can fetch",
    "memory-at-rest": "Memory of web and workers at rest, and what they import",
    "queue": "The same mix of pictures, recordings and books, brought to its end by two workers and by one",
    "pipeline-memory": "The most that a worker and its children hold at once over the files of the visible corpus",
    "access-sqlite": "What visibility costs at a million items, SQLite: processor time with a viewer's rules / without any",
    "access-postgres": "The same, PostgreSQL: processor time of ours and of its session, one process to a query",
    "ingest-sqlite": "A table of new items, checked and loaded with ties, rules, history, words and log, SQLite; beside bulk_create",
    "ingest-postgres": "The same, PostgreSQL",
    "desk-sqlite": "Every page of the desk over 100,000 items, SQLite: queries and processor time",
    "desk-postgres": "The same, PostgreSQL: processor time of ours and of its session",
    "tiles-sqlite": "Tiles of 100 megapixels behind nginx, SQLite: processor time of ours, of nginx's own files and of Debian's IIPImage",
    "tiles-postgres": "The same, PostgreSQL, whose processor time counts as ours",
    "search-page-sqlite": "The search page over a whole archive by HTTP, SQLite: reindex, pages a second and core, waits, edits found",
    "search-page-postgres": "The same, PostgreSQL, whose processor time counts as ours",
    "site-sqlite": "Pages of the public site over 100,000 items by HTTP, SQLite: pages a second and core, waits of four clients",
    "site-postgres": "The same, PostgreSQL, whose processor time counts as ours",
    "phone": "Pages in a browser of 360 px that has nothing of them yet, over a line of 400 kbit/s and 400 ms: largest content, requests",
    "oai-sqlite": "Full harvests over HTTP (OAI-PMH), SQLite: records to a second of the web server's processor time",
    "oai-postgres": "The same, PostgreSQL, whose processor time counts as ours",
    "api-sqlite": "The REST API, SQLite: a list of 50 and one item, beside DRF's ModelSerializer over the same rows in the same process",
    "api-postgres": "The same, PostgreSQL, whose processor time counts as ours and as theirs",
    "pdf": "Pictures of PDF pages at 150 dots per inch, and their text: ours in their children / pdftoppm with pdftotext",
    "search-engine": "A ranked page, the exact total and six exact facets over a million documents, 60 rules, a viewer with 30: one core",
}
HEAD = """# Results of the benchmarks

Written by `make bench` (`python -m bench [NAME…] [--pairs N]`). A section is replaced when its benchmark runs again. Ratios are
taken within one run, in interleaved pairs; figures of different machines or days are not to be compared.
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Runs benchmarks and writes bench/RESULTS.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--pairs", type=int, default=9, help="interleaved pairs of each comparison (9)")
    parser.add_argument("--list", action="store_true", help="say what there is")
    wishes = parser.parse_args(arguments)
    unknown = set(wishes.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    if wishes.list:
        for name, about in ABOUT.items():
            print(f"{name:18} {about}")
        return 0
    failed = 0
    for name in wishes.names or BENCHMARKS:
        print(f"→ {name}: {ABOUT[name]}", flush=True)
        failed += not run(name, pairs=wishes.pairs)
    return 1 if failed else 0


def run(name: str, *, pairs: int) -> bool:
    """Run one benchmark and write its section. False when it broke."""
    module, *words = BENCHMARKS[name]
    command = [sys.executable, "-m", module, *words, "--pairs", str(pairs)]
    before = machine()
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"  {name} ended with status {done.returncode}")
        return False
    rows: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    lines = [f"## {name}", "", f"{ABOUT[name]}.", "", f"{before}. {datetime.now(UTC):%Y-%m-%d}.", ""]
    lines += [f"`python -m bench {name} --pairs {pairs}`", "", "| | median | spread | target |", "|---|---|---|---|"]
    lines += [f"| {row['what']} | {row['figure']} | {row['spread']} | {row['target']} |" for row in rows]
    print("\n".join(lines[7:]), flush=True)
    write_section(name, "\n".join(lines) + "\n")
    return True


def write_section(name: str, text: str) -> None:
    old = RESULTS.read_text("utf-8") if RESULTS.exists() else HEAD
    head, *sections = old.split("\n## ")
    kept = {section.split("\n", 1)[0]: f"## {section.strip()}\n" for section in sections}
    # What was written below the table by hand was measured otherwise, and says when.
    by_hand = kept.get(name, "").partition("\n### ")
    kept[name] = text + "".join(by_hand[1:])
    ordered = [kept[one] for one in BENCHMARKS if one in kept]
    RESULTS.write_text("\n".join([head.rstrip() + "\n", *ordered]), encoding="utf-8")
