"""The measured baselines' engine of bitmaps, which neither ranks nor knows rules, over the same records and its own random mix."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row
from bench.search import corpus

RECORDS = 1_000_000  # its programs are written for so many
# Its figures are of the wall clock: on a busy machine only processor time says anything.
_BY_PROCESSOR = (
    "import sys, time; time.perf_counter = time.process_time; sys.argv = sys.argv[1:]; exec(open(sys.argv[0]).read())"
)


def rows(items: int, *, count: int) -> Iterator[Row]:
    what = "baselines' bitmaps, no ranking, no rules: their random mix, CPU ms"
    baselines = os.environ.get(corpus.BASELINES)
    if not baselines or items != RECORDS:
        yield Row(what, "not run", f"{corpus.BASELINES} names no folder" if not baselines else "for a million only", "")
        return
    folder = corpus.SCRATCH / "baselines"
    data = folder / "perf-data"
    data.mkdir(parents=True, exist_ok=True)
    for program in ("bitmap_index.py", "mix_bench.py"):
        _link(folder / program, Path(baselines) / program)
    _link(data / "corpus.tsv", corpus.file(items))
    if not (data / "bm" / "by_year.npy").exists():
        _run(folder, "bitmap_index.py", "build")
    told = _run(folder, "mix_bench.py", "bitmap", str(count))
    figures = dict(re.findall(r"(p50|p95|p99|max)=([\d.]+)", told))
    yield Row(
        what,
        f"p50 {figures['p50']}, p95 {figures['p95']}, p99 {figures['p99']}",
        f"most {figures['max']}, n = {count}",
        "",
    )


def _link(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target.resolve())


def _run(folder: Path, program: str, *words: str) -> str:
    command = [sys.executable, "-c", _BY_PROCESSOR, program, *words]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
