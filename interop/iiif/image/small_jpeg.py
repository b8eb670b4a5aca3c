"""Small pictures cut for a viewer: a few tiles decoded, what is shown of them put together, made smaller in one step, written as a JPEG.

libjpeg-turbo is called straight (simplejpeg): Pillow and libvips spend a third more on the way there and back. Of the last row of tiles
only the rows that are shown are decoded: the height in their frame header is lowered. Colour is not smoothed in decoding: it is averaged
over blocks of the same size again in writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import simplejpeg
from PIL import Image

from interop.iiif.image import jpeg
from interop.iiif.image.request import Box, Format, ImageRequest, Quality
from interop.iiif.image.tiff import Level, NotAPyramid

Pixels = np.ndarray[Any, np.dtype[np.uint8]]  # Any: numpy has no type for three sides
QUALITY = 82
# Of what has to be decoded: at four bytes a pixel 25 MB for each picture that is being cut.
PIXELS_MOST = 6_000_000
# Rows of one block of JPEG at the most, where colour is kept at half the height.
_BLOCK = 16
# What making smaller by less than half looks at beyond the edges of the box.
_MARGIN = 4


def touched(level: Level, box: Box) -> tuple[range, range]:
    """Return the columns and the rows of the tiles that a box touches."""
    columns = range(box.x // level.tile_width, (box.x + box.width - 1) // level.tile_width + 1)
    rows = range(box.y // level.tile_height, (box.y + box.height - 1) // level.tile_height + 1)
    return columns, rows


def is_for(level: Level, box: Box, request: ImageRequest) -> bool:
    """Return whether a picture is one that is cut here: plain, and of tiles that are few."""
    columns, rows = touched(level, box)
    pixels = len(columns) * level.tile_width * len(rows) * level.tile_height
    is_plain = not (request.degrees or request.mirrored) and request.quality in {Quality.DEFAULT, Quality.COLOR}
    return is_plain and request.format is Format.JPG and pixels <= PIXELS_MOST


def cut(tiles: Sequence[bytes], level: Level, box: Box, request: ImageRequest) -> bytes:
    """Return a JPEG of a box of a level, in the size that was asked for. `tiles` are those it touches, row by row. Raises NotAPyramid."""
    # At a level's own scale a region that begins between two pixels is moved by less than one, not made soft.
    if 0 <= box.width - request.width <= 1 and 0 <= box.height - request.height <= 1:
        pixels = _gathered(tiles, level, box, Box(box.x, box.y, request.width, request.height))
    else:
        pixels = _smaller(tiles, level, box, request)
    return bytes(simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorspace="RGBX", colorsubsampling="420"))


def _smaller(tiles: Sequence[bytes], level: Level, box: Box, request: ImageRequest) -> Pixels:
    columns, rows = touched(level, box)
    left = max(box.x - _MARGIN, columns.start * level.tile_width)
    top = max(box.y - _MARGIN, rows.start * level.tile_height)
    right = min(box.x + box.width + _MARGIN, columns.stop * level.tile_width, level.width)
    bottom = min(box.y + box.height + _MARGIN, rows.stop * level.tile_height, level.height)
    pixels = _gathered(tiles, level, box, Box(left, top, right - left, bottom - top))
    picture = Image.frombuffer("RGBX", (right - left, bottom - top), pixels, "raw", "RGBX", 0, 1)
    area = (box.x - left, box.y - top, box.x - left + box.width, box.y - top + box.height)
    return np.asarray(picture.resize((request.width, request.height), Image.Resampling.BILINEAR, area))


def _gathered(tiles: Sequence[bytes], level: Level, box: Box, shown: Box) -> Pixels:
    """Return what `shown` shows of the tiles that `box` touches, four bytes a pixel."""
    columns, rows = touched(level, box)
    needed_columns, needed_rows = touched(level, shown)  # one less where the box is rounded up over the edge of a tile
    wide, high = level.tile_width, level.tile_height
    below = shown.y + shown.height - needed_rows[-1] * high  # rows shown of the last row of tiles
    last = min(high, -(-below // _BLOCK) * _BLOCK)
    whole = np.empty((shown.height, shown.width, 4), np.uint8)
    room = np.empty((high, wide, 4), np.uint8)
    numbers = ((column, row) for row in rows for column in columns)
    for content, (column, row) in zip(tiles, numbers, strict=True):
        if column not in needed_columns or row not in needed_rows:
            continue
        is_short = row == needed_rows[-1] and last < high
        one = _decoded(content, room, (last if is_short else high, wide), is_short=is_short)
        x, y = column * wide - shown.x, row * high - shown.y
        from_x, from_y = max(0, -x), max(0, -y)
        part = one[from_y : shown.height - y, from_x : shown.width - x]
        whole[y + from_y : y + from_y + part.shape[0], x + from_x : x + from_x + part.shape[1]] = part
    return whole


def _decoded(content: bytes, room: Pixels, size: tuple[int, int], *, is_short: bool) -> Pixels:
    """Return a tile's pixels, or its first rows; they lie in `room` until the next one's do. `size` is (height, width)."""
    try:
        pixels: Pixels = simplejpeg.decode_jpeg(
            jpeg.shortened(content, height=size[0]) if is_short else content,
            "RGBX",
            fastupsample=True,
            buffer=room,
            strict=not is_short,  # the rows left out are data that nobody reads
        )
    except ValueError as error:
        raise NotAPyramid(f"its tiles cannot be decoded: {error}") from error
    if pixels.shape != (*size, 4):
        raise NotAPyramid("a tile has another size than the directory says")
    return pixels
