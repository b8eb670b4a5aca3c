"""Masters taken out for good: nothing of them is left but a record, whatever happens in between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from media_pipeline.storage.errors import MasterMissing
from media_pipeline.storage.masters import MasterStore
from tests.pipeline.storage.places import (
    NOW,
    Place,
    end_of,
    flip_a_byte,
    kill_me,
    make_file,
    ocfl_py_says,
    start,
    store,
)

pytestmark = pytest.mark.pure
REASON = "gia đình nghệ nhân đề nghị"


def left(place: Place) -> list[str]:
    """Return what lies in the store beside the files of its root."""
    root = {"masters/0=ocfl_1.1", "masters/ocfl_layout.json"}
    return [path for path in place.files() if path not in root and "/extensions/" not in path]


def test_a_purged_master_leaves_a_record_and_nothing_else(place: Place, tmp_path: Path) -> None:
    masters = MasterStore(place.storage())
    kept, gone = (store(masters, make_file(tmp_path, seed=seed)) for seed in (1, 2))
    masters.size_bytes(gone.sha256)

    done = masters.purge(gone.sha256, REASON, now=NOW)

    assert done is not None
    assert (done.id, done.sha512, done.reason, done.finished) == (
        f"nih:sha-256;{gone.sha256}", gone.sha512, REASON, True,
    )  # fmt: skip
    assert done.files["v1/content/master.jpg"] == gone.size_bytes
    (record,) = [path for path in left(place) if not path.startswith(kept.object_path)]
    assert record.startswith("purged/")
    assert json.loads((place.disk / record).read_text("utf-8"))["reason"] == REASON
    assert masters.purges(gone.sha256) == [done]
    assert (masters.has(gone.sha256), masters.has(kept.sha256)) == (False, True)
    with pytest.raises(MasterMissing):
        masters.size_bytes(gone.sha256)


def test_the_storage_root_is_valid_after_a_purge(place: Place, tmp_path: Path, ocfl_python: str) -> None:
    masters = MasterStore(place.storage())
    for seed in (1, 2):
        stored = store(masters, make_file(tmp_path, seed=seed))

    masters.purge(stored.sha256, REASON, now=NOW)

    said = ocfl_py_says(ocfl_python, place.disk / "masters")
    assert said == {"valid": True, "objects": 1, "good": 1, "misplaced": [], "said": []}
    assert not [path for path in (place.disk / "masters").rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_a_damaged_master_and_what_was_set_aside_of_it_go_too(place: Place, tmp_path: Path) -> None:
    masters = MasterStore(place.storage())
    source = make_file(tmp_path)
    stored = store(masters, source)
    flip_a_byte(place.disk / stored.object_path / "v1/content/master.jpg")
    store(masters, source)
    assert any(path.startswith("quarantine/") for path in left(place))
    flip_a_byte(place.disk / stored.object_path / "inventory.json")

    done = masters.purge(stored.sha256, REASON, now=NOW)

    assert done is not None
    assert [path.partition("/")[0] for path in left(place)] == ["purged"]


def test_what_is_not_there_is_not_purged_and_leaves_no_record(place: Place) -> None:
    assert MasterStore(place.storage()).purge("ab" * 32, REASON, now=NOW) is None
    assert place.files() == []


def test_a_purge_without_a_reason_is_refused(place: Place, tmp_path: Path) -> None:
    masters = MasterStore(place.storage())
    stored = store(masters, make_file(tmp_path))

    with pytest.raises(ValueError, match="reason"):
        masters.purge(stored.sha256, "  ", now=NOW)

    assert masters.has(stored.sha256)


@pytest.mark.parametrize("step", ["purge recorded", "purge hidden", "purge emptied"])
def test_a_purge_killed_at_any_step_ends_when_it_is_run_again(place: Place, tmp_path: Path, step: str) -> None:
    stored = store(MasterStore(place.storage()), make_file(tmp_path))

    def until(reached: str) -> None:
        if reached == step:
            kill_me()

    ended = end_of(start(lambda: MasterStore(place.storage(), on_step=until).purge(stored.sha256, REASON, now=NOW)))
    masters = MasterStore(place.storage())
    (begun,) = masters.purges(stored.sha256)
    done = masters.purge(stored.sha256, "another word", now=NOW)

    assert (ended, begun.finished) == (-9, False)
    assert done is not None
    assert (done.finished, done.reason, done.files) == (True, REASON, begun.files)
    assert [path.partition("/")[0] for path in left(place)] == ["purged"]


def test_a_file_that_comes_again_after_its_purge_is_stored_and_its_past_stays(place: Place, tmp_path: Path) -> None:
    masters = MasterStore(place.storage())
    source = make_file(tmp_path)
    stored = store(masters, source)
    masters.purge(stored.sha256, REASON, now=NOW)

    again = store(masters, source)

    assert again.created
    assert [one.reason for one in masters.purges(stored.sha256)] == [REASON]
    assert masters.purge("cd" * 32, REASON, now=NOW) is None
    assert masters.has(stored.sha256)
