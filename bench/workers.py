"""Whole workers on a queue of one's own making, for as long as it takes them to bring it to its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.archive import ROOT
from bench.processes import WORKER


@contextlib.contextmanager
def workers(count: int, env: Mapping[str, str], log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start so many workers, each for all lanes, and end them afterwards."""
    started = []
    with log.open("ab") as out:
        for number in range(count):
            words = [sys.executable, "-m", "celery", "--app", "heritage.celery:app", *WORKER]
            words += ["--queues", "clock,quick,heavy,solo", "--hostname", f"bench{number}@%h"]
            started.append(
                subprocess.Popen(
                    words, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                    start_new_session=True,
                )
            )  # fmt: skip
    try:
        yield started
    finally:
        for one in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGTERM)
        for one in started:
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def wait_for_the_end(each_look: Callable[[], object] = lambda: None, *, every_s: float, within_s: float) -> None:
    """Look until nothing waits or runs any more, sweeping each few seconds. Raises TimeoutError."""
    from media_pipeline import sweeping  # noqa: PLC0415  # after django.setup
    from media_pipeline.models import Job  # noqa: PLC0415

    until, swept_at = time.monotonic() + within_s, 0.0
    while True:
        each_look()
        if time.monotonic() - swept_at > 2:
            swept_at = time.monotonic()
            if not Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
                return
            sweeping.sweep(everything=True)
        if time.monotonic() > until:
            raise TimeoutError(f"not at its end after {within_s} s")
        time.sleep(every_s)
