"""Technical facts of a picture. Pixels are not read, except of formats whose header alone proves nothing."""

import importlib
import re
from pathlib import Path

import pyvips

from media_pipeline.processors import Settings
from media_pipeline.processors.image_open import (
    as_processor_error,
    check_pixels,
    is_level_of,
    load_with,
    loader_of,
    open_picture,
    page_count,
)
from media_pipeline.processors.image_raw import RAW

_BITS = {"uchar": 8, "char": 8, "ushort": 16, "short": 16, "uint": 32, "int": 32, "float": 32, "double": 64}
_SPACES = {
    "b-w": "grey",
    "grey16": "grey",
    "srgb": "RGB",
    "rgb": "RGB",
    "rgb16": "RGB",
    "cmyk": "CMYK",
    "lab": "Lab",
    "labs": "Lab",
}
_MODES = {"1": "grey", "L": "grey", "LA": "grey", "I": "grey", "F": "grey", "CMYK": "CMYK", "LAB": "Lab"}
_PAGES_TO_COMPARE = 64


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return size (as shown), bands, bits, colour_space, profile, orientation, pages. Raises ProcessorError."""
    if extension in RAW:
        return {
            **_of_vips(open_picture(source, pixels_at_most=int(settings["pixels_at_most"])), source, extension),
            "preview_of_raw": True,
        }
    loader = loader_of(extension)
    if loader is not None:
        try:
            image = load_with(loader, source)
            check_pixels(image.width, image.height, int(settings["pixels_at_most"]))
            return _of_vips(image, source, extension)
        except pyvips.Error as error:
            if extension != "tif":
                raise as_processor_error(error) from error
    pillow = importlib.import_module("media_pipeline.processors.image_pillow")
    head = pillow.header(source, extension)
    check_pixels(head["width"], head["height"], int(settings["pixels_at_most"]))
    return {
        "width": head["width"],
        "height": head["height"],
        "bands": head["bands"],
        "bits": head["bits"],
        "colour_space": _MODES.get(head["mode"], "RGB"),
        "profile": profile_name(head["profile"]),
        "orientation": 1,
        "pages": head["pages"],
    }


def _of_vips(image: pyvips.Image, source: Path, extension: str) -> dict[str, object]:
    if extension == "tif":  # a TIFF's header proves little: its first row has to be there
        try:
            image.crop(0, 0, image.width, 1).avg()
        except pyvips.Error as error:
            raise as_processor_error(error) from error
    orientation = int(image.get("orientation")) if image.get_typeof("orientation") else 1
    width, height = (image.height, image.width) if orientation >= 5 else (image.width, image.height)
    bits = int(image.get("bits-per-sample")) if image.get_typeof("bits-per-sample") else _BITS.get(image.format, 8)
    profile = image.get("icc-profile-data") if image.get_typeof("icc-profile-data") else b""
    return {
        "width": width,
        "height": height,
        "bands": image.bands,
        "bits": bits,
        "colour_space": _SPACES.get(image.interpretation, image.interpretation),
        "profile": profile_name(profile),
        "orientation": orientation,
        "pages": _real_pages(image, source) if extension == "tif" else 1,
        "frames": page_count(image) if extension in ("gif", "webp") else 1,
    }


def _real_pages(image: pyvips.Image, source: Path) -> int:
    """Pages that are not the first one made smaller: a pyramidal TIFF has one page."""
    there = page_count(image)
    if there < 2 or there > _PAGES_TO_COMPARE:
        return there
    larger = image
    for page in range(1, there):
        level = load_with("tiffload", source, page=page)
        if not is_level_of(level, larger):
            return there
        larger = level
    return 1


def profile_name(profile: bytes) -> str:
    """Return the description in an ICC profile, empty when there is none that can be read."""
    for number in range(min(int.from_bytes(profile[128:132], "big"), 100)):
        entry = profile[132 + 12 * number : 144 + 12 * number]
        if entry[:4] == b"desc":
            start, size = int.from_bytes(entry[4:8], "big"), int.from_bytes(entry[8:12], "big")
            return _description(profile[start : start + min(size, 4096)])
    return ""


def _description(tag: bytes) -> str:
    """Read the tag 'desc': text (ICC.1:2001, 6.5.17) or 'mluc' in UTF-16 (ICC.1:2010, 10.13)."""
    if tag[:4] == b"mluc":
        length, offset = int.from_bytes(tag[20:24], "big"), int.from_bytes(tag[24:28], "big")
        text = tag[offset : offset + length].decode("utf-16-be", "ignore")
    else:
        text = tag[12 : 12 + int.from_bytes(tag[8:12], "big")].decode("latin-1")
    return re.sub(r"[\x00-\x1f\x7f]", "", text).strip()[:200]
