"""Reading where the tiles of a pyramid lie, from the file's own directory: TIFF 6.0, BigTIFF, TIFF Technical Note 2. Pure.

A tile of JPEG data in a TIFF is a whole JPEG but for its tables, which all tiles share. So a tile can be handed out without being
decoded: some microseconds instead of milliseconds.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable
from dataclasses import dataclass

Read = Callable[[int, int], bytes]  # (first byte, how many) to bytes; fewer at the end of the file

LEVELS_MOST = 32
TILES_MOST = 1_000_000
TILE_BYTES_MOST = 8_000_000
TABLES_BYTES_MOST = 65_536
_JPEG = 7
RGB, YCBCR = 2, 6
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 256, 257, 259, 262
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTE_COUNTS, _JPEG_TABLES = 322, 323, 324, 325, 347
# Types of values: BYTE, SHORT, LONG, UNDEFINED, LONG8.
_CODES = {1: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}
_WANTED = frozenset(
    {
        _WIDTH,
        _HEIGHT,
        _COMPRESSION,
        _PHOTOMETRIC,
        _TILE_WIDTH,
        _TILE_HEIGHT,
        _TILE_OFFSETS,
        _TILE_BYTE_COUNTS,
        _JPEG_TABLES,
    }
)


class NotAPyramid(ValueError):
    """The bytes are not a tiled TIFF of JPEG tiles as our own recipe writes it."""


@dataclass(frozen=True)
class Level:
    """One picture of the pyramid: its size and tile size in pixels, and where each tile's bytes lie, row by row."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    photometric: int
    jpeg_tables: bytes
    offsets: array[int]
    lengths: array[int]

    @property
    def across(self) -> int:
        """How many tiles one row has."""
        return -(-self.width // self.tile_width)

    @property
    def down(self) -> int:
        return -(-self.height // self.tile_height)

    def place(self, column: int, row: int) -> tuple[int, int]:
        """Return (first byte, how many) of a tile."""
        number = row * self.across + column
        return self.offsets[number], self.lengths[number]


@dataclass(frozen=True)
class _Layout:
    """How this file writes numbers: byte order, and the wider BigTIFF or classic form."""

    order: str
    is_big: bool

    @property
    def entry_bytes(self) -> int:
        return 20 if self.is_big else 12

    @property
    def pointer(self) -> str:
        return f"{self.order}{'Q' if self.is_big else 'I'}"

    @property
    def count(self) -> str:
        return f"{self.order}{'Q' if self.is_big else 'H'}"


def levels(read: Read) -> tuple[Level, ...]:
    """Return the levels of a pyramid, the whole picture first, each half as large as the one before. Raises NotAPyramid.

    Reads the directories and their lists, never a tile.
    """
    try:
        return _levels(read)
    except (struct.error, IndexError, KeyError) as error:
        raise NotAPyramid("the directory is cut short or damaged") from error


def _levels(read: Read) -> tuple[Level, ...]:
    layout, offset = _header(read(0, 16))
    found: list[Level] = []
    seen: set[int] = set()
    while offset:
        if offset in seen or len(found) == LEVELS_MOST:
            raise NotAPyramid("the directories run in a circle, or are too many")
        seen.add(offset)
        values, offset = _directory(read, layout, offset)
        found.append(_level(values))
    if not found:
        raise NotAPyramid("no picture")
    return tuple(sorted(found, key=lambda level: -level.width))


def _header(head: bytes) -> tuple[_Layout, int]:
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        raise NotAPyramid("not a TIFF")
    (version,) = struct.unpack(f"{order}H", head[2:4])
    if version == 42:
        return _Layout(order, is_big=False), struct.unpack(f"{order}I", head[4:8])[0]
    if version == 43 and struct.unpack(f"{order}HH", head[4:8]) == (8, 0):
        return _Layout(order, is_big=True), struct.unpack(f"{order}Q", head[8:16])[0]
    raise NotAPyramid("not a TIFF")


def _directory(read: Read, layout: _Layout, offset: int) -> tuple[dict[int, array[int]], int]:
    """Return the wanted values of one directory, and where the next one lies (0: none)."""
    count_bytes = struct.calcsize(layout.count)
    (count,) = struct.unpack(layout.count, read(offset, count_bytes))
    if count > 4096:
        raise NotAPyramid("a directory of too many entries")
    size = count * layout.entry_bytes
    pointer_bytes = struct.calcsize(layout.pointer)
    body = read(offset + count_bytes, size + pointer_bytes)
    values: dict[int, array[int]] = {}
    for start in range(0, size, layout.entry_bytes):
        tag, kind = struct.unpack(f"{layout.order}HH", body[start : start + 4])
        if tag in _WANTED:
            values[tag] = _values(read, layout, kind, body[start + 4 : start + layout.entry_bytes])
    (following,) = struct.unpack(layout.pointer, body[size : size + pointer_bytes])
    return values, following


def _values(read: Read, layout: _Layout, kind: int, rest: bytes) -> array[int]:
    (count,) = struct.unpack(layout.pointer, rest[: len(rest) // 2])
    field = rest[len(rest) // 2 :]
    code = _CODES[kind]
    size = count * struct.calcsize(f"={code}")
    if not 0 < count <= TILES_MOST:
        raise NotAPyramid("a list of too many values")
    if size > len(field):
        (offset,) = struct.unpack(layout.pointer, field)
        field = read(offset, size)
    return array("Q", struct.unpack(f"{layout.order}{count}{code}", field[:size]))


def _level(values: dict[int, array[int]]) -> Level:
    def one(tag: int) -> int:
        return values[tag][0]

    if one(_COMPRESSION) != _JPEG or one(_PHOTOMETRIC) not in {RGB, YCBCR}:
        raise NotAPyramid("tiles are not JPEG in colour")
    tables = bytes(values[_JPEG_TABLES].tolist()) if _JPEG_TABLES in values else b""
    level = Level(
        width=one(_WIDTH),
        height=one(_HEIGHT),
        tile_width=one(_TILE_WIDTH),
        tile_height=one(_TILE_HEIGHT),
        photometric=one(_PHOTOMETRIC),
        jpeg_tables=tables,
        offsets=values[_TILE_OFFSETS],
        lengths=values[_TILE_BYTE_COUNTS],
    )
    sizes = (level.width, level.height, level.tile_width, level.tile_height)
    if not all(0 < size < 2**31 for size in sizes) or len(tables) > TABLES_BYTES_MOST:
        raise NotAPyramid("a picture without size")
    if not len(level.offsets) == len(level.lengths) == level.across * level.down:
        raise NotAPyramid("not one place for each tile")
    if max(level.lengths) > TILE_BYTES_MOST:
        raise NotAPyramid("a tile too large")
    return level
