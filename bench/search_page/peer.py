"""The baselines' page over the same records and the same random mix, in the same run: what ours is compared with."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.archive import NOT_THE_PERSONS_OWN, ROOT
from bench.measure import wait_until
from bench.search import corpus
from bench.search.questions import Asked
from bench.tiles import servers

NAMES = {"kind": "type", "place": "place", "collection": "coll", "language": "lang"}


class NotHere(Exception):
    """What the comparison needs is not on this machine."""


@dataclass(frozen=True)
class Peer:
    """Where the page answers, and whose processor time counts."""

    port: int
    pid: int


@contextlib.contextmanager
def running(items: int, log: Path) -> Iterator[Peer]:
    """Build their index where it is missing and serve their page. Raises NotHere."""
    baselines = os.environ.get(corpus.BASELINES)
    if not baselines:
        raise NotHere(f"{corpus.BASELINES} names no folder")
    if importlib.util.find_spec("jinja2") is None:
        raise NotHere("Jinja2 is not installed")
    folder = corpus.SCRATCH / f"baselines-page-{items}"
    _build(folder, Path(baselines), items)
    port = servers.free_port()
    words = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    words += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "peer_site:application"]
    env = {name: value for name, value in os.environ.items() if name not in NOT_THE_PERSONS_OWN}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env |= {"PYTHONPATH": str(ROOT / "bench" / "search_page"), "PEER_ITEMS": str(items)}
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "-m", *words], cwd=folder, env=env, stdout=said, stderr=said)
        try:
            wait_until(lambda: _answers(port), within_s=120)
            yield Peer(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=15)


def address(asked: Asked) -> str:
    """Return the address of a question: its words folded, its filters by number."""
    values = {NAMES[name]: value for name, value in asked.values.items()}
    query = {"q": asked.text, **values, "page": str(asked.page)}
    return f"/search/?{urlencode(query)}"


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def _build(folder: Path, baselines: Path, items: int) -> None:
    data = folder / "perf-data"
    if (folder / "records.db").exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    for link, target in (
        (folder / "bitmap_index.py", baselines / "bitmap_index.py"),
        (data / "corpus.tsv", corpus.file(items)),
    ):
        link.unlink(missing_ok=True)
        link.symlink_to(target.resolve())
    source = f"source = open('bitmap_index.py').read().replace('N=1_000_000', 'N={items}'); exec(source)"
    subprocess.run([sys.executable, "-c", source, "build"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    _write_rows(folder, items)


def _write_rows(folder: Path, items: int) -> None:
    aside = folder / "records.part"
    aside.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(aside)) as database:
        database.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, title TEXT, text TEXT, kind TEXT, year TEXT)")
        database.executemany(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?)",
            (
                (one.number, one.title, one.text, one.facets["kind"][0], one.facets["decade"][0])
                for one in corpus.records(corpus.file(items))
            ),
        )
        database.commit()
    aside.rename(folder / "records.db")
