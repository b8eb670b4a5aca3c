"""A storing process is killed with SIGKILL, at every step and at random moments; then the same is done again."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from media_pipeline.storage import s3, writers
from media_pipeline.storage.derivatives import DerivativeFile, DerivativeStore
from media_pipeline.storage.digests import read_source, sha256_of
from media_pipeline.storage.errors import Interrupted, StorageUnavailable
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.objects import FixityState
from media_pipeline.storage.writers import SETTLE_TRIES, StoredMaster
from tests.pipeline.storage.places import NOW, Place, end_of, flip_a_byte, kill_me, make_file, start, store
from tests.pipeline.storage.test_derivatives import PREFIX

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough

FOLDER_STEPS = [
    "content written",
    "v1/inventory.json written",
    "v1/inventory.json.sha512 written",
    "0=ocfl_object_1.1 written",
    "inventory.json written",
    "inventory.json.sha512 written",
    "object synced",
    "content read back",
    "published",
]
S3_STEPS = [
    "source hashed",
    "content written",
    "content read back",
    "v1/inventory.json written",
    "v1/inventory.json.sha512 written",
    "0=ocfl_object_1.1 written",
    "inventory.json written",
    "inventory.json.sha512 written",
    "published",
]
AFTER_EVERYTHING = datetime.max.replace(tzinfo=NOW.tzinfo) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads of a quarter of a megabyte a part, so that a small file is one of several parts."""
    monkeypatch.setattr(s3, "PART_BYTES", 256 * 1024)


def assert_one_sound_master_and_nothing_else(place: Place, master_store: MasterStore, sha256: str) -> None:
    master_store.sweep_staging(older_than=AFTER_EVERYTHING)
    assert master_store.verify(sha256).state is FixityState.OK
    assert len(list(master_store.walk())) == 1
    assert len(place.files()) == 3 + 6, "\n".join(place.files())
    assert [path for path in (place.disk / "masters").rglob("*") if path.is_dir() and not any(path.iterdir())] == []
    uploads = getattr(master_store.tree, "abort_uploads", lambda *_, **__: 0)
    assert uploads("masters", older_than=AFTER_EVERYTHING) == 0


def test_the_steps_at_which_we_kill_are_the_steps_there_are(place, tmp_path):
    steps: list[str] = []

    store(MasterStore(place.storage(), on_step=steps.append), make_file(tmp_path))

    assert steps == (S3_STEPS if hasattr(place, "endpoint") else FOLDER_STEPS)


@pytest.mark.parametrize("step", sorted({*FOLDER_STEPS, *S3_STEPS}))
def test_a_process_killed_after_a_step_leaves_nothing_that_the_next_run_does_not_heal(place, tmp_path, step):
    source = make_file(tmp_path, size_bytes=700_000)

    def die_at(name: str) -> None:
        if name == step:
            kill_me()

    ended = end_of(start(lambda: store(MasterStore(place.storage(), on_step=die_at), source, original_name="first")))

    assert ended == (-9 if step in (S3_STEPS if hasattr(place, "endpoint") else FOLDER_STEPS) else 0)
    master_store = MasterStore(place.storage())
    if step not in ("published", "inventory.json.sha512 written") and ended:
        assert not master_store.has(sha256_of(read_source(source)))
    stored = store(master_store, source, original_name="second")
    assert_one_sound_master_and_nothing_else(place, master_store, stored.sha256)


def seeds(count: int, *, always: int) -> list[Any]:  # Any: pytest's ParameterSet has no public name
    """The first ones always, all of them in the long run."""
    return [pytest.param(seed, marks=[pytest.mark.long] if seed >= always else []) for seed in range(count)]


class CallCount:
    """Counts the entries to and the returns from C functions (system calls among them): the moments for a kill."""

    def __init__(self, kill_at: int = 0) -> None:
        self.seen = 0
        self._kill_at = kill_at

    def __call__(self, _frame: FrameType, event: str, _argument: Any) -> None:
        if event in ("c_call", "c_return"):
            self.seen += 1
            if self.seen == self._kill_at:
                kill_me()

    def during(self, action: Callable[[], object]) -> int:
        sys.setprofile(self)
        try:
            action()
        finally:
            sys.setprofile(None)
        return self.seen


