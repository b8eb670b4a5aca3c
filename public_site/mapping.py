"""Maps of the province and of what is around a place, drawn here as SVG: no script, and no other site unless a setting names one.

Only places that may be shown exactly come in; the text equivalent is the list of the same places beside it. Web Mercator, as tiles are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from archive import administrative_units
from public_site.plotting import EAST, NORTH, SOUTH, WEST
from public_site.plotting import HEIGHT as DRAWN_HEIGHT
from public_site.plotting import WIDTH as DRAWN_WIDTH
from public_site.titles import Text

WIDTH = 600
RADIUS_LEAST, RADIUS_MOST = 6.0, 20.0
PINS_MOST = 60
NAMES_MOST = 16
# Sizes of letters in units of the picture: on a phone half of one is a pixel, and only what fits at that size is written.
LARGE, SMALL = 22, 13
LETTER = 0.56  # width of a letter by its size
AROUND_DEGREES = 0.3
_GENERIC = ("Phường ", "Xã ", "Đặc khu ")
_DRAWING = Path(__file__).resolve().parent.parent / "static" / "img" / "province.svg"
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """What of the world is on the picture: degrees of WGS 84."""

    west: float
    east: float
    south: float
    north: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


PROVINCE = Frame(WEST, EAST, SOUTH, NORTH)


@dataclass(frozen=True)
class Spot:
    """A place to be shown: `is_here` on its own page."""

    label: Text
    address: str
    count: int
    latitude: float
    longitude: float
    is_here: bool = False


@dataclass(frozen=True)
class Name:
    """Words on the map. `is_fine`: there is room for it on a large screen only."""

    text: str
    lang: str
    x: str
    y: str
    anchor: str
    is_fine: bool


@dataclass(frozen=True)
class Pin:
    """A place as a disc, its area by the count."""

    label: Text
    address: str
    count: int
    x: str
    y: str
    radius: str
    is_here: bool


@dataclass(frozen=True)
class Chart:
    """A map. `ground`: the middles of today's communes as one path, empty over tiles; `outside`: places beyond its frame."""

    width: int
    height: int
    pins: tuple[Pin, ...]
    names: tuple[Name, ...]
    ground: str
    outside: tuple[Spot, ...]
    frame: Frame


@dataclass(frozen=True)
class Projection:
    """From degrees to units of the picture."""

    frame: Frame
    width: int = WIDTH

    @property
    def height(self) -> int:
        return round(self.at(self.frame.south, self.frame.west)[1])

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        scale = self.width / math.radians(self.frame.east - self.frame.west)
        x = math.radians(longitude - self.frame.west) * scale
        return x, (_mercator(self.frame.north) - _mercator(latitude)) * scale


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


def frame_around(latitude: float, longitude: float) -> Frame:
    """A frame of some sixty kilometres around a place."""
    half = AROUND_DEGREES * 0.8
    return Frame(longitude - AROUND_DEGREES, longitude + AROUND_DEGREES, latitude - half, latitude + half)


def chart_of(spots: Iterable[Spot], frame: Frame = PROVINCE, *, has_tiles: bool = False) -> Chart | None:
    """The map of the places with most items; None where none of them has coordinates."""
    ranked = sorted(spots, key=lambda spot: (not spot.is_here, -spot.count, spot.address))[:PINS_MOST]
    if not ranked:
        return None
    projection = Projection(frame)
    inside = [spot for spot in ranked if frame.holds(spot.latitude, spot.longitude)]
    most = max((spot.count for spot in inside), default=1)
    pins = [_pin(spot, most, projection) for spot in inside]
    return Chart(
        WIDTH,
        projection.height,
        # The largest lie below: a small one is never covered.
        tuple(sorted(pins, key=lambda pin: -float(pin.radius))),
        tuple(_names(pins, frame, projection)),
        "" if has_tiles else _ground(frame),
        tuple(spot for spot in ranked if spot not in inside),
        frame,
    )


