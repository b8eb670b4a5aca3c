"""Pictures of each page of a TIFF that holds several, in two sizes."""

from pathlib import Path

import pyvips

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.image_open import as_processor_error, open_picture, open_upright, page_count, sniff_file
from media_pipeline.processors.image_sizes import shrink
from media_pipeline.processors.page_pictures import write_page


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `p0001.jpg` and `s0001.webp` and so on. Facts: page_count, and pages_left_out where there are more than `pages_at_most`."""
    if sniff_file(source) != "tif":
        raise ProcessorError(reasons.UNSUPPORTED)
    pixels = int(settings["pixels_at_most"])
    edge = int(settings["long_edge_px"])
    there = page_count(open_picture(source, pixels_at_most=pixels))
    wanted = min(there, int(settings["pages_at_most"]))
    files: list[OutputFile] = []
    for number in range(1, wanted + 1):
        try:
            image = open_upright(source, pixels_at_most=pixels, page=number - 1)
            image = shrink(image, edge) if max(image.width, image.height) > edge else image.copy_memory()
            files += write_page(image, number, out, settings)
        except pyvips.Error as error:
            raise as_processor_error(error) from error
        progress(100 * number / wanted)
    return Result(files, {"page_count": wanted, "pages_left_out": there - wanted})
