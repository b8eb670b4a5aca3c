"""Opens a picture file of any format that we show, as an upright 8-bit sRGB or grey picture of libvips.

libvips reads what it has a safe reader for, one named reader for each format; `image_pillow.py` reads the rest.
"""

import importlib
from pathlib import Path
from typing import Any

import pyvips

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError
from media_pipeline.processors.image_sizes import GROUND
from media_pipeline.sniff import HEAD_BYTES, sniff

pyvips.block_untrusted_set(True)
pyvips.cache_set_max(0)  # every picture is read once

_LOADERS = {
    "jpg": "jpegload",
    "png": "pngload",
    "tif": "tiffload",
    "webp": "webpload",
    "gif": "gifload",
    "avif": "heifload",
}
# A reader's shrinking must leave a picture this many times larger than what is wanted, so that the last step still
# smooths.
_SHRINK_MARGIN = 1.15
_GREY = ("b-w", "grey16")


def open_picture(path: Path, *, pixels_at_most: int, page: int = 0) -> pyvips.Image:
    """Return the picture as it is stored, its pixels not read yet; for TIFF, one page. Raises ProcessorError."""
    extension = sniff_file(path)
    try:
        image = _load(path, extension, page, pixels_at_most)
    except pyvips.Error as error:
        raise as_processor_error(error) from error
    check_pixels(image.width, image.height, pixels_at_most)
    return image


def sniff_file(path: Path) -> str | None:
    """Return what `sniff` says of a file's head."""
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES))


def loader_of(extension: str | None) -> str | None:
    """Return the name of libvips' reader for an extension, or None where Pillow has to read."""
    return _LOADERS.get(extension or "")


def _load(path: Path, extension: str | None, page: int, pixels_at_most: int) -> pyvips.Image:
    loader = loader_of(extension)
    if loader is not None:
        try:
            return load_with(loader, path, **_page_option(loader, page))
        except pyvips.Error:
            if extension != "tif":
                raise
    # Imported only for the formats that need it: Pillow costs the child forty milliseconds.
    pillow = importlib.import_module("media_pipeline.processors.image_pillow")
    image: pyvips.Image = pillow.load(path, extension, page, pixels_at_most)
    return image


def _page_option(loader: str, page: int) -> dict[str, Any]:  # Any: mypy takes the values for `access`, too
    return {"page": page} if loader == "tiffload" else {}


def load_with(loader: str, path: Path, *, access: str = "sequential", **options: float) -> pyvips.Image:
    """Return the picture as one named reader of libvips gives it, row by row unless `access` is `random`."""
    image: pyvips.Image = getattr(pyvips.Image, loader)(str(path), access=access, **options)
    return image


def open_shrunk(path: Path, edge: int, *, pixels_at_most: int) -> pyvips.Image:
    """Return the picture upright, 8-bit sRGB or grey, without transparency, in memory, its longer side at most `edge`
    px.
    """
    image = open_picture(path, pixels_at_most=pixels_at_most)
    try:
        return _shrink_loaded(path, image, edge)
    except pyvips.Error as error:
        raise as_processor_error(error) from error


def _shrink_loaded(path: Path, image: pyvips.Image, edge: int) -> pyvips.Image:
    longest = max(image.width, image.height)
    loader = image.get("vips-loader") if image.get_typeof("vips-loader") else ""
    if loader == "jpegload":
        factor = next((one for one in (8, 4, 2) if longest / one >= edge * _SHRINK_MARGIN), 1)
        image = load_with("jpegload", path, shrink=factor) if factor > 1 else image
    elif loader == "webpload" and longest > edge * _SHRINK_MARGIN:
        image = load_with("webpload", path, scale=edge * _SHRINK_MARGIN / longest)
    elif loader == "tiffload" and longest > edge * 2:
        return _shrunk(_smaller_level(path, image, edge), edge)
    return _shrunk(image, edge)


def _smaller_level(path: Path, image: pyvips.Image, edge: int) -> pyvips.Image:
    """A pyramidal TIFF holds smaller pictures of itself as further pages: take the smallest that is large enough."""
    best = image
    for page in range(1, page_count(image)):
        level = load_with("tiffload", path, page=page)
        if max(level.width, level.height) < edge * _SHRINK_MARGIN or not is_level_of(level, best):
            break
        best = level
    return best


def is_level_of(level: pyvips.Image, larger: pyvips.Image) -> bool:
    """Tell whether a page is the page before it at half the size, give or take a pixel of rounding."""
    return all(
        abs(small * 2 - large) <= 2 for small, large in ((level.width, larger.width), (level.height, larger.height))
    )


def page_count(image: pyvips.Image) -> int:
    """Return the number of pages that the file says it has."""
    return int(image.get("n-pages")) if image.get_typeof("n-pages") else 1


def _shrunk(image: pyvips.Image, edge: int) -> pyvips.Image:
    embedded = image.get_typeof("icc-profile-data") != 0
    profiles = {"import_profile": "cmyk" if image.interpretation == "cmyk" else "srgb", "export_profile": "srgb"}
    colours = profiles if embedded or image.interpretation == "cmyk" else {}
    small = image.thumbnail_image(edge, height=edge, size="down", **colours)
    return plain(small).copy_memory()


def open_upright(path: Path, *, pixels_at_most: int, page: int = 0) -> pyvips.Image:
    """Return the whole picture upright, 8-bit sRGB or grey, without transparency. Pixels are read when it is written.

    Raises ProcessorError.
    """
    image = open_picture(path, pixels_at_most=pixels_at_most, page=page)
    try:
        if _is_turned(image) and (loader := loader_of(sniff_file(path))):
            # Rows cannot be turned as they come: libvips keeps the picture in memory, or in a file when it is large.
            image = load_with(loader, path, access="random", **_page_option(loader, page))
        return plain(_to_srgb(image).autorot())
    except pyvips.Error as error:
        raise as_processor_error(error) from error


def _is_turned(image: pyvips.Image) -> bool:
    return image.get_typeof("orientation") != 0 and int(image.get("orientation")) > 1


def _to_srgb(image: pyvips.Image) -> pyvips.Image:
    """Apply the profile that the picture brings, or a common one for print colours without."""
    if image.get_typeof("icc-profile-data") == 0 and image.interpretation != "cmyk":
        return image
    fallback = "cmyk" if image.interpretation == "cmyk" else "srgb"
    try:
        return image.icc_transform("srgb", input_profile=fallback, embedded=True, depth=8)
    except pyvips.Error:  # the profile does not fit the picture
        return image.icc_transform("srgb", input_profile=fallback, embedded=False, depth=8)


def plain(image: pyvips.Image) -> pyvips.Image:
    """Return the picture in 8-bit sRGB or grey, laid on white where it is transparent."""
    image = image.colourspace("b-w" if image.interpretation in _GREY else "srgb")
    if image.hasalpha():
        image = image.flatten(background=GROUND[: image.bands - 1])
    return image.cast("uchar") if image.format != "uchar" else image


def check_pixels(width: int, height: int, pixels_at_most: int) -> None:
    """Raise ProcessorError for a picture that is too large to open."""
    if width * height > pixels_at_most:
        raise ProcessorError(reasons.TOO_MANY_PIXELS, f"{width} × {height} pixels.")


def as_processor_error(error: Exception) -> ProcessorError:
    """Return the reason behind an error of a decoder."""
    text = str(error)
    memory = "out of memory" in text or "unable to allocate" in text
    return ProcessorError(reasons.OUT_OF_MEMORY if memory else reasons.DAMAGED, " ".join(text.split())[:1000])
