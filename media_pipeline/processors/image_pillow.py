"""Reads with Pillow and pi-heif the formats that libvips of the wheel cannot: JPEG 2000, HEIC, BMP, icons, anymaps, odd TIFF, and
what older programs left behind (TGA, SGI, XPM, PCX, DDS, FLI, the flat picture of a PSD).
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pi_heif
import pyvips
from PIL import Image

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError

# Only these, each by name: Pillow opens some forty others, several of which a few bytes can make swell to hundreds of
# megabytes.
_FORMATS = {
    "jp2": "JPEG2000",
    "j2k": "JPEG2000",
    "bmp": "BMP",
    "pnm": "PPM",
    "ico": "ICO",
    "tif": "TIFF",
    "heic": "HEIF",
    "tga": "TGA",
    "sgi": "SGI",
    "xpm": "XPM",
    "pcx": "PCX",
    "dds": "DDS",
    "fli": "FLI",
    "psd": "PSD",
}
# Their headers prove little: they are read whole at the first look, unless they are large.
_READ_AT_ONCE = frozenset({"tga", "sgi", "xpm", "pcx", "dds", "fli", "psd"})
_READ_AT_ONCE_PIXELS = 40_000_000
_BANDS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "LAB": 3}
_BITS = {"1": 1, "I;16": 16, "I;16B": 16, "I;16L": 16, "I": 32, "F": 32}
_ORIENTATION_TAG = 0x0112
_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    AttributeError,
)

Image.MAX_IMAGE_PIXELS = None  # the limit is ours and is looked at before pixels are read
pi_heif.register_heif_opener(thumbnails=False)


def load(path: Path, extension: str | None, page: int, pixels_at_most: int) -> pyvips.Image:
    """Return the picture in memory. Raises ProcessorError: unsupported, damaged, too_many_pixels."""
    with _opened(path, extension) as image:
        if page:
            image.seek(page)
        if image.width * image.height > pixels_at_most:
            raise ProcessorError(reasons.TOO_MANY_PIXELS, f"{image.width} × {image.height} pixels.")
        return _to_vips(image)


def header(path: Path, extension: str) -> dict[str, int | str | bytes]:
    """Return `width`, `height`, `bands`, `bits`, `mode`, `pages` and `profile`, without reading pixels where a header can be believed.

    Raises as `load` does.
    """
    with _opened(path, extension) as image:
        if extension in _READ_AT_ONCE and image.width * image.height <= _READ_AT_ONCE_PIXELS:
            image.load()
        profile = image.info.get("icc_profile")
        return {
            "width": image.width,
            "height": image.height,
            "bands": len(image.getbands()),
            "bits": _BITS.get(image.mode, 8),
            "mode": image.mode,
            "pages": int(getattr(image, "n_frames", 1)) if extension == "tif" else 1,
            "profile": profile if isinstance(profile, bytes) else b"",
        }


@contextmanager
def _opened(path: Path, extension: str | None) -> Iterator[Image.Image]:
    if extension not in _FORMATS:
        raise ProcessorError(reasons.UNSUPPORTED)
    try:
        with Image.open(path, formats=[_FORMATS[extension]]) as image:
            yield image
    except _FAULTS as error:
        raise ProcessorError(reasons.DAMAGED, f"{type(error).__name__}: {error}"[:1000]) from error


def _to_vips(image: Image.Image) -> pyvips.Image:
    profile = image.info.get("icc_profile")
    orientation = int(image.getexif().get(_ORIENTATION_TAG, 1)) if image.format == "TIFF" else 1
    if image.mode.startswith("I"):
        loaded = _sixteen_bit(image)
    else:
        if image.mode not in _BANDS:
            transparent = image.mode in ("PA", "RGBa", "La") or "transparency" in image.info
            image = image.convert("RGBA" if transparent else "L" if image.mode in ("1", "F") else "RGB")
        loaded = pyvips.Image.new_from_memory(image.tobytes(), image.width, image.height, _BANDS[image.mode], "uchar")
        loaded = _with_colours(loaded, image.mode)
    loaded = loaded.copy()
    if isinstance(profile, bytes) and profile and image.mode != "LAB":
        loaded.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    if 1 < orientation <= 8:
        loaded.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    return loaded


def _sixteen_bit(image: Image.Image) -> pyvips.Image:
    """Pillow gives grey of more than eight bits as 16-bit or as 32-bit whole numbers; both end as 16-bit grey."""
    if image.mode == "I":
        loaded = pyvips.Image.new_from_memory(image.tobytes(), image.width, image.height, 1, "int")
    else:
        image = image.convert("I;16")
        loaded = pyvips.Image.new_from_memory(image.tobytes(), image.width, image.height, 1, "ushort")
    return loaded.cast("ushort").copy(interpretation="grey16")


def _with_colours(image: pyvips.Image, mode: str) -> pyvips.Image:
    if mode == "LAB":  # L in 0..255; a and b with their sign, as the file has them (TIFF 6.0, section 23)
        lightness, *opponents = image.bandsplit()
        signed = [(one + 128) % 256 - 128 for one in opponents]
        return (lightness * (100 / 255)).bandjoin(signed).copy(interpretation="lab").colourspace("srgb")
    return image.copy(interpretation={"L": "b-w", "LA": "b-w", "CMYK": "cmyk"}.get(mode, "srgb"))
