"""Pictures cut from a pyramid's tiles: from the nearest level that is large enough, only the tiles that are touched.

Tiles are our own derivatives, not hostile files, so they may be decoded in the serving process (DESIGN.md 4). Small plain JPEGs, which is
what viewers ask for, go through Pillow: for some tiles libvips spends more on its pipeline than on pixels. Everything else goes through
libvips, which never holds a large picture whole. Memory is bounded by the area that one answer may have: at most four times that many
pixels are decoded.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pyvips

from interop.iiif.image import jpeg, small_jpeg
from interop.iiif.image.places import Places
from interop.iiif.image.reading import gathered
from interop.iiif.image.request import Box, Format, ImageRequest, Quality
from interop.iiif.image.small_jpeg import touched
from interop.iiif.image.tiff import Level, NotAPyramid, Read

AREA_MOST = 4096 * 4096
AT_ONCE = 2
# A thread that waits is one that no reader of pages has: a viewer of pictures asks again by itself.
WAIT_S = 0.5
_WEBP_QUALITY = 80
LARGE_PIXELS = 2_000_000
_THRESHOLD = 128
# Many requests share the machine: one thread for each is faster for all than many threads for one.
pyvips.concurrency_set(1)
pyvips.cache_set_max(0)
_places = Places(AT_ONCE)


class Busy(Exception):
    """Too many pictures are being cut at this moment."""


def tile(read: Read, level: Level, column: int, row: int) -> bytes:
    """Return one tile as a JPEG, undecoded, filled up where it lies at the edge."""
    return jpeg.joined(jpeg.head(level.jpeg_tables, level.photometric), read(*level.place(column, row)))


def render(read: Read, levels: Sequence[Level], request: ImageRequest) -> bytes:
    """Return the picture asked for. Raises Busy when no place is free within WAIT_S, NotAPyramid, and what `read` raises.

    The tiles are read before a place is taken: a slow store must not hold up who has its tiles already.
    """
    level, box = nearest_level(levels, request)
    tiles = _tiles(read, level, box)
    with _place():
        if small_jpeg.is_for(level, box, request):
            return small_jpeg.cut(tiles, level, box, request)
        try:
            return _through_libvips(tiles, level, box, request)
        finally:
            if box.width * box.height > LARGE_PIXELS:
                _give_back_memory()


def _through_libvips(tiles: Sequence[bytes], level: Level, box: Box, request: ImageRequest) -> bytes:
    try:
        picture = _mosaic(tiles, level, box)
        if (picture.width, picture.height) != (request.width, request.height):
            picture = picture.thumbnail_image(request.width, height=request.height, size="force")
        return _encode(_turned(picture, request), request)
    except pyvips.Error as error:
        raise NotAPyramid(f"its tiles cannot be decoded: {error}") from error


def _give_back_memory() -> None:
    """Let the kernel have what the C library would keep of a large picture, for each of its threads (glibc; elsewhere nothing)."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def nearest_level(levels: Sequence[Level], request: ImageRequest) -> tuple[Level, Box]:
    """Return the smallest level in which the region is as large as its answer (give or take the last pixel), and where it lies."""
    whole = levels[0]
    chosen = (whole, request.region)
    for level in levels[1:]:
        box = _in_level(request.region, whole, level)
        if box.width + 1 < request.width or box.height + 1 < request.height:
            break
        chosen = (level, box)
    return chosen


def _in_level(region: Box, whole: Level, level: Level) -> Box:
    across, down = level.width / whole.width, level.height / whole.height
    left = min(int(region.x * across), level.width - 1)
    top = min(int(region.y * down), level.height - 1)
    right = min(max(round((region.x + region.width) * across), left + 1), level.width)
    bottom = min(max(round((region.y + region.height) * down), top + 1), level.height)
    return Box(left, top, right - left, bottom - top)


def _tiles(read: Read, level: Level, box: Box) -> list[bytes]:
    columns, rows = touched(level, box)
    before = jpeg.head(level.jpeg_tables, level.photometric)
    stored = gathered(read, [level.place(column, row) for row in rows for column in columns])
    return [jpeg.joined(before, one) for one in stored]


def _mosaic(tiles: Sequence[bytes], level: Level, box: Box) -> pyvips.Image:
    columns, rows = touched(level, box)
    pictures = [pyvips.Image.new_from_buffer(one, "", access="sequential") for one in tiles]
    joined = pictures[0] if len(pictures) == 1 else pyvips.Image.arrayjoin(pictures, across=len(columns))
    left, top = box.x - columns.start * level.tile_width, box.y - rows.start * level.tile_height
    return joined.crop(left, top, box.width, box.height)


def _turned(picture: pyvips.Image, request: ImageRequest) -> pyvips.Image:
    if request.mirrored or request.degrees:
        picture = picture.copy_memory()
    if request.mirrored:
        picture = picture.fliphor()
    return picture if request.degrees == 0 else picture.rot(f"d{request.degrees}")


def _encode(picture: pyvips.Image, request: ImageRequest) -> bytes:
    if request.quality in {Quality.GRAY, Quality.BITONAL}:
        picture = picture.colourspace("b-w")
    if request.quality is Quality.BITONAL:
        picture = picture >= _THRESHOLD
    writers: dict[Format, Callable[[], bytes]] = {
        Format.JPG: lambda: picture.jpegsave_buffer(Q=small_jpeg.QUALITY, keep="none"),
        Format.PNG: lambda: picture.pngsave_buffer(compression=4, keep="none"),
        Format.WEBP: lambda: picture.webpsave_buffer(Q=_WEBP_QUALITY, effort=2, keep="none"),
    }
    return writers[request.format]()


@contextmanager
def _place() -> Iterator[None]:
    if not _places.take(within_s=WAIT_S):
        raise Busy
    try:
        yield
    finally:
        _places.give_back()
