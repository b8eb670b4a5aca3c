from __future__ import annotations

import random

import pytest

from media_pipeline.storage import names
from media_pipeline.storage.derivatives import DerivativeFile, DerivativeStore
from media_pipeline.storage.digests import read_source, sha256_of
from media_pipeline.storage.errors import Interrupted, MasterDamaged
from media_pipeline.storage.fixity import KnownFile, check, check_derivatives
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.objects import FixityState
from tests.pipeline.storage.places import flip_a_byte, make_file, store
from tests.pipeline.storage.test_derivatives import PREFIX

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough


@pytest.mark.parametrize(
    "path",
    ["v1/content/master.jpg", "inventory.json", "v1/inventory.json", "inventory.json.sha512", "0=ocfl_object_1.1"],
)
def test_one_flipped_byte_anywhere_in_an_object_is_found(place, tmp_path, path):
    master_store = MasterStore(place.storage())
    stored = store(master_store, make_file(tmp_path))
    assert master_store.verify(stored.sha256).state is FixityState.OK

    flip_a_byte(place.disk / stored.object_path / path)

    found = MasterStore(place.storage()).verify(stored.sha256)
    assert found.state is FixityState.CHANGED
    assert path.removesuffix(".sha512") in found.detail


def test_a_changed_master_from_s3_never_reaches_a_program(s3_place, tmp_path):
    master_store = MasterStore(s3_place.storage(), scratch=tmp_path)
    stored = store(master_store, make_file(tmp_path))
    flip_a_byte(s3_place.disk / stored.object_path / "v1/content/master.jpg")

    with pytest.raises(MasterDamaged), master_store.local_path(stored.sha256):
        pytest.fail("a damaged file was handed out")


def test_the_report_names_what_changed_what_is_missing_and_what_nobody_knows(place, tmp_path):
    master_store = MasterStore(place.storage())
    stored = [store(master_store, make_file(tmp_path, seed=seed, size_bytes=2000)) for seed in range(40)]
    chance = random.Random(7)
    chance.shuffle(stored)
    changed, missing, strangers, sound = stored[:20], stored[20:25], stored[25:28], stored[28:]
    for one in changed:
        flip_a_byte(place.disk / one.object_path / "v1/content/master.jpg", chance.randrange(2000))
    for one in missing:
        master_store.tree.delete([f"{one.object_path}/v1/content/master.jpg"])
    master_store.tree.put("masters/abc/notes.txt", b"left by hand")

    report = check(MasterStore(place.storage()), sorted(one.sha256 for one in (*changed, *missing, *sound)))

    assert report.checked_count == 37
    assert [found.name for found in report.changed] == sorted(one.sha256 for one in changed)
    assert [found.name for found in report.missing] == sorted(one.sha256 for one in missing)
    assert {found.name for found in report.untracked} == {
        "masters/abc/notes.txt",
        *(one.object_path for one in strangers),
    }
    assert {found.detail for found in report.untracked} >= {one.sha256 for one in strangers}
    assert not report.clean


def test_a_check_goes_on_where_it_was_cut_off(place, tmp_path):
    master_store = MasterStore(place.storage())
    known = sorted(store(master_store, make_file(tmp_path, seed=seed, size_bytes=500)).sha256 for seed in range(6))
    kept: list[str] = []
    with pytest.raises(Interrupted):
        check(
            master_store,
            known,
            on_checked=lambda sha256, _found: kept.append(sha256),
            should_stop=lambda: len(kept) == 3,
        )

    report = check(master_store, known, after=kept[-1])

    assert kept == known[:3]
    assert report.checked_count == 3
    assert report.clean


def test_what_was_stored_after_the_list_was_made_is_not_called_untracked(place, tmp_path):
    master_store = MasterStore(place.storage())
    late = store(master_store, make_file(tmp_path))

    assert check(master_store, [], is_known=lambda sha256: sha256 == late.sha256).clean
    assert not check(master_store, []).clean


def test_derivatives_have_the_same_three_lists(place, tmp_path):
    store_of_derivatives = DerivativeStore(place.storage())
    files = [
        DerivativeFile(path, path.name, sha256_of(read_source(path)), 500, "image/webp")
        for path in (make_file(tmp_path, seed=seed, size_bytes=500) for seed in range(4))
    ]
    stray = names.derivative_prefix("cd" * 32, role="text", version=1, params_key="0")
    store_of_derivatives.publish(PREFIX, files)
    store_of_derivatives.publish(stray, files[:1])
    flip_a_byte(place.disk / PREFIX / "source-0")
    store_of_derivatives.tree.delete([f"{PREFIX}/source-1"])
    known = [KnownFile(file.name, file.sha256, file.size_bytes) for file in files[:3]]

    report = check_derivatives(DerivativeStore(place.storage()), [(PREFIX, known)])

    assert [found.name for found in report.changed] == [f"{PREFIX}/source-0"]
    assert [found.name for found in report.missing] == [f"{PREFIX}/source-1"]
    assert [found.name for found in report.untracked] == [f"{PREFIX}/source-3", stray]


def test_storing_a_file_again_makes_its_damaged_master_good_and_keeps_the_evidence(place, tmp_path):
    source = make_file(tmp_path)
    first = store(MasterStore(place.storage()), source)
    flip_a_byte(place.disk / first.object_path / "v1/content/master.jpg")

    second = store(MasterStore(place.storage()), source)

    assert second.created
    assert second.repaired
    assert MasterStore(place.storage()).verify(first.sha256).state is FixityState.OK
    (kept,) = [path for path in place.files() if path.startswith("quarantine/") and path.endswith("master.jpg")]
    assert sha256_of(read_source(place.disk / kept)) != first.sha256


def test_a_half_object_of_another_tool_is_completed_or_set_aside(place, tmp_path):
    source = make_file(tmp_path)
    master_store = MasterStore(place.storage())
    stored = store(master_store, source)
    master_store.tree.delete([f"{stored.object_path}/inventory.json.sha512", f"{stored.object_path}/inventory.json"])
    assert not MasterStore(place.storage()).has(stored.sha256)

    again = store(MasterStore(place.storage()), source)

    assert again.created
    assert MasterStore(place.storage()).verify(stored.sha256).state is FixityState.OK
