"""Pictures of every page of a PDF, in two sizes."""

from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.page_pictures import write_page
from media_pipeline.processors.pdf_open import draw_page, open_pdf


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `p0001.jpg` and `s0001.webp` and so on. Facts: page_count; pages_left_out beyond `pages_at_most`; pages_unreadable, by
    number.

    A page that cannot be drawn is left out and named; a document none of whose pages can be drawn is damaged.
    """
    document = open_pdf(source)
    wanted = min(len(document), int(settings["pages_at_most"]))
    files: list[OutputFile] = []
    unreadable: list[int] = []
    for number in range(1, wanted + 1):
        try:
            image = draw_page(document, number - 1, int(settings["long_edge_px"]))
        except ProcessorError:
            unreadable.append(number)
            continue
        files += write_page(image, number, out, settings)
        progress(100 * number / wanted)
    if not files:
        raise ProcessorError(reasons.DAMAGED, "No page can be drawn.")
    return Result(
        files, {"page_count": len(document), "pages_left_out": len(document) - wanted, "pages_unreadable": unreadable}
    )
