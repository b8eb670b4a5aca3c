"""Real files of every kind go in while workers, decoders and the broker are killed, the disk is full and the database stops.

In the end each file is what it is after an undisturbed run: nothing lost, nothing half published, no row held longer than its lease.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import LEASE_S, SERVED, House, built, comparable, kill_any_of
from tests.pipeline.pipeline_corpus import corpus

LONG = bool(os.environ.get("HERITAGE_TEST_LONG"))
KILLS = 50 if LONG else 4
SEED = 20261126
KINDS = ("image", "pdf", "epub", "audio", "video", "captions", "office", "hostile")
FULL_AT = "full:derivative.file sent" if SERVED else "full:derivative.staged"
POOL = "prefork" if SERVED else "solo"


@pytest.fixture
def chosen() -> list[Path]:
    """Return all files of the corpus in a long run, else a small one of each kind."""
    folder = corpus()
    if folder is None:
        pytest.skip("shared/visible is not beside this checkout")
    found = [sorted((folder / kind).iterdir(), key=lambda path: path.stat().st_size) for kind in KINDS]
    if LONG:
        return [path for paths in found for path in paths]
    chance = random.Random(SEED)
    return [chance.choice(paths[: max(1, len(paths) // 3)]) for paths in found]


def test_every_file_ends_as_if_nothing_had_happened(chosen: list[Path], tmp_path: Path) -> None:
    chance = random.Random(SEED)
    names = [str(path) for path in chosen]
    with built(tmp_path / "quiet", own_broker=False) as quiet:
        quiet.order("upload", paths=names)
        quiet.order("work_all")
        expected = comparable(quiet.order("derivatives_now")), quiet.order("masters_now"), quiet.order("intakes_now")

    with built(tmp_path / "house", own_database=True) as house:
        fire = Fire(house, chance)
        groups = [names[n::KILLS] for n in range(KILLS)]
        for number, group in enumerate(groups):
            house.order("upload", paths=group)
            if number == KILLS // 2:
                fire.stop_the_database()
            if number == KILLS // 3:
                fire.fill_the_disk()
            fire.kill_somebody()
            assert house.order("stuck") == []
        fire.end()

        assert comparable(house.order("derivatives_now")) == expected[0]
        assert house.order("masters_now") == expected[1]
        assert sorted(house.order("intakes_now")) == sorted(expected[2])
        assert all(same for *_set, made in house.order("derivatives_now") for _name, _digest, same in made)
        house.order("an_hour_later")
        assert {name: found for name, found in house.order("strays").items() if found} == {}


class Fire:
    """What happens to a house: two workers that are replaced as they die, and everything else."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house = house
        self.chance = chance
        self.workers = [house.start_worker(pool=POOL) for _ in range(2)]

    def kill_somebody(self) -> None:
        """Wait until something is being done, then kill a worker, a decoder or, one time in five, the broker."""
        until = time.monotonic() + 60
        while not self.house.order("running") and self.house.order("unfinished"):
            assert time.monotonic() < until, self.house.worker_log()
            self.house.order("sweep")
            time.sleep(0.2)
        time.sleep(self.chance.uniform(0, 0.7))
        if self.chance.random() < 0.2:
            self._kill_broker()
        else:
            kill_any_of(self.chance.choice(self.workers), self.chance)
        self._replace_the_dead()

    def stop_the_database(self) -> None:
        """Let it be away for longer than a lease, as when its machine starts anew."""
        if self.house.database is None:
            self.house.order("hold_the_database", seconds=LEASE_S + 1)
            return
        self.house.database.stop()
        time.sleep(LEASE_S + 1)
        self.house.database.start()
        self._replace_the_dead()

    def fill_the_disk(self) -> None:
        """Let a worker find no room for what it made, until something waits for that or some seconds have passed."""
        full = self.house.start_worker(pool=POOL, env={"HERITAGE_FAULT": FULL_AT})
        until = time.monotonic() + 6
        while time.monotonic() < until and not any(job["put_off"] for job in self.house.order("jobs_now")):
            time.sleep(0.2)
        full.kill()
        full.wait()

    def end(self) -> None:
        """Let everything come to its end, and try again what waits for a person since its workers were killed."""
        self.house.finish(within_s=120 + 20 * KILLS)
        self._replace_the_dead()
        killed = [job for job in self.house.order("jobs_now") if job["reason_code"] == "worker_killed"]
        if killed:
            self.house.order("retry_failed")
            self.house.finish(within_s=120)
        assert self.house.order("stuck") == []

    def _kill_broker(self) -> None:
        if self.house.broker is None:
            self.house.order("lose_bells")
        else:
            self.house.broker.kill()
            self.house.broker.start()

    def _replace_the_dead(self) -> None:
        self.workers = list(self._living())

    def _living(self) -> Iterator[subprocess.Popen[bytes]]:
        for worker in self.workers:
            yield worker if worker.poll() is None else self.house.start_worker(pool=POOL)
