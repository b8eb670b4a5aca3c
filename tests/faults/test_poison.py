"""A file that kills whoever works on it is given up and told to a person; the others are done meanwhile."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from tests.faults.house import LEASE_S, House
from tests.makers import picture

STARTS_AT_MOST = 6


def test_a_file_that_kills_its_worker_ends_with_a_person_and_the_others_finish(house: House, tmp_path: Path) -> None:
    poison = picture(tmp_path / "doc.jpg", colour=(1, 2, 3))
    others = [str(picture(tmp_path / f"{n}.jpg", colour=(30 * n, 90, 10))) for n in range(4)]
    sha256 = hashlib.sha256(poison.read_bytes()).hexdigest()
    house.order("upload", paths=[str(poison), *others])
    deadly = {"HERITAGE_FAULT": f"kill:job.started:{sha256}"}

    until = time.monotonic() + STARTS_AT_MOST * (LEASE_S + 20) + 60
    worker = house.start_worker(env=deadly)
    deaths = 0
    while house.order("sweep"):
        assert time.monotonic() < until, house.order("jobs_now")
        if worker.poll() is not None:
            deaths += 1
            worker = house.start_worker(env=deadly)
        time.sleep(0.5)

    jobs = [job for job in house.order("jobs_now") if job["sha256"] == sha256]
    assert [(job["state"], job["reason_code"]) for job in jobs] == [("needs_person", "worker_killed")]
    # A worker that is starved for longer than its lease counts as dead, too.
    assert 0 < deaths <= jobs[0]["starts"] == STARTS_AT_MOST
    assert jobs[0]["lane"] == "solo"
    outcome = {master: (state, reason) for master, state, reason in house.order("masters_now")}
    assert outcome.pop(sha256) == ("kept", "worker_killed")
    assert set(outcome.values()) == {("ready", "")}
    assert len(outcome) == len(others)
