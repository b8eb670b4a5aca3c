"""Small pictures of a picture."""

from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings
from media_pipeline.processors.image_open import open_shrunk
from media_pipeline.processors.image_sizes import write_sizes


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write one WebP for each edge of `long_edges_px`."""
    largest = int(str(settings["long_edges_px"]).split(",", 1)[0])
    image = open_shrunk(source, largest, pixels_at_most=int(settings["pixels_at_most"]))
    progress(60)
    return Result(write_sizes(image, out, settings), {})