def warm(store_under_test: MasterStore | DerivativeStore) -> None:
    """Load the S3 client before calls are counted: four in five of all calls are its reading of its own models."""
    assert not store_under_test.tree.exists("nothing")


@pytest.mark.parametrize("seed", seeds(20, always=5))
def test_a_process_killed_at_a_random_moment_loses_nothing(place, tmp_path, seed):
    source, another = (make_file(tmp_path, seed=number, size_bytes=700_000) for number in (seed, 1000))
    master_store = MasterStore(place.storage())
    warm(master_store)
    moments = CallCount().during(lambda: store(master_store, another))
    master_store.tree.delete(place.files())
    master_store.sweep_staging(older_than=AFTER_EVERYTHING)

    def attempt() -> None:
        doomed = MasterStore(place.storage())
        warm(doomed)
        CallCount(random.Random(seed).randint(1, moments)).during(lambda: store(doomed, source))

    assert end_of(start(attempt)) in (-9, 0)
    stored = store(MasterStore(place.storage()), source)
    assert_one_sound_master_and_nothing_else(place, MasterStore(place.storage()), stored.sha256)


@pytest.mark.parametrize("seed", seeds(10, always=3))
def test_a_publication_killed_at_a_random_moment_can_be_made_again(place, tmp_path, seed):
    files = [
        DerivativeFile(path, f"{path.name}.webp", sha256_of(read_source(path)), path.stat().st_size, "image/webp")
        for path in (make_file(tmp_path, seed=number, size_bytes=300_000) for number in range(3))
    ]
    derivatives = DerivativeStore(place.storage())
    warm(derivatives)
    moments = CallCount().during(lambda: derivatives.publish(PREFIX, files))
    derivatives.delete(PREFIX)

    def attempt() -> None:
        doomed = DerivativeStore(place.storage())
        warm(doomed)
        CallCount(random.Random(seed).randint(1, moments)).during(lambda: doomed.publish(PREFIX, files))

    assert end_of(start(attempt)) in (-9, 0)
    derivatives = DerivativeStore(place.storage())
    derivatives.publish(PREFIX, files)
    derivatives.sweep_staging(older_than=AFTER_EVERYTHING)
    assert place.files() == [f"{PREFIX}/source-{number}.webp" for number in range(3)]
    for file in files:
        assert sha256_of(derivatives.read_range(PREFIX, file.name, 0, file.size_bytes)) == file.sha256


def test_a_small_file_killed_anywhere_on_its_way_leaves_the_storage_root_clean(folder_place):
    tree = MasterStore(folder_place.storage()).tree
    moments = CallCount().during(lambda: tree.put("masters/warm-up", b"content"))
    tree.delete(["masters/warm-up"])
    assert moments > 20

    for moment in range(1, moments + 1):
        attempt = partial(CallCount(moment).during, lambda: tree.put("masters/0=ocfl_1.1", b"ocfl_1.1\n"))
        assert end_of(start(attempt)) in (-9, 0)

        below = [path for path in folder_place.files() if path.startswith("masters/")]
        assert below in ([], ["masters/0=ocfl_1.1"])
        assert all((folder_place.disk / path).read_bytes() == b"ocfl_1.1\n" for path in below)
        tree.delete(below)
    MasterStore(folder_place.storage()).sweep_staging(older_than=AFTER_EVERYTHING)
    assert folder_place.files() == []


def test_a_sweep_leaves_a_living_attempt_alone(place, tmp_path):
    """The janitor comes while an attempt is at work, with the age limit that operations use."""
    long_ago = NOW - timedelta(days=3650)
    janitor = MasterStore(place.storage())
    swept: list[int] = []

    def sweep(_step: str) -> None:
        swept.append(janitor.sweep_staging(older_than=long_ago))

    stored = store(MasterStore(place.storage(), on_step=sweep), make_file(tmp_path, size_bytes=700_000))

    assert len(swept) == 9
    assert set(swept) == {0}
    assert janitor.verify(stored.sha256).state is FixityState.OK


