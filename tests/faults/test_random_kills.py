"""Real workers killed with SIGKILL at random moments while files load: nothing is lost, nothing is doubled, nothing is left."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.house import SERVED, House, built, comparable, kill_one_of
from tests.makers import picture

KILLS = 20 if os.environ.get("HERITAGE_TEST_LONG") else 2
SEED = 20261125 + SERVED  # other moments in the other profile
POOL = "prefork" if SERVED else "solo"  # as each profile starts its workers


def test_what_killed_workers_leave_is_what_an_undisturbed_run_leaves(
    house: House, files: list[Path], tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    extra = [picture(tmp_path / f"{n}.jpg", colour=(n * 9 % 256, 80, 120)) for n in range(KILLS)]
    expected = undisturbed(tmp_path, [*files, *extra])
    house.order("upload", paths=[str(path) for path in files])
    worker = house.start_worker(pool=POOL)

    for path in extra:
        house.order("upload", paths=[str(path)])
        wait_for_work(house)
        time.sleep(chance.uniform(0, 1.5))
        kill_one_of(worker, chance)
        time.sleep(0.1)
        if worker.poll() is not None:
            worker = house.start_worker(pool=POOL)
        house.order("sweep")

    house.finish(within_s=120 + 20 * KILLS)
    states = {state for _sha256, state, _reason in house.order("masters_now")}
    assert states == {"ready"}, house.order("jobs_now")
    assert comparable(house.order("derivatives_now")) == expected
    assert all(same for *_set, made in house.order("derivatives_now") for _name, _digest, same in made)
    house.order("an_hour_later")
    assert {name: found for name, found in house.order("strays").items() if found} == {}


@pytest.mark.long
def test_workers_killed_while_the_sample_loads_end_with_the_same_derivatives(house: House, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    expected = undisturbed_sample(tmp_path)
    worker = house.start_worker(pool=POOL)
    with house.begin("load_sample", "--sample", "small") as loading:
        for _ in range(KILLS):
            wait_for_work(house, unless=lambda: loading.poll() is not None)
            time.sleep(chance.uniform(0, 4))
            kill_one_of(worker, chance)
            time.sleep(0.1)
            if worker.poll() is not None:
                worker = house.start_worker(pool=POOL)
            house.order("sweep")
        assert loading.wait(timeout=300) == 0

    house.finish(within_s=600)
    # What was killed again and again with its worker waits for a person, who finds nothing wrong and tries again.
    house.order("retry_failed")
    house.finish(within_s=600)
    assert {state for _sha256, state, _reason in house.order("masters_now")} == {"ready"}, house.order("jobs_now")
    assert comparable(house.order("derivatives_now")) == expected
    assert all(same for *_set, made in house.order("derivatives_now") for _name, _digest, same in made)
    house.order("an_hour_later")
    assert {name: found for name, found in house.order("strays").items() if found} == {}


def undisturbed_sample(tmp_path: Path) -> list[object]:
    with built(tmp_path / "quiet", own_broker=False) as quiet:
        loaded = quiet.manage("load_sample", "--sample", "small", timeout_s=600)
        assert loaded.returncode == 0, loaded.stderr
        quiet.order("work_all")
        return comparable(quiet.order("derivatives_now"))


def wait_for_work(house: House, *, unless: Callable[[], bool] = lambda: False) -> None:
    """Return when a job is running, so that the kill meets work and not a worker that is still starting."""
    until = time.monotonic() + 60
    while not house.order("running"):
        if unless() and not house.order("unfinished"):
            return
        house.order("sweep")
        if time.monotonic() > until:
            raise AssertionError(f"no worker takes anything: {house.order('jobs_now')}\n{house.worker_log()}")
        time.sleep(0.2)


def undisturbed(tmp_path: Path, paths: list[Path]) -> list[object]:
    with built(tmp_path / "quiet", own_broker=False) as quiet:
        quiet.order("upload", paths=[str(path) for path in paths])
        quiet.order("work_all")
        return comparable(quiet.order("derivatives_now"))
