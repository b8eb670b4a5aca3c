"""A disk that is full while something is stored: said, tried again, and nothing half done is to be seen."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
import pyvips

from tests.faults.house import SERVED, House, built
from tests.makers import picture

pytestmark = pytest.mark.skipif(SERVED, reason="the served profile stores on S3, whose disks are not ours")
LARGEST_FILE_BYTES = 8_000_000  # more than the database of a test, less than the files here


@pytest.fixture
def long_silence(tmp_path: Path) -> str:
    path = tmp_path / "dai.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(12_000_000))
    return str(path)


def test_a_master_that_does_not_fit_is_tried_again_however_often_and_never_refused(
    house: House, long_silence: str
) -> None:
    house.order("upload", paths=[long_silence])

    for turn in range(5):
        house.order("limit_file_size", size_bytes=LARGEST_FILE_BYTES, then="once")
        [job] = house.order("jobs_now")
        assert (job["state"], job["errors"], job["put_off"]) == ("queued", 0, turn + 1)
        assert job["reason_code"] == "storage_full"
        assert house.order("masters_now") == []

    assert house.order("intakes_now") == [["dai.wav", "received", "storage_full"]]
    left = house.order("strays")["left behind"]
    assert [Path(path).suffix for path in left if path.endswith(".part")] == [".part"], "the upload itself is kept"


def test_when_there_is_room_again_the_next_try_stores_it(house: House, long_silence: str) -> None:
    house.order("upload", paths=[long_silence])
    house.order("limit_file_size", size_bytes=LARGEST_FILE_BYTES, then="once")

    house.finish(within_s=60, order="recovered")

    assert [state for _sha256, state, _reason in house.order("masters_now")] == ["ready"]
    house.order("an_hour_later")
    assert {name: found for name, found in house.order("strays").items() if found} == {}


def test_derivatives_that_do_not_fit_leave_nothing_half_published(house: House, tmp_path: Path) -> None:
    path = tmp_path / "anh.jpg"
    pyvips.Image.gaussnoise(5000, 4000, mean=128, sigma=60, seed=3).cast("uchar").jpegsave(str(path), Q=40)
    assert path.stat().st_size < LARGEST_FILE_BYTES
    house.order("upload", paths=[str(path)])

    # What a child makes has limits of its own; here it is the copy into the store that finds no room.
    house.order("limit_file_size", size_bytes=LARGEST_FILE_BYTES, then="once")

    jobs = {job["role"]: (job["state"], job["put_off"], job["reason_code"]) for job in house.order("jobs_now")}
    assert jobs["thumbnail"] == ("done", 0, "")
    assert jobs["pyramid"] == ("queued", 1, "storage_full")
    assert [role for _sha256, role, _version, _files in house.order("derivatives_now")] == ["thumbnail"]
    assert house.order("strays")["derivatives without a row"] == []
    house.finish(within_s=60, order="recovered")
    assert [role for _sha256, role, _version, _files in house.order("derivatives_now")] == ["pyramid", "thumbnail"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB of the test's own; only root may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_is_full_for_the_database_too_is_survived(small_disk: Path, tmp_path: Path) -> None:
    with built(tmp_path / "house", env={"HERITAGE_DATA": str(small_disk / "data")}) as house:
        paths = [str(picture(tmp_path / f"{n}.jpg", colour=(50 * n, 10, 90))) for n in range(3)]
        house.order("upload", paths=paths)
        filler = small_disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(bytes(65_536))
        assert shutil.disk_usage(small_disk).free < 65_536

        # Whatever it says, it has to leave everything so that the next run can go on.
        for _ in range(2):
            house.tell("once")
        refused = house.tell("upload", paths=[paths[0]])
        filler.unlink()

        assert refused["status"] == 1
        house.order("retry_failed")
        house.finish(within_s=60, order="recovered")
        assert [state for _sha256, state, _reason in house.order("masters_now")] == ["ready"] * 3
        assert all(same for *_set, made in house.order("derivatives_now") for _name, _digest, same in made)
        house.order("an_hour_later")
        found = {name: strays for name, strays in house.order("strays").items() if strays}
        assert found == {}, found
        assert os.listdir(small_disk) == ["data"]  # noqa: PTH208  # names alone
