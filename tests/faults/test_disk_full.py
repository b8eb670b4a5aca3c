"""A disk that is full while something is stored: said, tried again, and nothing half done is to be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.house import SERVED, House
from tests.makers import picture, sound

pytestmark = pytest.mark.skipif(SERVED, reason="the served profile stores on S3, whose disks are not ours")


def test_a_master_that_does_not_fit_is_tried_again_and_then_refused_with_a_reason(house: House, tmp_path: Path) -> None:
    house.order("upload", paths=[str(sound(tmp_path / "dai.wav", seconds=60))])

    for turn in range(3):
        house.order("limit_file_size", size_bytes=400_000, then="recovered")
        [job] = house.order("jobs_now")
        assert (job["errors"], job["reason_code"]) == (turn + 1, "storage_unavailable")
        assert job["state"] == ("failed" if turn == 2 else "queued")
        assert house.order("strays")["rows without a master"] == []
        assert house.order("masters_now") == []

    assert house.order("intakes_now") == [["dai.wav", "refused", "storage_unavailable"]]


def test_when_there_is_room_again_the_next_try_stores_it(house: House, tmp_path: Path) -> None:
    house.order("upload", paths=[str(sound(tmp_path / "dai.wav", seconds=60))])
    house.order("limit_file_size", size_bytes=400_000, then="recovered")

    house.finish(within_s=60, order="recovered")

    assert [state for _sha256, state, _reason in house.order("masters_now")] == ["ready"]
    house.order("an_hour_later")
    assert {name: found for name, found in house.order("strays").items() if found} == {}


def test_derivatives_that_do_not_fit_leave_nothing_half_published(house: House, tmp_path: Path) -> None:
    house.order("upload", paths=[str(picture(tmp_path / "anh.jpg", size=(2400, 1800)))])
    house.order("perform", role="store")
    house.order("perform", role="identify")

    # What a child makes has limits of its own; here it is the copy into the store that finds no room.
    house.order("limit_file_size", size_bytes=3_000, then="recovered")

    states = {job["role"]: (job["state"], job["errors"]) for job in house.order("jobs_now")}
    assert house.order("derivatives_now") == []
    assert house.order("strays")["derivatives without a row"] == []
    assert states["thumbnail"][0] in {"queued", "failed"}
    house.order("retry_failed")
    house.finish(within_s=60, order="recovered")
    assert [role for _sha256, role, _version, _files in house.order("derivatives_now")] == ["pyramid", "thumbnail"]
