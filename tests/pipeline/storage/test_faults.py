"""Storages that are full, refuse, are away, lie, or change under our hands."""

from __future__ import annotations

import resource
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage

from media_pipeline.storage import s3
from media_pipeline.storage.derivatives import DerivativeFile, DerivativeStore
from media_pipeline.storage.digests import read_source, sha256_of
from media_pipeline.storage.errors import (
    KeyMissing,
    MasterDamaged,
    MasterMissing,
    SourceChanged,
    StorageUnavailable,
    Trouble,
)
from media_pipeline.storage.masters import MasterStore
from tests.pipeline.storage.places import Place, end_of, flip_a_byte, make_file, start, store
from tests.pipeline.storage.test_derivatives import PREFIX
from tests.services import free_port

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough


def content_files(place: Place) -> list[str]:
    return [path for path in place.files() if "/content/" in path]


def test_a_full_disk_is_told_from_every_other_error_and_leaves_nothing(folder_place, tmp_path):
    source = make_file(tmp_path, size_bytes=700_000)

    def store_with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
        with pytest.raises(StorageUnavailable) as caught:
            store(MasterStore(folder_place.storage()), source)
        assert caught.value.trouble is Trouble.FULL

    assert end_of(start(store_with_little_room)) == 0
    assert content_files(folder_place) == []
    assert [path for path in folder_place.files() if path.startswith("staging/")] == []


def test_a_full_disk_leaves_no_part_of_a_derivative(folder_place, tmp_path):
    path = make_file(tmp_path, size_bytes=700_000)
    file = DerivativeFile(path, "a.webp", sha256_of(read_source(path)), 700_000, "image/webp")

    def publish_with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
        with pytest.raises(StorageUnavailable) as caught:
            DerivativeStore(folder_place.storage()).publish(PREFIX, [file])
        assert caught.value.trouble is Trouble.FULL

    assert end_of(start(publish_with_little_room)) == 0
    assert folder_place.files() == []


def test_a_server_that_is_away_is_unreachable(s3_place, tmp_path):
    away = replace(s3_place, endpoint=f"http://127.0.0.1:{free_port()}")
    master_store = MasterStore(away.storage())

    for action in (
        lambda: store(master_store, make_file(tmp_path)),
        lambda: master_store.verify("0" * 64),
        lambda: master_store.has("0" * 64),
        lambda: master_store.locate("0" * 64),
        lambda: list(master_store.walk()),
    ):
        with pytest.raises(StorageUnavailable) as caught:
            action()
        assert caught.value.trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize("options", [{"secret_key": "wrong-secret"}, {"bucket_name": "no-such-bucket"}])
def test_a_wrong_key_and_a_missing_bucket_are_refusals(s3_place, tmp_path, options):
    master_store = MasterStore(s3_place.storage(**options))

    for action in (
        lambda: store(master_store, make_file(tmp_path)),
        lambda: list(master_store.walk()),
    ):
        with pytest.raises(StorageUnavailable) as caught:
            action()
        assert caught.value.trouble is Trouble.REFUSED


def test_a_prefix_in_the_bucket_keeps_two_archives_apart(s3_place, tmp_path):
    first, second = (MasterStore(s3_place.storage(location=name)) for name in ("one/", "two"))
    stored = store(first, make_file(tmp_path))

    assert {path.split("/")[0] for path in s3_place.files()} == {"one"}
    assert first.has(stored.sha256)
    assert not second.has(stored.sha256)
    assert list(second.walk()) == []
    assert [found.path for found in first.walk()] == [stored.object_path]


def test_what_the_storage_lost_between_writing_and_reading_back_is_not_called_stored(place, tmp_path):
    def lose_a_byte(step: str) -> None:
        if step == "content written":
            (written,) = content_files(place)
            flip_a_byte(place.disk / written)

    master_store = MasterStore(place.storage(), on_step=lose_a_byte)
    source = make_file(tmp_path)

    with pytest.raises(StorageUnavailable, match="read back"):
        store(master_store, source)

    assert not MasterStore(place.storage()).has(sha256_of(read_source(source)))
    assert store(MasterStore(place.storage()), source).created


def test_a_source_that_changes_between_hashing_and_upload_is_not_stored(s3_place, tmp_path, monkeypatch):
    source = make_file(tmp_path, size_bytes=700_000)
    monkeypatch.setattr(s3, "PART_BYTES", 256 * 1024)

    def change(step: str) -> None:
        if step == "source hashed":
            flip_a_byte(source, 699_999)

    with pytest.raises(SourceChanged):
        store(MasterStore(s3_place.storage(), on_step=change), source)

    assert content_files(s3_place) == []


def test_an_answer_that_ends_early_is_an_error_not_a_short_file(folder_place, tmp_path):
    master_store = MasterStore(folder_place.storage())
    stored = store(master_store, make_file(tmp_path))
    content = folder_place.disk / master_store.locate(stored.sha256).content_key
    content.chmod(0o644)
    content.write_bytes(content.read_bytes()[:1000])

    with pytest.raises(MasterDamaged):
        list(master_store.read_range(stored.sha256, 0, 300_000))


def test_a_purged_master_is_missing_even_for_those_who_remember_its_place(place, tmp_path):
    master_store = MasterStore(place.storage(), scratch=tmp_path)
    stored = store(master_store, make_file(tmp_path))
    assert master_store.has(stored.sha256)
    MasterStore(place.storage()).tree.delete(path for path in place.files() if stored.object_path in path)

    with pytest.raises(MasterMissing):
        list(master_store.read_range(stored.sha256, 0, 10))
    with pytest.raises(MasterMissing), master_store.local_path(stored.sha256):
        pytest.fail("there is no such file")
    assert not master_store.has(stored.sha256)


def test_a_reader_of_a_missing_derivative_is_told_so(place):
    derivatives = DerivativeStore(place.storage())

    with pytest.raises(KeyMissing):
        derivatives.size_bytes(PREFIX, "a.webp")
    with pytest.raises(KeyMissing):
        list(derivatives.read_range(PREFIX, "a.webp", 0, 1))
    assert list(derivatives.walk()) == []


def test_a_storage_without_known_guarantees_is_refused():
    with pytest.raises(TypeError, match="folder or S3"):
        MasterStore(InMemoryStorage())


def test_stored_masters_cannot_be_written_to_by_accident(folder_place, tmp_path):
    stored = store(MasterStore(folder_place.storage()), make_file(tmp_path))

    modes = {path.stat().st_mode & 0o777 for path in Path(folder_place.disk / stored.object_path).rglob("*.*")}

    assert modes == {0o444}


def test_an_upload_in_parts_lives_as_long_as_parts_arrive(s3_place):
    tree = MasterStore(s3_place.storage()).tree
    assert isinstance(tree, s3.S3Tree)
    target = {"Bucket": tree.bucket, "Key": "masters/x"}
    begun = tree.client.create_multipart_upload(**target)["UploadId"]
    between = datetime.now(UTC)
    tree.client.upload_part(**target, UploadId=begun, PartNumber=1, Body=b"x" * 1024)

    assert tree.abort_uploads("masters", older_than=between) == 0
    assert tree.abort_uploads("masters", older_than=between + timedelta(hours=1)) == 1
    assert tree.abort_uploads("masters", older_than=between + timedelta(hours=1)) == 0
