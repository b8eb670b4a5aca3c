"""Pyramids for tests, written by libvips with the settings of our recipe."""

from __future__ import annotations

from pathlib import Path

import pyvips


def picture(width: int, height: int) -> pyvips.Image:
    """Return a picture in which every place looks different: no tile can pass for another."""
    x, y = (pyvips.Image.xyz(width, height)[band] for band in (0, 1))
    bands = [(x * 255 / width), (y * 255 / height), ((x + y) / 8) % 255]
    return bands[0].bandjoin(bands[1:]).cast("uchar").copy(interpretation="srgb")


def pyramid(path: Path, width: int, height: int, *, quality: int = 82, bigtiff: bool = False) -> Path:
    """Write a pyramid and return its path."""
    picture(width, height).tiffsave(
        str(path),
        tile=True,
        tile_width=512,
        tile_height=512,
        pyramid=True,
        depth="onetile",
        region_shrink="mean",
        compression="jpeg",
        Q=quality,
        bigtiff=bigtiff,
        keep="none",
    )
    return path
