from __future__ import annotations

import hashlib

import pytest

from media_pipeline.storage import names
from media_pipeline.storage.errors import Interrupted, MasterMissing, SourceChanged, SourceUnreadable
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.objects import FixityState
from tests.pipeline.storage.places import flip_a_byte, make_file, ocfl_py_says, store

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough


def test_a_stored_file_is_an_ocfl_object_named_by_its_hash(place, tmp_path):
    source = make_file(tmp_path)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()

    stored = store(MasterStore(place.storage()), source)

    assert stored.created
    assert stored.sha256 == sha256
    assert stored.sha512 == hashlib.sha512(source.read_bytes()).hexdigest()
    assert stored.size_bytes == 300_000
    assert stored.object_path == names.master_object(sha256)
    assert place.files() == sorted(
        [
            "masters/0=ocfl_1.1",
            "masters/extensions/0004-hashed-n-tuple-storage-layout/config.json",
            "masters/ocfl_layout.json",
            *(
                f"{stored.object_path}/{path}"
                for path in (
                    "0=ocfl_object_1.1",
                    "inventory.json",
                    "inventory.json.sha512",
                    "v1/content/master.jpg",
                    "v1/inventory.json",
                    "v1/inventory.json.sha512",
                )
            ),
        ]
    )
    assert (place.disk / stored.object_path / "v1/content/master.jpg").read_bytes() == source.read_bytes()


def test_ocfl_py_finds_neither_error_nor_warning(place, tmp_path, ocfl_python):
    master_store = MasterStore(place.storage())
    for seed in range(3):
        store(master_store, make_file(tmp_path, seed=seed), original_name="Cồng chiêng\n Ba Na.jpg")
    store(master_store, make_file(tmp_path, seed=9, size_bytes=0), extension="bin")

    said = ocfl_py_says(ocfl_python, place.disk / "masters")

    assert said == {"valid": True, "objects": 4, "good": 4, "misplaced": [], "said": []}


def test_ocfl_py_would_name_a_damaged_object(place, tmp_path, ocfl_python):
    stored = store(MasterStore(place.storage()), make_file(tmp_path))
    flip_a_byte(place.disk / stored.object_path / "v1/content/master.jpg")

    said = ocfl_py_says(ocfl_python, place.disk / "masters")

    assert said["good"] == 0
    assert "E092" in said["said"][0]


def test_the_same_file_is_stored_once(place, tmp_path):
    source = make_file(tmp_path)
    first = store(MasterStore(place.storage()), source, original_name="first.jpg")
    before = {path: (place.disk / path).read_bytes() for path in place.files()}

    second = store(MasterStore(place.storage()), source, extension="jpeg", original_name="second.jpeg")

    assert not second.created
    assert second.sha256 == first.sha256
    assert {path: (place.disk / path).read_bytes() for path in place.files()} == before


def test_verifying_a_file_that_is_there_already_lets_its_caller_speak_at_each_chunk(place, tmp_path):
    source = make_file(tmp_path, size_bytes=8_000_000)
    master_store = MasterStore(place.storage())
    store(master_store, source)
    asked: list[None] = []
    shares: list[float] = []

    again = store(master_store, source, on_progress=shares.append, should_stop=lambda: asked.append(None) is not None)

    assert not again.created
    assert len(asked) >= 2 * 8, "a lease is renewed while the source is read and while the stored copy is"
    assert shares == sorted(shares)
    assert sum(0.5 < share < 1 for share in shares) >= 4, "the second reading is seen in the progress"


def test_a_caller_that_goes_home_stops_the_verifying_of_a_file_that_is_there(place, tmp_path):
    source = make_file(tmp_path, size_bytes=8_000_000)
    master_store = MasterStore(place.storage())
    store(master_store, source)
    shares: list[float] = [0]

    with pytest.raises(Interrupted):
        store(master_store, source, on_progress=shares.append, should_stop=lambda: shares[-1] > 0.6)


def test_a_master_is_read_whole_in_parts_and_by_its_path(place, tmp_path):
    source = make_file(tmp_path, size_bytes=3_000_000)
    content = source.read_bytes()
    master_store = MasterStore(place.storage(), scratch=tmp_path)
    sha256 = store(master_store, source).sha256

    with master_store.tree.open(master_store.locate(sha256).content_key) as file:
        assert file.seek(-10, 2) == 2_999_990
        assert file.read() == content[-10:]
        file.seek(1_500_000)
        assert file.read(2_000_000) == content[1_500_000:]
        file.seek(0)
        assert file.read() == content
    assert b"".join(master_store.read_range(sha256, 1_000_000, 1_500_000)) == content[1_000_000:2_500_000]
    assert b"".join(master_store.read_range(sha256, 0, 3_000_000)) == content
    assert b"".join(master_store.read_range(sha256, 2_999_999, 1)) == content[-1:]
    assert b"".join(master_store.read_range(sha256, 3_000_000, 0)) == b""
    with master_store.local_path(sha256) as path:
        assert path.name == "master.jpg"
        assert path.read_bytes() == content
    assert list(tmp_path.glob("master-*")) == []
    assert master_store.size_bytes(sha256) == 3_000_000


@pytest.mark.parametrize(("start", "length"), [(-1, 5), (0, 101), (100, 1), (101, 0), (0, -1)])
def test_a_range_outside_the_file_is_refused(place, tmp_path, start, length):
    master_store = MasterStore(place.storage())
    sha256 = store(master_store, make_file(tmp_path, size_bytes=100)).sha256

    with pytest.raises(ValueError, match="outside"):
        master_store.read_range(sha256, start, length)


def test_a_master_that_is_not_there_is_missing(place):
    master_store = MasterStore(place.storage(), scratch=place.disk)

    assert not master_store.has("0" * 64)
    assert master_store.verify("0" * 64).state is FixityState.MISSING
    with pytest.raises(MasterMissing):
        master_store.locate("0" * 64)
    with pytest.raises(MasterMissing):
        master_store.read_range("0" * 64, 0, 1)
    with pytest.raises(MasterMissing), master_store.local_path("0" * 64):
        pass


def test_a_file_that_is_not_the_announced_one_is_not_stored(place, tmp_path):
    master_store = MasterStore(place.storage())

    with pytest.raises(SourceChanged):
        store(master_store, make_file(tmp_path), expected_sha256="0" * 64)

    assert [path for path in place.files() if "content" in path or path.startswith("staging")] == []


def test_a_source_that_cannot_be_read_is_not_taken_for_a_bad_storage(place, tmp_path):
    with pytest.raises(SourceUnreadable):
        store(MasterStore(place.storage()), tmp_path / "nothing")
    with pytest.raises(SourceUnreadable):
        store(MasterStore(place.storage()), tmp_path)
