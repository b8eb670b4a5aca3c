"""Small pictures cut for a viewer: a few tiles decoded into one, cropped and made smaller in one step, written as a JPEG.

Of the last row of tiles only the rows that are shown are decoded: the height in their frame header is lowered.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from interop.iiif.image import jpeg
from interop.iiif.image.request import Box, Format, ImageRequest, Quality
from interop.iiif.image.tiff import Level, NotAPyramid

QUALITY = 82
# Of what has to be decoded: at four bytes a pixel 25 MB for each picture that is being cut.
PIXELS_MOST = 6_000_000
# Rows of one block of JPEG at the most, and as many again: smoothing of colour looks at the row below.
_BLOCK = 16


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
    columns, rows = touched(level, box)
    wide, high = level.tile_width, level.tile_height
    left, top = box.x - columns.start * wide, box.y - rows.start * high
    last = min(high, -(-(top + box.height - (len(rows) - 1) * high) // _BLOCK) * _BLOCK + _BLOCK)
    # Not made black first: every pixel of it is painted.
    mosaic = Image.new("RGB", (len(columns) * wide, (len(rows) - 1) * high + last), None)
    for number, content in enumerate(tiles):
        row, column = divmod(number, len(columns))
        is_cut = row == len(rows) - 1 and last < high
        one = _decoded(jpeg.shortened(content, height=last) if is_cut else content, wide, last if is_cut else high)
        mosaic.paste(one, (column * wide, row * high))
    area = (left, top, left + box.width, top + box.height)
    # At a level's own scale a region that begins between two pixels is moved by less than one, not made soft.
    if 0 <= box.width - request.width <= 1 and 0 <= box.height - request.height <= 1:
        picture = mosaic.crop((left, top, left + request.width, top + request.height))
    else:
        picture = mosaic.resize((request.width, request.height), Image.Resampling.BILINEAR, area)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _decoded(content: bytes, width: int, height: int) -> Image.Image:
    tile = Image.new("RGB", (width, height), None)
    try:
        tile.frombytes(content, "jpeg", "RGB", "")
        return tile
    except (ValueError, OSError) as error:
        raise NotAPyramid(f"its tiles cannot be decoded: {error}") from error
