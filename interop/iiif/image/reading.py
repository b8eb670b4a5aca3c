"""Reading a pyramid's bytes: from a folder by files that stay open, from S3 by ranges, neighbours in one go."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from io import FileIO
from pathlib import Path

from interop.iiif.image.tiff import NotAPyramid, Read
from media_pipeline import stores
from media_pipeline.storage import names
from media_pipeline.storage.errors import folder_errors
from media_pipeline.storage.folder import FolderTree

# Files that stay open. One that falls out is closed when nobody reads it any more.
OPEN_MOST = 64
# What lies no further apart is read in one go: a range of S3 costs more than these bytes.
GAP_BYTES, RUN_BYTES = 65_536, 4_000_000
KEPT_BYTES = 14_000_000


class BoundedCache:
    """Bytes by what they are made of, the longest unused thrown away first. Knows nothing of who may have them."""

    def __init__(self, bytes_most: int) -> None:
        self._bytes_most, self._bytes = bytes_most, 0
        self._kept: OrderedDict[object, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> bytes | None:
        # Each of the two is one step of the interpreter; between them another thread may drop what was found.
        found = self._kept.get(key)
        if found is not None:
            try:  # noqa: SIM105  # twelve times as fast
                self._kept.move_to_end(key)
            except KeyError:
                pass
        return found

    def put(self, key: object, content: bytes) -> None:
        """Keep, unless it alone would drive out a quarter of the rest."""
        if len(content) > self._bytes_most // 4:
            return
        with self._lock:
            self._bytes += len(content) - len(self._kept.pop(key, b""))
            self._kept[key] = content
            while self._bytes > self._bytes_most:
                _key, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


# Tiles and pictures that were cut, by their validator: it is made of the pyramid's content, so that nothing here is ever out of date.
# One for the process: its bound is the bound of all of it.
kept = BoundedCache(KEPT_BYTES)


def reader(prefix: str, name: str) -> Read:
    """Return the function that reads a derived file. What it reads never changes: the file's name is made of its content.

    The function raises KeyMissing, StorageUnavailable, and NotAPyramid where the file is too short.
    """
    store = stores.derivatives()
    if isinstance(store.tree, FolderTree):
        return _of_folder(store.tree.path(names.derivative_key(prefix, name)), prefix)

    def read(offset: int, length: int) -> bytes:
        return _whole(b"".join(store.read_range(prefix, name, offset, length)), offset, length)

    return read


def _of_folder(path: Path, key: str) -> Read:
    def read(offset: int, length: int) -> bytes:
        try:
            # Held by name until it was read: a file that nobody holds is closed, and its number is soon that of another.
            file = _opened(path)
            content = os.pread(file.fileno(), length, offset)
        except OSError:
            with folder_errors(key):
                raise
        return _whole(content, offset, length)

    return read


@lru_cache(OPEN_MOST)
def _opened(path: Path) -> FileIO:
    return FileIO(path)


def _whole(content: bytes, offset: int, length: int) -> bytes:
    if len(content) < length and offset:
        raise NotAPyramid("the file is cut short")
    return content


def gathered(read: Read, places: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return the bytes of each (first byte, how many), in the given order; neighbours are read together."""
    found: dict[tuple[int, int], bytes] = {}
    run: list[tuple[int, int]] = []
    for place in sorted(set(places)):
        if run and (place[0] > sum(run[-1]) + GAP_BYTES or sum(place) - run[0][0] > RUN_BYTES):
            found.update(_run(read, run))
            run = []
        run.append(place)
    found.update(_run(read, run))
    return [found[place] for place in places]


def _run(read: Read, run: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    if not run:
        return {}
    begins, ends = run[0][0], max(sum(place) for place in run)
    content = memoryview(read(begins, ends - begins))
    return {place: bytes(content[place[0] - begins : sum(place) - begins]) for place in run}
