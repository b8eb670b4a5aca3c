"""How long an index takes to build, and how much memory, in a process of its own."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from archive.search.index.base import Base, open_live
from archive.search.index.building import build
from archive.search.index.shapes import Document
from archive.search.index.storing import INDEX, BrokenIndex
from bench.measure import Row
from bench.search import corpus

BUILD_S_MOST = 300


@dataclasses.dataclass(frozen=True)
class Built:
    """What a build took. `making_s`: of the processor time, what our made-up documents took to be read and made."""

    cpu_s: float
    making_s: float
    most_mb: float
    disk_mb: float


def root(items: int) -> Path:
    return corpus.SCRATCH / f"index-{corpus.file(items).stem}"


def opened(items: int, *, anew: bool = False) -> Base:
    """Return the index of so many documents, built where there is none that can be read."""
    told = root(items) / "built.json"
    base = None
    try:
        base = open_live(root(items))
    except BrokenIndex:
        print("    the index is to be built anew", flush=True)
    if base is None or anew or not told.exists():
        # A process of its own, so that the most memory it took is its own.
        child = multiprocessing.get_context("fork").Process(target=_build, args=(items, told))
        child.start()
        child.join()
        base = open_live(root(items))
    if base is None:
        raise RuntimeError("the index was not built")
    return base


def rows(items: int, *, anew: bool) -> Iterator[Row]:
    opened(items, anew=anew)
    built = Built(**json.loads((root(items) / "built.json").read_text("utf-8")))
    yield Row(
        f"building {items:,} documents of about 45 words, CPU s",
        f"**{built.cpu_s:.0f}**",
        f"{built.making_s:.0f} of them to make up the documents",
        f"≤ {BUILD_S_MOST}",
    )
    yield Row("the most memory while building, MB", f"{built.most_mb:.0f}", "", "≤ 1500")
    yield Row("index on the disk, MB", f"{built.disk_mb:.0f}", "", "")


def _build(items: int, told: Path) -> None:
    making_s = 0.0

    def documents() -> Iterator[Document]:
        nonlocal making_s
        found = corpus.records(corpus.file(items))
        while True:
            began = time.process_time()
            record = next(found, None)
            if record is None:
                return
            document = record.document()
            making_s += time.process_time() - began
            yield document

    began = time.process_time()
    folder = build(documents(), root(items), {"items": items})
    cpu_s = time.process_time() - began
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    built = Built(cpu_s, making_s, most_mb, (folder / INDEX).stat().st_size / 1e6)
    told.write_text(json.dumps(dataclasses.asdict(built)), "utf-8")
