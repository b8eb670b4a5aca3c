"""A tiled pyramidal TIFF for zooming: JPEG tiles that a server can hand out as they are, those at the edges cropped."""

from pathlib import Path

import pyvips

from media_pipeline import pyramid_edges
from media_pipeline.processors import OutputFile, Progress, Result, Settings
from media_pipeline.processors.image_open import as_processor_error, open_upright

_CLASSIC_TIFF_BYTES = 3_500_000_000  # a margin below the 4 GiB that offsets of 32 bits reach


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `pyramid.tif`, behind it the cropped edge tiles (media_pipeline.pyramid_edges). Facts: width, height, tile_size, levels; each
    level is half of the one before, down to one tile.
    """
    image = open_upright(source, pixels_at_most=int(settings["pixels_at_most"]))
    if image.bands == 1:  # three bands throughout: grey JPEG tiles are read differently by too many viewers
        image = image.colourspace("srgb")
    tile = tile_size(max(image.width, image.height), int(settings["tile_size_px"]))
    image.set_progress(True)
    image.signal_connect("eval", lambda _image, step: progress(step.percent * 0.9))
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
        _add_edges(out / "pyramid.tif", tile, quality=int(settings["jpeg_quality"]))
    except pyvips.Error as error:
        raise as_processor_error(error) from error
    facts = {
        "width": image.width,
        "height": image.height,
        "tile_size": tile,
        "levels": levels(image.width, image.height, tile),
    }
    return Result([OutputFile("pyramid.tif", "image/tiff", facts)], dict(facts))


def _add_edges(path: Path, tile: int, *, quality: int) -> None:
    """Lay the cropped edge tiles of every level behind the TIFF.

    They are cut out of the tiles as they are stored, beginning at a corner of JPEG's own blocks, with the same tables: what is written
    once more changes by rounding only.
    """
    whole = pyvips.Image.new_from_file(str(path))
    # A strip thinner than two pixels is not halved.
    pages = [pyvips.Image.new_from_file(str(path), page=number) for number in range(whole.get("n-pages"))]
    size = (whole.width, whole.height)
    tiles: list[tuple[pyramid_edges.Cell, int]] = []
    first_byte = path.stat().st_size
    with path.open("ab") as file:
        for cell in pyramid_edges.edge_cells(size, (tile, tile), len(pages)):
            content = _edge(pages[cell[0]], size, tile, cell).jpegsave_buffer(Q=quality, keep="none")
            file.write(content)
            tiles.append((cell, len(content)))
        file.write(pyramid_edges.index(first_byte, tiles))


def _edge(page: pyvips.Image, whole: tuple[int, int], tile: int, cell: pyramid_edges.Cell) -> pyvips.Image:
    """Return one edge tile. A level is rounded down and a tile of the grid up: where they differ, the last pixel is stretched."""
    wanted = pyramid_edges.extent(whole, (tile, tile), cell)
    if wanted is None:
        raise ValueError(f"no tile of the grid: {cell}")
    left, top = min(cell[1] * tile, page.width - 1), min(cell[2] * tile, page.height - 1)
    cut = page.crop(left, top, min(wanted.width, page.width - left), min(wanted.height, page.height - top))
    if (cut.width, cut.height) != (wanted.width, wanted.height):
        cut = cut.thumbnail_image(wanted.width, height=wanted.height, size="force")
    return cut


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
