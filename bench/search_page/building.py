"""The archive and its index: written where they are missing, with what that took."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from archive.search import keeping
from bench.archive import ROOT
from bench.measure import Row
from bench.search_page import corpus

BUILD_S_MOST = 300


@dataclasses.dataclass(frozen=True)
class Made:
    """What writing and indexing took."""

    written_s: float
    cpu_s: float
    wall_s: float
    most_mb: float
    disk_mb: float


def rows(data: Path, items: int) -> list[Row]:
    """Make what is missing, and tell what it took when it was made."""
    told = data / "made.json"
    made = Made(**json.loads(told.read_text("utf-8"))) if told.exists() else None
    if made is None or keeping.state(Path(settings.SEARCH_DIR)).changed != 0:
        # A run before this one has edited items: pages are to be measured over a base alone.
        made = _indexed(made.written_s if made else corpus.make(items))
        told.write_text(json.dumps(dataclasses.asdict(made)), "utf-8")
    return [
        Row(
            f"writing what was missing of {items:,} items in bulk, s",
            f"{made.written_s:.0f}",
            "not of the product: the corpus",
        ),
        Row(
            "manage.py reindex over all of them, CPU s of the command",
            f"**{made.cpu_s:.0f}**",
            f"{made.wall_s:.0f} s by the clock",
            f"≤ {BUILD_S_MOST} at a million",
        ),
        Row("the most memory of reindex, MB", f"{made.most_mb:.0f}", ""),
        Row("index on the disk, MB", f"{made.disk_mb:.0f}", ""),
    ]


def _indexed(written_s: float) -> Made:
    began = time.monotonic()
    words = [sys.executable, "manage.py", "reindex", "--new-log"]
    process = subprocess.Popen(words, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    disk = sum(file.stat().st_size for file in Path(settings.SEARCH_DIR).rglob("*") if file.is_file())
    wall_s = time.monotonic() - began
    return Made(written_s, usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss / 1024, disk / 1e6)
