"""Reading a pyramid's bytes: bounded in memory and in open files, neighbours in one go, from a folder and from S3."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import override_settings

from interop.iiif.image import answering, reading, records, rendering
from interop.iiif.image.reading import BoundedCache, gathered
from interop.iiif.image.records import Pyramid
from interop.iiif.image.tiff import NotAPyramid
from media_pipeline import stores
from media_pipeline.storage.derivatives import DerivativeFile
from media_pipeline.storage.digests import read_source, sha256_of
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable
from tests.iiif.test_edges import announced, made
from tests.services import S3Server
from tests.services.s3 import ACCESS_KEY, SECRET_KEY

PREFIX = "derivatives/ab/cd/" + "abcd" * 16 + "/pyramid-v2-k0"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Forget what other tests read, and let others forget this."""
    for _time in range(2):
        records._directory.cache_clear()
        reading._opened.cache_clear()
        reading.kept.clear()
        if _time == 0:
            yield


def stored(folder: Path) -> Pyramid:
    """Put a pyramid into the store of derivatives."""
    content = made(folder, 300, 203)
    path = folder / "out" / "pyramid.tif"
    sha256 = sha256_of(read_source(path))
    stores.derivatives().publish(PREFIX, [DerivativeFile(path, "pyramid.tif", sha256, len(content), "image/tiff")])
    return Pyramid(PREFIX, sha256, len(content))


def all_tiles(pyramid: Pyramid) -> dict[str, bytes]:
    directory = pyramid.directory()
    asked = [f"{region}/{wide},{high}/0/default.jpg" for region, wide, high, *_cell in announced(directory)]
    return {rest: answering.content(directory, answering.prepare(directory, rest), pyramid.reader()) for rest in asked}


def test_tiles_from_s3_are_those_from_a_folder_and_come_by_ranges(
    tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with override_settings(STORAGES=_folder_below(tmp_path)):
        expected = all_tiles(stored(folder))
    reading.kept.clear()
    records._directory.cache_clear()
    again = tmp_path / "again"
    again.mkdir()

    with override_settings(STORAGES=_bucket_of(s3_server)):
        pyramid = stored(again)
        ranges: list[int] = []
        told = stores.derivatives().tree.__class__.read

        def read(tree: object, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
            ranges.append(length or -1)
            return told(tree, key, start=start, length=length)  # type: ignore[arg-type]  # as it is called

        monkeypatch.setattr(stores.derivatives().tree.__class__, "read", read)
        assert all_tiles(pyramid) == expected
        assert -1 not in ranges
        before = len(ranges)
        assert all_tiles(pyramid) == expected
        assert len(ranges) == before
        # Sixteen tiles that lie one behind the other are one range.
        directory = pyramid.directory()
        asked = answering.prepare(directory, "0,0,250,190/240,/0/default.jpg")
        rendering.render(pyramid.reader(), directory.levels, asked.request)
        assert len(ranges) == before + 1


def _folder_below(folder: Path) -> dict[str, dict[str, object]]:
    storage = "django.core.files.storage.FileSystemStorage"
    return {"files": {"BACKEND": storage, "OPTIONS": {"location": folder / "files"}}}


def _bucket_of(server: S3Server) -> dict[str, dict[str, object]]:
    from media_pipeline.storage.s3 import storage_options  # noqa: PLC0415

    options = storage_options(
        endpoint_url=server.endpoint,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        bucket=server.bucket,
        region="us-east-1",
        location="files",
    )
    return {"files": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}


def test_more_files_than_may_stay_open_are_read_right_by_many_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that falls out while somebody reads it is closed after that, or its number would be another's."""
    paths = []
    for number in range(reading.OPEN_MOST * 2):
        path = tmp_path / str(number)
        path.write_bytes(bytes([number]) * 1000)
        paths.append(path)
    wrong: list[object] = []

    def work(seed: int) -> None:
        for step in range(600):
            number = (seed * 37 + step * 11) % len(paths)
            try:
                if reading._of_folder(paths[number], "key")(10, 100) != bytes([number]) * 100:
                    wrong.append(number)
            except (StorageUnavailable, NotAPyramid) as error:
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    ours = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert sum(tmp_path in name.parents for name in ours) <= reading.OPEN_MOST


def test_a_file_that_is_not_there_or_too_short_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"x" * 10)

    with pytest.raises(KeyMissing):
        reading._of_folder(tmp_path / "none", "key")(0, 1)
    with pytest.raises(NotAPyramid):
        reading._of_folder(tmp_path / "short", "key")(5, 20)


@pytest.mark.pure
def test_what_is_kept_is_bounded_and_the_longest_unused_goes() -> None:
    cache = BoundedCache(1000)
    for number in range(20):
        cache.put(number, bytes(100))
        cache.get(0)

    assert cache.get(0) is not None
    assert [number for number in range(1, 20) if cache.get(number) is not None] == list(range(11, 20))
    cache.put("large", bytes(251))
    assert cache.get("large") is None
    cache.put(0, bytes(200))
    assert cache._bytes == sum(len(one) for one in cache._kept.values()) <= 1000


@pytest.mark.pure
def test_neighbours_are_read_together_and_what_lies_far_apart_is_not() -> None:
    content = os.urandom(3_000_000)
    runs: list[tuple[int, int]] = []

    def read(offset: int, length: int) -> bytes:
        runs.append((offset, length))
        return content[offset : offset + length]

    places = [(2_000_000, 10), (100, 50), (0, 100), (40_000, 10), (100, 50)]

    assert gathered(read, places) == [content[first : first + length] for first, length in places]
    assert runs == [(0, 40_010), (2_000_000, 10)]
    assert gathered(read, []) == []


def test_the_storage_of_the_profile_is_what_is_read(tmp_path: Path) -> None:
    assert storages["files"]
    assert len(all_tiles(stored(tmp_path))) > 20
