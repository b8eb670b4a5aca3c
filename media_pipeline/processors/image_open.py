"""Opens a picture file of any format that we show, as an upright 8-bit sRGB or grey picture of libvips.

libvips reads what it has a safe reader for, one named reader for each format; `image_pillow.py` reads the rest.
"""

import importlib
from pathlib import Path
from typing import Any

import pyvips

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError
from media_pipeline.processors.image_raw import RAW, preview, raw_format
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
_MOVING = ("gifload", "webpload")
_FRAMES_TO_TRY = 8
_TRIED_EDGE_PX = 32
_SHOWS_ANYTHING = 2  # standard deviation of 8-bit values
_FRAME = "chosen-frame"


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
    """Return what `sniff` says of a file's head; raw files of cameras, which are TIFFs outside, by their directories."""
    with path.open("rb") as file:
        extension = sniff(file.read(HEAD_BYTES))
    return raw_format(path) or extension if extension == "tif" else extension


def loader_of(extension: str | None) -> str | None:
    """Return the name of libvips' reader for an extension, or None where Pillow has to read."""
    return _LOADERS.get(extension or "")


def _load(path: Path, extension: str | None, page: int, pixels_at_most: int) -> pyvips.Image:
    if extension in RAW:
        return _load_preview(path, extension)
    loader = loader_of(extension)
    if loader is not None:
        try:
            loaded = load_with(loader, path, **_page_option(loader, page))
            return _at_good_frame(loaded, loader, path) if loader in _MOVING and page_count(loaded) > 1 else loaded
        except pyvips.Error:
            if extension != "tif":
                raise
    # Imported only for the formats that need it: Pillow costs the child forty milliseconds.
    pillow = importlib.import_module("media_pipeline.processors.image_pillow")
    image: pyvips.Image = pillow.load(path, extension, page, pixels_at_most)
    return image


def _load_preview(path: Path, extension: str) -> pyvips.Image:
    """The picture that a camera put beside its raw values, in memory: it lies in the middle of the file."""
    found = preview(path, extension)
    if found is None:
        raise ProcessorError(reasons.UNSUPPORTED, "The camera put no picture beside its raw values.")
    with path.open("rb") as file:
        file.seek(found.offset)
        content = file.read(found.size_bytes)
    image: pyvips.Image = pyvips.Image.jpegload_buffer(content)
    if image.get_typeof("orientation") == 0 and 1 < found.orientation <= 8:
        image = image.copy()
        image.set_type(pyvips.GValue.gint_type, "orientation", found.orientation)
    return image


def _at_good_frame(image: pyvips.Image, loader: str, path: Path) -> pyvips.Image:
    """The first frame of moving pictures that shows anything: many begin empty or in one colour. Looks at a few, each made small."""
    for frame in range(min(page_count(image), _FRAMES_TO_TRY)):
        tried = load_with(loader, path, page=frame)
        small = plain(tried.thumbnail_image(_TRIED_EDGE_PX, height=_TRIED_EDGE_PX, size="force"))
        if small.deviate() > _SHOWS_ANYTHING:
            found = load_with(loader, path, page=frame).copy()
            found.set_type(pyvips.GValue.gint_type, _FRAME, frame)
            return found
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
        frame = int(image.get(_FRAME)) if image.get_typeof(_FRAME) else 0
        image = load_with("webpload", path, scale=edge * _SHRINK_MARGIN / longest, page=frame)
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
