from __future__ import annotations

import pytest
from django.core.files.storage import FileSystemStorage

from media_pipeline.storage.bundle import copy_masters
from media_pipeline.storage.errors import Interrupted
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.objects import FixityState
from tests.pipeline.storage.places import flip_a_byte, make_file, ocfl_py_says, store

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough


@pytest.fixture
def bundle(tmp_path) -> MasterStore:
    (tmp_path / "bundle").mkdir()
    return MasterStore(FileSystemStorage(location=tmp_path / "bundle"))


def test_a_copy_is_a_valid_storage_root_with_the_same_bytes(place, tmp_path, bundle, ocfl_python):
    master_store = MasterStore(place.storage())
    stored = [store(master_store, make_file(tmp_path, seed=seed), original_name=f"tệp {seed}") for seed in range(3)]

    report = copy_masters(master_store, bundle, [one.sha256 for one in stored])

    assert sorted(report.copied) == sorted(one.sha256 for one in stored)
    assert report.complete
    assert ocfl_py_says(ocfl_python, tmp_path / "bundle" / "masters") == {
        "valid": True,
        "objects": 3,
        "good": 3,
        "misplaced": [],
        "said": [],
    }
    for path in place.files():
        assert (tmp_path / "bundle" / path).read_bytes() == (place.disk / path).read_bytes()


def test_a_copy_back_to_an_empty_store_restores_everything(place, tmp_path, bundle):
    stored = [store(bundle, make_file(tmp_path, seed=seed)) for seed in range(3)]
    master_store = MasterStore(place.storage())

    report = copy_masters(bundle, master_store, [one.sha256 for one in stored])

    assert report.complete
    assert len(report.copied) == 3
    for one in stored:
        assert master_store.verify(one.sha256).state is FixityState.OK


def test_a_copy_that_was_cut_off_goes_on(place, tmp_path, bundle):
    master_store = MasterStore(place.storage())
    known = [store(master_store, make_file(tmp_path, seed=seed)).sha256 for seed in range(4)]
    done: list[str] = []
    with pytest.raises(Interrupted):
        copy_masters(
            master_store,
            bundle,
            known,
            on_master=lambda sha256, _size: done.append(sha256),
            should_stop=lambda: len(done) == 2,
        )

    report = copy_masters(master_store, bundle, known)

    assert (report.present, report.copied) == (known[:2], known[2:])


@pytest.mark.parametrize("path", ["v1/content/master.jpg", "inventory.json", "inventory.json.sha512"])
def test_a_damaged_master_is_reported_and_never_copied(place, tmp_path, bundle, path):
    master_store = MasterStore(place.storage())
    good, bad = (store(master_store, make_file(tmp_path, seed=seed)) for seed in (1, 2))
    flip_a_byte(place.disk / bad.object_path / path)

    report = copy_masters(MasterStore(place.storage()), bundle, [bad.sha256, good.sha256, "0" * 64])

    assert (report.copied, report.damaged, report.missing) == ([good.sha256], [bad.sha256], ["0" * 64])
    assert not report.complete
    assert [bundle.sha256_at(found.path) for found in bundle.walk() if found.is_object] == [good.sha256]


def test_a_damaged_copy_is_made_good(place, tmp_path, bundle):
    master_store = MasterStore(place.storage())
    stored = store(master_store, make_file(tmp_path))
    copy_masters(master_store, bundle, [stored.sha256])
    flip_a_byte(tmp_path / "bundle" / stored.object_path / "v1/content/master.jpg")

    trusting = copy_masters(master_store, bundle, [stored.sha256], trust_present=True)
    report = copy_masters(master_store, bundle, [stored.sha256])

    assert (trusting.present, report.copied) == ([stored.sha256], [stored.sha256])
    assert bundle.verify(stored.sha256).state is FixityState.OK
