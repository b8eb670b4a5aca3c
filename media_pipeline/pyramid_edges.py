"""The cropped edge tiles of a pyramid, which lie behind the TIFF in the same file. Pure.

A TIFF fills the tiles at its right and bottom edge up to a whole tile. A viewer asks for those without the filling, so each is cropped
once, when the pyramid is made, and laid behind the TIFF as a whole JPEG; readers of TIFF never look there. At the very end stand a list of
places and a footer, so that a pyramid without them (made before version 2 of the recipe) is known by what it ends with.

    TIFF │ JPEG │ JPEG │ … │ list of (level, column, row, offset, length) │ footer: where the list begins, how many, check, mark

The tiles are those of the grid that IIIF's info.json announces (IIIF Image API 3.0, section 5.4): column and row count spans of
`tile << level` pixels of the whole picture, and a tile that has less than its span is as wide as what is left, divided by
`1 << level` and rounded up.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MARK = b"\x89tile edges 1\n"
_PLACE = struct.Struct("<BIIQI")
_FOOTER = struct.Struct(f"<QII{len(MARK)}s")
FOOTER_BYTES = _FOOTER.size
# A strip one pixel high of the longest picture that we take has this many tiles in all its levels.
PLACES_MOST = 2_000_000

Cell = tuple[int, int, int]  # level, column, row


@dataclass(frozen=True)
class Extent:
    """A tile of the grid: where it lies in the whole picture, and how large it is given, in pixels."""

    x: int
    y: int
    region_width: int
    region_height: int
    width: int
    height: int


def extent(whole: tuple[int, int], tile: tuple[int, int], cell: Cell) -> Extent | None:
    """Return where a tile of the grid lies; None where the picture has none. Sizes are (width, height)."""
    level, column, row = cell
    x, y = column * (tile[0] << level), row * (tile[1] << level)
    if x >= whole[0] or y >= whole[1]:
        return None
    wide, high = min(tile[0] << level, whole[0] - x), min(tile[1] << level, whole[1] - y)
    return Extent(x, y, wide, high, -(-wide >> level), -(-high >> level))


def edge_cells(whole: tuple[int, int], tile: tuple[int, int], levels: int) -> Iterator[Cell]:
    """Yield the tiles of the grid that have less than their span: the last column where it is not whole, the last row likewise."""
    for level in range(levels):
        span = (tile[0] << level, tile[1] << level)
        columns, rows = -(-whole[0] // span[0]), -(-whole[1] // span[1])
        for row in range(rows):
            for column in range(columns):
                if (column + 1) * span[0] > whole[0] or (row + 1) * span[1] > whole[1]:
                    yield level, column, row


def index(first_byte: int, tiles: Sequence[tuple[Cell, int]]) -> bytes:
    """Return list and footer for tiles of these lengths, which lie one behind the other from `first_byte` on."""
    offset, places = first_byte, bytearray()
    for cell, length in tiles:
        places += _PLACE.pack(*cell, offset, length)
        offset += length
    return bytes(places) + _FOOTER.pack(offset, len(tiles), zlib.crc32(places), MARK)


def places(read: Callable[[int, int], bytes], size_bytes: int) -> Mapping[Cell, tuple[int, int]]:
    """Return (first byte, how many) by cell of the edge tiles that a file of this size has; none where it ends in any other way."""
    if size_bytes < FOOTER_BYTES:
        return {}
    footer = read(size_bytes - FOOTER_BYTES, FOOTER_BYTES)
    if len(footer) != FOOTER_BYTES or not footer.endswith(MARK):
        return {}
    begins, count, check, _mark = _FOOTER.unpack(footer)
    length = count * _PLACE.size
    if count > PLACES_MOST or begins + length + FOOTER_BYTES != size_bytes:
        return {}
    listed = read(begins, length)
    if zlib.crc32(listed) != check:
        return {}
    found = {}
    for level, column, row, offset, bytes_of_tile in _PLACE.iter_unpack(listed):
        if offset + bytes_of_tile > begins:
            return {}
        found[level, column, row] = (offset, bytes_of_tile)
    return found
