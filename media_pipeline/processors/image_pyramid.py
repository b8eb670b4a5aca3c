"""A tiled pyramidal TIFF for zooming: JPEG tiles that a server can hand out as they are."""

from pathlib import Path

import pyvips

from media_pipeline.processors import OutputFile, Progress, Result, Settings
from media_pipeline.processors.image_open import as_processor_error, open_upright

_CLASSIC_TIFF_BYTES = 3_500_000_000  # a margin below the 4 GiB that offsets of 32 bits reach


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `pyramid.tif`. Facts: width, height, tile_size, levels; each level is half of the one before, down to
    one tile.
    """
    image = open_upright(source, pixels_at_most=int(settings["pixels_at_most"]))
    if image.bands == 1:  # three bands throughout: grey JPEG tiles are read differently by too many viewers
        image = image.colourspace("srgb")
    tile = tile_size(max(image.width, image.height), int(settings["tile_size_px"]))
    image.set_progress(True)
    image.signal_connect("eval", lambda _image, step: progress(step.percent * 0.98))
    try:
        image.tiffsave(
            str(out / "pyramid.tif"),
            tile=True,
            tile_width=tile,
            tile_height=tile,
            pyramid=True,
            depth="onetile",
            region_shrink="mean",
            compression="jpeg",
            Q=int(settings["jpeg_quality"]),
            bigtiff=image.width * image.height * 3 > _CLASSIC_TIFF_BYTES,
            keep="none",
        )
    except pyvips.Error as error:
        raise as_processor_error(error) from error
    facts = {
        "width": image.width,
        "height": image.height,
        "tile_size": tile,
        "levels": levels(image.width, image.height, tile),
    }
    return Result([OutputFile("pyramid.tif", "image/tiff", facts)], dict(facts))


def tile_size(longest: int, wanted: int) -> int:
    """Return the side of a tile: a picture much smaller than a tile would be refused by readers, libvips among them.

    Sides are multiples of 16 (TIFF 6.0, section 15).
    """
    return min(wanted, -(-longest // 16) * 16)


def levels(width: int, height: int, tile: int) -> int:
    """Return how many pictures the pyramid has: halved, rounding down, until one fits a tile."""
    count = 1
    while width > tile or height > tile:
        width, height, count = max(1, width // 2), max(1, height // 2), count + 1
    return count
