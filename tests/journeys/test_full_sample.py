"""The whole sample collection, made, sent and worked on by live workers, as the first start of the two commands does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.sample import catalogue
from tests.faults.house import SERVED, built

pytestmark = pytest.mark.long
AT_MOST_S = 3600


def test_sixty_items_go_the_whole_way(tmp_path: Path) -> None:
    with built(tmp_path / "house", env={"HERITAGE_LEASE_S": "60"}) as house:
        for _ in range(2):
            house.start_worker(pool="prefork" if SERVED else "solo")
        loading = house.begin("load_sample", "--sample", "full")
        assert loading.wait(timeout=AT_MOST_S) == 0
        house.finish(within_s=AT_MOST_S)

        files = [file for item in catalogue.items() for file in item.files]
        masters = house.order("masters_now")
        assert {(state, reason) for _sha256, state, reason in masters} == {("ready", "")}
        assert 0 < len(masters) <= len(files)
        assert [job for job in house.order("jobs_now") if job["state"] != "done" or job["lost"]] == []
        assert all(same for *_set, made in house.order("derivatives_now") for _name, _digest, same in made)
        house.order("an_hour_later")
        assert {name: found for name, found in house.order("strays").items() if found} == {}
