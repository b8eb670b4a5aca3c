"""From a request to the stored tile that answers it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from interop.iiif.image import jpeg
from interop.iiif.image.request import Format, ImageRequest, Quality
from interop.iiif.image.tiff import Level
from media_pipeline.pyramid_edges import Cell, Extent, extent

_PLAIN = frozenset({Quality.DEFAULT, Quality.COLOR})


@dataclass(frozen=True, eq=False)
class Directory:
    """Where everything lies in one stored pyramid: its levels, and its cropped edge tiles by their place in the grid.

    `sha256` is that of the file. Two are equal only when they are the same object: they are keys of what is remembered.
    """

    sha256: str
    levels: tuple[Level, ...]
    edges: Mapping[Cell, tuple[int, int]] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        return self.levels[0].width, self.levels[0].height


@dataclass(frozen=True)
class StoredTile:
    """A range of bytes that is a whole JPEG once `head` stands in place of its first two bytes; empty: as it lies."""

    offset: int
    length: int
    head: bytes = b""

    @property
    def content_length(self) -> int:
        return self.length + (len(self.head) - 2 if self.head else 0)


def settled(directory: Directory, request: ImageRequest) -> tuple[ImageRequest, StoredTile | None]:
    """Return the request with the size that it is answered in, and the tile that answers it, if one does. Raises NotAPyramid.

    Where a request left a side to us and means a tile of the grid, it gets the tile's: the grid rounds each side up, so at the edge the
    proportions of region and tile are not quite the same.
    """
    if request.degrees or request.mirrored or request.quality not in _PLAIN or request.format is not Format.JPG:
        return request, None
    near: tuple[Cell, Extent] | None = None
    for number, level in enumerate(directory.levels):
        span_wide, span_high = level.tile_width << number, level.tile_height << number
        column, over = divmod(request.region.x, span_wide)
        row, below = divmod(request.region.y, span_high)
        if over or below:
            break
        cell = (number, column, row)
        tile = extent(directory.size, (level.tile_width, level.tile_height), cell)
        if tile is None or not _covers(tile, request):
            continue
        if (tile.width, tile.height) == (request.width, request.height):
            return request, _stored(directory, cell)
        if near is None and request.is_loose and _is_near(tile, request):
            near = (cell, tile)
    if near is None:
        return request, None
    cell, tile = near
    return replace(request, width=tile.width, height=tile.height), _stored(directory, cell)


def _covers(tile: Extent, request: ImageRequest) -> bool:
    return (tile.region_width, tile.region_height) == (request.region.width, request.region.height)


def _is_near(tile: Extent, request: ImageRequest) -> bool:
    off_by = (abs(tile.width - request.width), abs(tile.height - request.height))
    return off_by[0] <= 1 + tile.width // 64 and off_by[1] <= 1 + tile.height // 64


def _stored(directory: Directory, cell: Cell) -> StoredTile | None:
    number, column, row = cell
    level = directory.levels[number]
    span_wide, span_high = level.tile_width << number, level.tile_height << number
    wide, high = directory.size
    if (column + 1) * span_wide <= wide and (row + 1) * span_high <= high:
        return StoredTile(*level.place(column, row), head=jpeg.head(level.jpeg_tables, level.photometric))
    # The tile as the TIFF has it is filled up at the edge; a pyramid of the recipe's first version has no other.
    place = directory.edges.get(cell)
    return None if place is None else StoredTile(*place)
