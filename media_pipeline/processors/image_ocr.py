"""Reads by machine the pages of a TIFF that holds several: such a file is a scanned document."""

from pathlib import Path

import pyvips

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.image_open import as_processor_error, open_picture, open_upright, page_count, sniff_file
from media_pipeline.processors.image_sizes import shrink
from media_pipeline.processors.scan_reader import missing, open_reader
from media_pipeline.processors.scan_set import ScanSet, reported

_MILLIMETRES_PER_INCH = 25.4
_LIKELY_DOTS_PER_INCH = 200  # of a picture that does not say, or says what a screen has
_LEAST_DOTS_PER_INCH = 100


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write what `ScanSet` says, or a report alone where the machine lacks what it reads with (fact `missing`). Fact: pages_left_out."""
    if sniff_file(source) != "tif":
        raise ProcessorError(reasons.UNSUPPORTED)
    pixels = int(settings["pixels_at_most"])
    there = page_count(open_picture(source, pixels_at_most=pixels))
    wanted = min(there, int(settings["pages_at_most"]))
    facts: dict[str, object] = {"pages_without_text": there, "pages_left_out": there - wanted}
    language, folder = str(settings["language"]), str(settings.get("tessdata", ""))
    if absent := missing(language, folder):
        return reported(out, Result([], {"missing": absent}), facts)
    reader = open_reader(language, folder, page_s=int(settings["page_s"]))
    made = ScanSet(out, wanted, settings)
    for number in range(1, wanted + 1):
        try:
            picture, dots = _page(source, number, pixels, int(settings["page_pixels_at_most"]))
            read = reader.read(picture.colourspace("b-w").copy_memory(), dots_per_inch=dots)
            made.add_read(number, str(number), picture, read)
        except pyvips.Error as error:
            raise as_processor_error(error) from error
        progress(100 * number / wanted)
    return reported(out, made.write(reader.name), facts)


def _page(source: Path, number: int, pixels_at_most: int, page_pixels_at_most: int) -> tuple[pyvips.Image, int]:
    """Return a page, no larger than the engine needs, and its dots per inch."""
    image = open_upright(source, pixels_at_most=pixels_at_most, page=number - 1)
    said = image.xres * _MILLIMETRES_PER_INCH
    dots = said if said >= _LEAST_DOTS_PER_INCH else _LIKELY_DOTS_PER_INCH
    factor = min(1.0, (page_pixels_at_most / (image.width * image.height)) ** 0.5)
    longest = max(image.width, image.height)
    picture = shrink(image, round(longest * factor)) if factor < 1 else image.copy_memory()
    return picture, round(dots * factor)
