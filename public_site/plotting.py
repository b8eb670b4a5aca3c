"""Places of hits on a small map of the province, drawn here: no tiles, no other site. Pure.

Only places that may be shown exactly come in (archive.search.Results.on_map); the text equivalent is the list of the same places beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archive.search import Facet, Told
from archive.search.answers import Spot
from public_site.sifting import Around, around

# The province, with a margin: degrees of WGS 84. `static/img/province.svg` is drawn to the same frame.
WEST, EAST, SOUTH, NORTH = 107.25, 109.25, 13.85, 15.5
WIDTH = 240
HEIGHT = round(WIDTH * (NORTH - SOUTH) / ((EAST - WEST) * math.cos(math.radians((SOUTH + NORTH) / 2))))
RADIUS_LEAST, RADIUS_MOST = 5.0, 13.0
PLACES_MOST = 40


class Dot(NamedTuple):
    """A place with hits within the frame: where on the picture, and how large."""

    place: Told
    count: int  # type: ignore[assignment]  # in place of the method of tuples, which nobody calls
    x: str
    y: str
    radius: str


@dataclass(frozen=True)
class Plot:
    """The map; `outside` are places beyond its frame with their hits, as a list. `around`: the address of the list of those in a place;
    `current`: the place that is chosen."""

    dots: tuple[Dot, ...]
    outside: tuple[tuple[Told, int], ...]
    around: Around
    current: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def point(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place lies on the picture (equirectangular: at this size no other projection differs by a pixel)."""
    return (longitude - WEST) / (EAST - WEST) * WIDTH, (NORTH - latitude) / (NORTH - SOUTH) * HEIGHT


@lru_cache(maxsize=4_096)
def _drawn(spot: Spot) -> tuple[bool, str, str]:
    """Whether a place is within the frame, and where: the same places come on every page."""
    latitude, longitude = spot
    x, y = point(latitude, longitude)
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH, f"{x:.1f}", f"{y:.1f}"


def plot_of(places: Facet, asked: Mapping[str, str]) -> Plot | None:
    """The map of the places with most hits, which come first; None where there are none."""
    if not places.told:
        return None
    most = max(places.counts)
    dots: list[Dot] = []
    outside: list[tuple[Told, int]] = []
    for place, count in zip(places.told[:PLACES_MOST], places.counts, strict=False):
        if place.spot is None:
            continue
        is_inside, x, y = _drawn(place.spot)
        if is_inside:
            radius = max(RADIUS_MOST * math.sqrt(count / most), RADIUS_LEAST)
            dots.append(Dot(place, count, x, y, f"{radius:.1f}"))
        else:
            outside.append((place, count))
    return Plot(tuple(dots), tuple(outside), around(asked, "place"), asked.get("place", ""))
