"""What lies under the maps: nothing but our own drawing, or by settings the tiles of a server or of a PMTiles file.

Tiles are placed into the same SVG as `<image>`s: about a dozen pictures, no script.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from public_site import pmtiles
from public_site.mapping import Chart, Projection

TILE_PX = 256
ZOOM_MOST = 17
TILES_MOST = 36


@dataclass(frozen=True)
class Tile:
    """One tile of the ground, in units of the picture."""

    href: str
    x: str
    y: str
    size: str


def file() -> Path | None:
    """The PMTiles file that the setting names, if it names one."""
    return Path(settings.MAP_TILES) if settings.MAP_TILES.endswith(".pmtiles") else None


def are_there() -> bool:
    """Whether maps have a ground of tiles."""
    return bool(settings.MAP_TILES)


def under(chart: Chart) -> list[Tile]:
    """The tiles under a map; none without a setting, and none where the file cannot be read: the map is drawn on plain ground then."""
    if not settings.MAP_TILES:
        return []
    least, most = 0, ZOOM_MOST
    path = file()
    if path is not None:
        try:
            header = pmtiles.header_of(path)
        except (OSError, pmtiles.PMTilesError):
            return []
        least, most = header.zoom_least, min(header.zoom_most, ZOOM_MOST)
    frame = chart.frame
    fitting = math.floor(math.log2(360 / (frame.east - frame.west) * chart.width / TILE_PX))
    zoom = max(min(fitting, most), least)
    across = 1 << zoom
    west, east = ((degrees + 180) / 360 * across for degrees in (frame.west, frame.east))
    north, south = (
        (1 - math.asinh(math.tan(math.radians(degrees))) / math.pi) / 2 * across
        for degrees in (frame.north, frame.south)
    )
    projection = Projection(frame, chart.width)
    size = projection.width / (east - west)
    found = []
    for y in range(math.floor(north), math.floor(south) + 1):
        for x in range(math.floor(west), math.floor(east) + 1):
            left, top = (x - west) * size, (y - north) * size
            # A little larger than it is: no line of ground shows between two.
            found.append(Tile(_address(zoom, x % across, y), f"{left:.2f}", f"{top:.2f}", f"{size + 0.4:.2f}"))
    return found[:TILES_MOST]


def _address(zoom: int, x: int, y: int) -> str:
    if file() is not None:
        return reverse("public_root:map_tile", args=[zoom, x, y])
    told: str = settings.MAP_TILES
    return told.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))
