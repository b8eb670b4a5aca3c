"""The first page of a PDF in several sizes."""

from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings
from media_pipeline.processors.image_sizes import write_sizes
from media_pipeline.processors.pdf_open import draw_page, open_pdf


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write one WebP for each edge of `long_edges_px`."""
    largest = int(str(settings["long_edges_px"]).split(",", 1)[0])
    image = draw_page(open_pdf(source), 0, largest)
    progress(50)
    return Result(write_sizes(image, out, settings), {})
