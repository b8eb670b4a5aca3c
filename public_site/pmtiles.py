"""Reads single tiles out of a PMTiles archive (specification version 3), a few hundred bytes at a time. No Django.

Only archives of pictures (PNG, JPEG, WebP, AVIF) are of use here: pages draw their map without a script, and vector tiles need one.
"""

from __future__ import annotations

import os
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HEADER_BYTES = 127
DIRECTORY_BYTES_MOST = 16_000_000
TILE_BYTES_MOST = 2_000_000
DEPTH_MOST = 3  # of directories (section 4: the root and two levels of leaves at most in practice)
ZOOM_MOST = 26
MEDIA_TYPES = {2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif"}
_PLAIN, _GZIP = 1, 2


class PMTilesError(Exception):
    """The file is no PMTiles archive of pictures that can be read here; the sentence says why."""


@dataclass(frozen=True)
class Header:
    """What of the header (section 3) is needed. Offsets and lengths in bytes."""

    root: tuple[int, int]
    leaves_offset: int
    tiles_offset: int
    compression: int
    media_type: str
    zoom_least: int
    zoom_most: int


@dataclass(frozen=True)
class Entry:
    """One entry of a directory (section 4.1). A `run` of 0 leads to a leaf directory."""

    tile_id: int
    run: int
    length: int
    offset: int


def tile_id(zoom: int, x: int, y: int) -> int:
    """Return the number of a tile: all smaller zooms, then its place on the Hilbert curve (section 4.1)."""
    before = ((1 << 2 * zoom) - 1) // 3
    along, half = 0, (1 << zoom) >> 1
    while half:
        right, low = int(bool(x & half)), int(bool(y & half))
        along += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = half - 1 - (x & (half - 1)), half - 1 - (y & (half - 1))
            x, y = y, x
        half >>= 1
    return before + along


def read_header(data: bytes) -> Header:
    """Return the header. Raises PMTilesError."""
    if len(data) < HEADER_BYTES or data[:7] != b"PMTiles" or data[7] != 3:
        raise PMTilesError("it is no PMTiles archive of version 3")
    numbers = [int.from_bytes(data[start : start + 8], "little") for start in range(8, 96, 8)]
    compression, tile_compression, kind, least, most = data[97], data[98], data[99], data[100], data[101]
    if kind not in MEDIA_TYPES:
        raise PMTilesError("its tiles are no pictures (PNG, JPEG, WebP or AVIF)")
    if compression not in {_PLAIN, _GZIP} or tile_compression > _PLAIN:
        raise PMTilesError("it is compressed in a way that is not read here")
    return Header((numbers[0], numbers[1]), numbers[4], numbers[6], compression, MEDIA_TYPES[kind], least, most)


def read_directory(data: bytes, compression: int) -> tuple[Entry, ...]:
    """Return the entries of a directory in ascending order (section 4.2). Raises PMTilesError."""
    if compression == _GZIP:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data = unpacker.decompress(data, DIRECTORY_BYTES_MOST)
        except zlib.error as error:
            raise PMTilesError("a directory is damaged") from error
    numbers = _Varints(data)
    try:
        count = next(numbers)
        if count > len(data):
            raise PMTilesError("a directory is damaged")
        ids, total = [], 0
        for _ in range(count):
            total += next(numbers)
            ids.append(total)
        runs = [next(numbers) for _ in range(count)]
        lengths = [next(numbers) for _ in range(count)]
        entries: list[Entry] = []
        for number in range(count):
            told = next(numbers)
            # 0: right behind the one before.
            offset = told - 1 if told or not entries else entries[-1].offset + entries[-1].length
            entries.append(Entry(ids[number], runs[number], lengths[number], offset))
    except StopIteration as error:
        raise PMTilesError("a directory is damaged") from error
    return tuple(entries)


class _Varints:
    """The little-endian base-128 numbers of some bytes, one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __iter__(self) -> _Varints:
        return self

    def __next__(self) -> int:
        value = shift = 0
        while self._at < len(self._data):
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
        raise StopIteration


def header_of(path: Path) -> Header:
    """Return the header of an archive; read once as long as the file stays the same. Raises PMTilesError, OSError."""
    return _header(path, path.stat().st_mtime_ns)


def tile(path: Path, zoom: int, x: int, y: int) -> bytes | None:
    """Return one tile, None where the archive has none there. Raises PMTilesError, OSError."""
    changed = path.stat().st_mtime_ns
    header = _header(path, changed)
    if not header.zoom_least <= zoom <= min(header.zoom_most, ZOOM_MOST) or not (
        0 <= x < 1 << zoom and 0 <= y < 1 << zoom
    ):
        return None
    wanted, where = tile_id(zoom, x, y), header.root
    for _level in range(DEPTH_MOST):
        entries = _directory(path, changed, *where)
        number = bisect_right(entries, wanted, key=lambda entry: entry.tile_id) - 1
        if number < 0:
            return None
        entry = entries[number]
        if entry.run:
            if wanted >= entry.tile_id + entry.run or entry.length > TILE_BYTES_MOST:
                return None
            return _read(path, header.tiles_offset + entry.offset, entry.length)
        where = header.leaves_offset + entry.offset, entry.length
    raise PMTilesError("its directories lie too deep")


@lru_cache(maxsize=4)
def _header(path: Path, _changed: int) -> Header:
    return read_header(_read(path, 0, HEADER_BYTES))


@lru_cache(maxsize=64)
def _directory(path: Path, changed: int, offset: int, length: int) -> tuple[Entry, ...]:
    if length > DIRECTORY_BYTES_MOST:
        raise PMTilesError("a directory is too large")
    return read_directory(_read(path, offset, length), _header(path, changed).compression)


def _read(path: Path, offset: int, length: int) -> bytes:
    handle = os.open(path, os.O_RDONLY)
    try:
        return os.pread(handle, length, offset)
    finally:
        os.close(handle)
