"""The broker is a doorbell: rung thrice, emptied or frozen, it changes nothing but when the work is done."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.house import SERVED, House
from tests.makers import picture

ANSWERS_WITHIN_S = 10.0  # an upload that waits for a frozen Redis would wait for ever


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return [str(picture(folder / f"{n}.jpg", colour=(40 * n, 30, 60))) for n in range(4)]


def test_each_bell_rung_thrice_for_two_workers_makes_everything_once(patient_house: House, pictures: list[str]) -> None:
    house = patient_house
    house.order("upload", paths=pictures)
    house.order("ring_again", times=3)

    for _ in range(2):
        house.start_worker()
    until = time.monotonic() + 120
    while house.order("unfinished"):
        # Each job rings as it is queued; here every one rings twice more while two workers are at it.
        house.order("ring_again", times=2)
        assert time.monotonic() < until, house.order("jobs_now")
        time.sleep(0.5)

    done = house.order("jobs_now")
    assert [(job["state"], job["starts"], job["lost"]) for job in done] == [("done", 1, 0)] * (4 * len(pictures))
    assert len(house.order("derivatives_now")) == 2 * len(pictures)
    assert {name: found for name, found in house.order("strays").items() if found} == {}


def test_an_emptied_broker_loses_nothing_and_one_bell_brings_all_to_its_end(
    house: House, pictures: list[str], tmp_path: Path
) -> None:
    house.order("upload", paths=pictures)
    if house.broker is not None:
        house.broker.flush()
    else:
        house.order("lose_bells")

    house.start_worker()
    time.sleep(5)
    assert {job["state"] for job in house.order("jobs_now")} == {"queued"}, (
        "the bells were not lost: this test tests nothing"
    )
    # One whose bell is heard: who answers it rings for the next, until nothing is left. No sweep is needed.
    house.order("upload", paths=[str(picture(tmp_path / "after.jpg", colour=(200, 200, 0)))])
    house.wait_until("unfinished", 0, within_s=90)

    assert {state for _sha256, state, _reason in house.order("masters_now")} == {"ready"}


@pytest.mark.skipif(not SERVED, reason="the embedded profile has no Redis")
def test_with_a_frozen_broker_uploads_go_on_and_work_comes_later(house: House, pictures: list[str]) -> None:
    assert house.broker is not None
    house.start_worker(pool="prefork")
    house.order("upload", paths=pictures[:1])
    house.wait_until("unfinished", 0, within_s=60)

    house.broker.freeze()
    slowest_s = house.order("upload", paths=pictures[1:])
    assert house.order("unfinished") > 0
    house.broker.resume()

    assert slowest_s < ANSWERS_WITHIN_S
    house.finish(within_s=90)
    assert [state for _sha256, state, _reason in house.order("masters_now")] == ["ready"] * len(pictures)


@pytest.mark.skipif(not SERVED, reason="the embedded profile has no Redis")
def test_work_that_is_going_on_survives_a_frozen_broker(patient_house: House, films: str) -> None:
    house = patient_house
    assert house.broker is not None
    house.start_worker(pool="prefork")
    house.order("upload", paths=[films])
    until = time.monotonic() + 60
    while not any(job["role"] == "hls" and job["state"] == "running" for job in house.order("jobs_now")):
        assert time.monotonic() < until, house.order("jobs_now")
        time.sleep(0.1)

    house.broker.freeze()
    time.sleep(4)
    house.broker.resume()
    house.finish(within_s=120)

    hls = next(job for job in house.order("jobs_now") if job["role"] == "hls")
    assert (hls["state"], hls["starts"], hls["lost"]) == ("done", 1, 0)


@pytest.fixture
def films(tmp_path: Path) -> str:
    from tests.faults.conftest import film  # noqa: PLC0415  # pytest's conftest is no module to import at the top

    return str(film(tmp_path / "phim.mp4", seconds=60))