def test_an_interrupted_attempt_leaves_nothing(place, tmp_path):
    from_store = MasterStore(place.storage())
    seen: list[float] = []

    def stop() -> bool:
        return len(seen) >= 1

    with pytest.raises(Interrupted):
        store(from_store, make_file(tmp_path, size_bytes=3_000_000), on_progress=seen.append, should_stop=stop)

    assert [path for path in place.files() if "content" in path or path.startswith("staging")] == []


def test_progress_never_falls_and_ends_at_one(place, tmp_path):
    seen: list[float] = []

    store(MasterStore(place.storage()), make_file(tmp_path, size_bytes=3_000_000), on_progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) >= 6


def test_many_processes_storing_the_same_file_at_once_make_one_master(place, tmp_path):
    source: Path = make_file(tmp_path, size_bytes=700_000)
    children = [
        start(
            lambda number=number: store(
                MasterStore(place.storage()),
                source,
                extension=["jpg", "jpeg"][number % 2],
                now=NOW + timedelta(seconds=number),
            )
        )
        for number in range(4)
    ]

    assert [end_of(child) for child in children] == [0, 0, 0, 0]
    master_store = MasterStore(place.storage())
    assert_one_sound_master_and_nothing_else(place, master_store, sha256_of(read_source(source)))


@pytest.mark.parametrize("extension", ["jpg", "jpeg"])
def test_another_attempt_that_ends_between_upload_and_read_back_is_no_failure(place, tmp_path, extension):
    """The one that ends first takes away the same bytes under another extension: those that are to be read back."""
    source = make_file(tmp_path, size_bytes=700_000)
    others: list[StoredMaster] = []

    def end_another(step: str) -> None:
        if step == "content written" and not others:
            others.append(store(MasterStore(place.storage()), source, extension=extension, original_name="other"))

    stored = store(MasterStore(place.storage(), on_step=end_another), source)

    assert [other.created for other in others] == [True]
    assert_one_sound_master_and_nothing_else(place, MasterStore(place.storage()), stored.sha256)


def test_a_damaged_object_that_changes_while_it_is_set_aside_is_tried_again_later(s3_place, tmp_path, monkeypatch):
    """Another attempt, which repairs it too, may take a file away between the listing and the copy."""
    monkeypatch.setattr(writers, "LOOK_AGAIN_AFTER_S", ())
    source = make_file(tmp_path)
    store(MasterStore(s3_place.storage()), source)
    content = next(path for path in s3_place.files() if "/content/" in path)
    flip_a_byte(s3_place.disk / content)
    master_store = MasterStore(s3_place.storage())
    copy = master_store.tree.copy

    def take_away_and_copy(key: str, target: str) -> None:
        master_store.tree.delete([key])
        copy(key, target)

    with monkeypatch.context() as patched:
        patched.setattr(master_store.tree, "copy", take_away_and_copy)
        with pytest.raises(StorageUnavailable, match="set aside"):
            store(master_store, source)

    stored = store(MasterStore(s3_place.storage()), source)
    assert MasterStore(s3_place.storage()).verify(stored.sha256).state is FixityState.OK
    assert [path for path in s3_place.files() if path.startswith("quarantine/") and "/content/" in path]


def test_content_that_is_always_taken_away_is_a_storage_that_does_not_settle(s3_place, tmp_path):
    master_store = MasterStore(s3_place.storage())
    uploads: list[str] = []

    def take_away(step: str) -> None:
        if step == "content written":
            uploads.append(step)
            master_store.tree.delete([path for path in s3_place.files() if "/content/" in path])

    with pytest.raises(StorageUnavailable, match="does not settle"):
        store(MasterStore(s3_place.storage(), on_step=take_away), make_file(tmp_path))

    assert len(uploads) == SETTLE_TRIES