def _pin(spot: Spot, most: int, projection: Projection) -> Pin:
    x, y = projection.at(spot.latitude, spot.longitude)
    radius = max(RADIUS_MOST * math.sqrt(spot.count / max(most, 1)), RADIUS_LEAST)
    return Pin(spot.label, spot.address, spot.count, f"{x:.0f}", f"{y:.0f}", f"{radius:.0f}", spot.is_here)


@cache
def _units() -> tuple[tuple[str, float, float], ...]:
    """Name and middle of each of today's communes, the wards and the island first: towns are what people know."""
    found = []
    for ward in administrative_units.units():
        middle = administrative_units.centroid(int(ward.code))
        if middle is not None:
            found.append((administrative_units.name_of(ward), float(middle[0]), float(middle[1])))
    found.sort(key=lambda one: one[0].startswith("Xã "))
    return tuple(found)


@cache
def _middles() -> tuple[tuple[float, float], ...]:
    """Latitude and longitude of today's communes, read off `static/img/province.svg`: to within a kilometre."""
    drawn = _DRAWING.read_text(encoding="utf-8")
    points = ((int(x) / DRAWN_WIDTH, int(y) / DRAWN_HEIGHT) for x, y in re.findall(r"M(\d+) (\d+)h0", drawn))
    return tuple((NORTH - y * (NORTH - SOUTH), WEST + x * (EAST - WEST)) for x, y in points)


@lru_cache(maxsize=64)
def _ground(frame: Frame) -> str:
    projection = Projection(frame)
    points = [
        projection.at(latitude, longitude) for latitude, longitude in _middles() if frame.holds(latitude, longitude)
    ]
    return "".join(f"M{x:.0f} {y:.0f}h0" for x, y in points)


def _names(pins: Sequence[Pin], frame: Frame, projection: Projection) -> list[Name]:
    """What is written: the places themselves, then communes to find one's way by, as far as nothing covers anything."""
    wanted = [(pin.label.value, pin.label.lang, float(pin.x), float(pin.y), float(pin.radius)) for pin in pins]
    taken = {_bare(text) for text, *_rest in wanted}
    for name, latitude, longitude in _units():
        if frame.holds(latitude, longitude) and _bare(name) not in taken:
            wanted.append((_bare(name), "vi", *projection.at(latitude, longitude), 3.0))
    discs: list[Box] = [_around(float(pin.x), float(pin.y), float(pin.radius)) for pin in pins]
    kept: dict[int, Name] = {}
    for size in (LARGE, SMALL):
        # At the smaller size more fits; what was written at the larger one stays where it is.
        boxes = [*discs, *(_box(one, size) for one in kept.values())]
        for number, (text, lang, x, y, radius) in enumerate(wanted):
            if number in kept or len(kept) >= NAMES_MOST * (1 if size == LARGE else 2):
                continue
            placed = _placed(text, lang, (x, y, radius), size, boxes, projection)
            if placed is not None:
                kept[number] = placed
                boxes.append(_box(placed, size))
    return list(kept.values())


def _placed(
    text: str, lang: str, at: tuple[float, float, float], size: int, boxes: Sequence[Box], projection: Projection
) -> Name | None:
    x, y, radius = at
    for anchor, left in (("start", x + radius + 3), ("end", x - radius - 3)):
        name = Name(text, lang, f"{left:.0f}", f"{y + SMALL / 3:.0f}", anchor, size == SMALL)
        box = _box(name, size)
        if box[0] < 0 or box[2] > projection.width or box[1] < 0 or box[3] > projection.height:
            continue
        if not any(_meet(box, other) for other in boxes):
            return name
    return None


def _box(name: Name, size: int) -> Box:
    width, x, y = len(name.text) * size * LETTER, float(name.x), float(name.y)
    left = x if name.anchor == "start" else x - width
    return left, y - size * 0.9, left + width, y + size * 0.35


def _around(x: float, y: float, radius: float) -> Box:
    return x - radius, y - radius, x + radius, y + radius


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _bare(name: str) -> str:
    for word in _GENERIC:
        name = name.removeprefix(word)
    return name
