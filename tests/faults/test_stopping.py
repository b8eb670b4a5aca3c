"""A worker that is told to stop goes in time and hands its work back: a restart is no death."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from scripts.guard import descendants
from tests.faults.conftest import film
from tests.faults.house import SERVED, House, command_of

POOL = "prefork" if SERVED else "solo"  # as each profile starts its workers
STOPS_WITHIN_S = 40  # what the compose file gives; a loaded test machine is slow to leave


def test_a_worker_told_to_stop_hands_a_long_job_back_uncounted(house: House, tmp_path: Path) -> None:
    house.order("upload", paths=[str(film(tmp_path / "phim.mp4", seconds=60))])
    worker = house.start_worker(pool=POOL)
    # Held still, it is a job that takes for ever, on every machine.
    until = time.monotonic() + 90
    while not hold_encoder_of_hls(worker.pid):
        assert time.monotonic() < until, house.order("jobs_now")
        time.sleep(0.02)

    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=STOPS_WITHIN_S)

    hls = next(job for job in house.order("jobs_now") if job["role"] == "hls")
    assert (hls["state"], hls["starts"], hls["lost"], hls["errors"]) == ("queued", 0, 0, 0)
    assert house.order("running") == 0
    assert list((house.folder / "data" / "work").rglob("*")) == []


def hold_encoder_of_hls(worker_pid: int) -> bool:
    for pid in descendants(worker_pid):
        program, *arguments = command_of(pid).split(b"\0")
        if b"ffmpeg" in program and b"hls" in arguments:
            os.kill(pid, signal.SIGSTOP)
            return True
    return False
