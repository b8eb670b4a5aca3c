"""A picture of every page of a PDF."""

from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.image_sizes import write_webp
from media_pipeline.processors.pdf_open import draw_page, open_pdf


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `p0001.webp` and so on. Facts: page_count; pages_left_out beyond `pages_at_most`; pages_unreadable, by
    number.

    A page that cannot be drawn is left out and named; a document none of whose pages can be drawn is damaged.
    """
    document = open_pdf(source)
    wanted = min(len(document), int(settings["pages_at_most"]))
    files: list[OutputFile] = []
    unreadable: list[int] = []
    for number in range(1, wanted + 1):
        name = f"p{number:04}.webp"
        try:
            image = draw_page(document, number - 1, int(settings["long_edge_px"]))
        except ProcessorError:
            unreadable.append(number)
            continue
        write_webp(image, out / name, settings)
        files.append(OutputFile(name, "image/webp", {"width": image.width, "height": image.height, "page": number}))
        progress(100 * number / wanted)
    if not files:
        raise ProcessorError(reasons.DAMAGED, "No page can be drawn.")
    return Result(
        files, {"page_count": len(document), "pages_left_out": len(document) - wanted, "pages_unreadable": unreadable}
    )
