"""python -m bench.pipeline_memory: the most that a worker and its children hold at once, over the files of the visible corpus."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench.archive import entered, environment
from bench.measure import Row, proportional_memory_kb
from bench.workers import wait_for_the_end, workers
from scripts.guard import descendants
from tests.pipeline.pipeline_corpus import corpus

KINDS = ("image", "pdf", "epub", "audio", "video", "captions", "office", "hostile")
EVERY_S = 0.05
TARGET_MB = 800


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9, help="not used: there is nothing to pair with")
    parser.parse_args()
    found = corpus()
    if found is None:
        print("shared/visible is not beside this checkout", file=sys.stderr)
        return 1
    paths = [path for kind in KINDS for path in sorted((found / kind).iterdir()) if path.is_file()]
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        peak, states = drained(paths, data, Path(folder) / "worker.log")
    rows = [
        Row("worker and children, proportional, MB", f"**{peak.proportional_mb:.0f}**", peak.during, f"≤ {TARGET_MB}"),
        Row("worker and children, resident, MB", f"{peak.resident_mb:.0f}", f"{peak.looks} looks"),
        Row("files", str(len(paths)), ", ".join(f"{count} {state}" for state, count in sorted(states.items()))),
    ]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


class Peak:
    """The most that was seen."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.proportional_mb = self.resident_mb = 0.0
        self.during = ""
        self.looks = 0

    def look(self) -> None:
        from media_pipeline.models import Job  # noqa: PLC0415  # after `entered`

        self.looks += 1
        resident = proportional = 0
        for pid in [self.pid, *descendants(self.pid)]:
            with contextlib.suppress(OSError):  # it has just ended
                one = proportional_memory_kb(pid)
                resident, proportional = resident + one[0], proportional + one[1]
        self.resident_mb = max(self.resident_mb, resident / 1e3)
        if proportional / 1e3 > self.proportional_mb:
            self.proportional_mb = proportional / 1e3
            running = Job.objects.filter(state=Job.State.RUNNING).values_list("role", flat=True).first()
            self.during = f"while making: {running or 'nothing'}"


def drained(paths: list[Path], data: Path, log: Path) -> tuple[Peak, Counter[str]]:
    """Let one worker do all work on the files; returns the peak and how many masters and refusals came of them."""
    from django.utils import timezone  # noqa: PLC0415  # after `entered`

    from media_pipeline import intakes  # noqa: PLC0415
    from media_pipeline.models import Intake, Master  # noqa: PLC0415

    for path in paths:
        intakes.begin_local(path, now=timezone.now())
    with workers(1, environment(data), log) as [worker]:
        peak = Peak(worker.pid)
        wait_for_the_end(peak.look, every_s=EVERY_S, within_s=3600)
    states = Counter(Master.objects.values_list("state", flat=True))
    states["refused"] = Intake.objects.filter(state=Intake.State.REFUSED).count()
    return peak, states


if __name__ == "__main__":
    sys.exit(main())
