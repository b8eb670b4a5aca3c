"""Pictures in several sizes, each made from the next larger one, as WebP without any metadata."""

from pathlib import Path

import pyvips

from media_pipeline.processors import OutputFile, Settings

GROUND = [255, 255, 255]  # what shows through a transparent picture


def write_sizes(image: pyvips.Image, out: Path, settings: Settings, *, prefix: str = "") -> list[OutputFile]:
    """Write `<prefix><edge>.webp` for each of `long_edges_px`, largest first, never enlarged. `image` is upright 8-bit sRGB or
    grey, in memory.
    """
    files = []
    for edge in map(int, str(settings["long_edges_px"]).split(",")):
        longest = max(image.width, image.height)
        if longest > edge:
            image = shrink(image, edge)
        name = f"{prefix}{edge}.webp"
        write_webp(image, out / name, settings)
        files.append(OutputFile(name, "image/webp", {"width": image.width, "height": image.height}))
    return files


def shrink(image: pyvips.Image, edge: int) -> pyvips.Image:
    """Return the picture with `edge` as its longer side, in memory. A side of a very narrow picture stays one pixel."""
    scale = edge / max(image.width, image.height)
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(width / image.width, vscale=height / image.height).copy_memory()


def write_webp(image: pyvips.Image, path: Path, settings: Settings) -> None:
    """Write one WebP. Quality is 0 to 100, effort 0 to 6."""
    image.webpsave(str(path), Q=int(settings["webp_quality"]), effort=int(settings["webp_effort"]), keep="none")
