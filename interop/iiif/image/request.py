"""Image requests: text of an address to values, or RequestRefused. Pure. Sections are those of IIIF Image API 3.0."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

_WHOLE = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,20})?")
_NOT_LARGER = "the size is larger than the region; pictures are not made larger than they are"
_ROTATION = re.compile(r"(!?)([0-9]{1,3}(?:\.[0-9]{1,20})?)")


class RequestRefused(ValueError):
    """The request is not one of the specification, or asks for what is not offered. Says why, in English, for programmers."""


class Quality(StrEnum):
    """Section 4.4."""

    DEFAULT = "default"
    COLOR = "color"
    GRAY = "gray"
    BITONAL = "bitonal"


class Format(StrEnum):
    """Section 4.5, those that are offered."""

    JPG = "jpg"
    PNG = "png"
    WEBP = "webp"


@dataclass(frozen=True)
class Box:
    """A rectangle inside a picture, in pixels of the whole picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class ImageRequest:
    """What to cut, how large to give it, how to turn it. `degrees` is 0, 90, 180 or 270, after mirroring.

    `is_loose`: the request left a side of the answer to us, and we rounded it.
    """

    region: Box
    width: int
    height: int
    mirrored: bool
    degrees: int
    quality: Quality
    format: Format
    is_loose: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Picture:
    """The whole picture, and the most pixels that one answer may have."""

    width: int
    height: int
    area_most: int


def parse(picture: Picture, region: str, size: str, rotation: str, quality: str, format_name: str) -> ImageRequest:
    """Return the request. Raises RequestRefused."""
    box = _region(picture, region)
    width, height = _size(box, size, picture.area_most)
    mirrored, degrees = _rotation(rotation)
    try:
        return ImageRequest(
            box, width, height, mirrored, degrees, Quality(quality), Format(format_name), is_loose=_is_loose(size)
        )
    except ValueError as error:
        raise RequestRefused("quality is default, color, gray or bitonal; format is jpg, png or webp") from error


def canonical(request: ImageRequest, picture: Picture) -> str:
    """Return the path of a request in the one form that section 4.7 names canonical, without the identifier."""
    box = request.region
    whole = (box.width, box.height) == (picture.width, picture.height)
    region = "full" if whole else f"{box.x},{box.y},{box.width},{box.height}"
    largest = _largest(box, picture.area_most)
    size = "max" if (request.width, request.height) == largest else f"{request.width},{request.height}"
    rotation = f"{'!' if request.mirrored else ''}{request.degrees}"
    quality = Quality.DEFAULT if request.quality is Quality.COLOR else request.quality
    return f"{region}/{size}/{rotation}/{quality}.{request.format}"


def _region(picture: Picture, text: str) -> Box:
    """Section 4.1. What lies over the edge is cut off; nothing left is an error."""
    if text == "full":
        return Box(0, 0, picture.width, picture.height)
    if text == "square":
        side = min(picture.width, picture.height)
        return Box((picture.width - side) // 2, (picture.height - side) // 2, side, side)
    if text.startswith("pct:"):
        x, y, width, height = _four(text.removeprefix("pct:"), _DECIMAL)
        across, down = picture.width / 100, picture.height / 100
        left, top = round(x * across), round(y * down)
        right, bottom = round((x + width) * across), round((y + height) * down)
        if width > 0 and height > 0:
            # A sliver thinner than a pixel is one pixel of it.
            right, bottom = max(right, left + 1), max(bottom, top + 1)
    else:
        x, y, width, height = _four(text, _WHOLE)
        left, top, right, bottom = int(x), int(y), int(x + width), int(y + height)
    if right <= left or bottom <= top:
        raise RequestRefused("the region has no width or no height")
    if left >= picture.width or top >= picture.height:
        raise RequestRefused("the region lies outside the picture")
    return Box(left, top, min(right, picture.width) - left, min(bottom, picture.height) - top)


def _four(text: str, shape: re.Pattern[str]) -> tuple[float, float, float, float]:
    parts = text.split(",")
    if len(parts) != 4 or not all(shape.fullmatch(part) for part in parts):
        raise RequestRefused("a region is full, square, x,y,w,h or pct:x,y,w,h")
    x, y, width, height = (float(part) for part in parts)
    return x, y, width, height


def _size(box: Box, text: str, area_most: int) -> tuple[int, int]:
    """Section 4.2. ^ is read, but nothing is made larger than it is."""
    wanted = text.removeprefix("^")
    if wanted == "max":
        return _largest(box, area_most)
    if wanted.startswith("pct:"):
        number = wanted.removeprefix("pct:")
        if not _DECIMAL.fullmatch(number) or float(number) == 0:
            raise RequestRefused("the size in percent is not a number above 0")
        width, height = _scaled(box, float(number) / 100)
    elif wanted.startswith("!"):
        most_wide, most_high = _two(wanted.removeprefix("!"))
        if not most_wide or not most_high:
            raise RequestRefused("a confined size is !w,h")
        if most_wide > box.width and most_high > box.height:
            # The text of 4.2 would allow the region as it is; the consortium's validator takes that for making it larger.
            raise RequestRefused(_NOT_LARGER)
        width, height = _scaled(box, min(most_wide / box.width, most_high / box.height, 1))
        width, height = min(width, most_wide), min(height, most_high)
        if width * height > area_most:
            return _largest(box, area_most)
    else:
        given_wide, given_high = _two(wanted)
        width = given_wide or max(1, round(box.width * (given_high or 0) / box.height))
        height = given_high or max(1, round(box.height * (given_wide or 0) / box.width))
    if width > box.width or height > box.height:
        raise RequestRefused(_NOT_LARGER)
    if width * height > area_most:
        raise RequestRefused("the size is larger than maxArea of info.json")
    return width, height


def _is_loose(size: str) -> bool:
    wanted = size.removeprefix("^")
    return wanted.startswith(("pct:", ",")) or wanted.endswith(",")


def _two(text: str) -> tuple[int | None, int | None]:
    parts = text.split(",")
    if len(parts) != 2 or parts == ["", ""] or not all(part == "" or _WHOLE.fullmatch(part) for part in parts):
        raise RequestRefused("a size is max, w, or ,h or pct:n or w,h or !w,h, each also after ^")
    width, height = (int(part) if part else None for part in parts)
    if 0 in (width, height):
        raise RequestRefused("the size has no width or no height")
    return width, height


def _scaled(box: Box, scale: float) -> tuple[int, int]:
    return max(1, round(box.width * scale)), max(1, round(box.height * scale))


def _largest(box: Box, area_most: int) -> tuple[int, int]:
    area = box.width * box.height
    if area <= area_most:
        return box.width, box.height
    scale = sqrt(area_most / area)
    return max(1, int(box.width * scale)), max(1, int(box.height * scale))


def _rotation(text: str) -> tuple[bool, int]:
    """Section 4.3."""
    found = _ROTATION.fullmatch(text)
    if found is None or float(found[2]) > 360:
        raise RequestRefused("a rotation is 0 to 360 degrees, after ! for a mirrored picture")
    degrees = float(found[2])
    if degrees % 90:
        raise RequestRefused("pictures are turned by 0, 90, 180 or 270 degrees")
    return found[1] == "!", int(degrees) % 360
