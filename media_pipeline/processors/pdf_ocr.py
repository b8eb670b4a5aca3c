"""Reads by machine the pages of a PDF that have no text of their own."""

from pathlib import Path

import pypdfium2

from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.pdf_letters import page_lines, page_text
from media_pipeline.processors.pdf_open import draw_at, open_pdf, page_label
from media_pipeline.processors.scan_reader import ScanReader, missing, open_reader
from media_pipeline.processors.scan_set import ScanSet, reported
from media_pipeline.processors.word_boxes import Line

_POINTS_PER_INCH = 72


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write what `ScanSet` says, or a report alone: where each page has text, or the machine lacks what it reads with (fact `missing`).

    Facts besides: pages_without_text, pages_left_out beyond `pages_at_most`.
    """
    document = open_pdf(source)
    wanted = min(len(document), int(settings["pages_at_most"]))
    silent = {index for index in range(wanted) if _is_silent(document, index)}
    facts: dict[str, object] = {"pages_without_text": len(silent), "pages_left_out": len(document) - wanted}
    language, folder = str(settings["language"]), str(settings.get("tessdata", ""))
    if not silent or (absent := missing(language, folder)):
        return reported(out, Result([], {"missing": absent} if silent else {}), facts)
    reader = open_reader(language, folder, page_s=int(settings["page_s"]))
    made = ScanSet(out, wanted, settings)
    for index in range(wanted):
        own = [] if index in silent else _own_lines(document, index)
        if own is not None:
            _add(document, index, own, made, reader, settings)
        progress(100 * (index + 1) / wanted)
    return reported(out, made.write(reader.name), facts)


def _is_silent(document: pypdfium2.PdfDocument, index: int) -> bool:
    """Tell whether a page that can be opened has no letter of its own."""
    try:
        page = document[index]
        silent = not page_text(page).strip()
        page.close()
    except pypdfium2.PdfiumError:
        return False
    return silent


def _own_lines(document: pypdfium2.PdfDocument, index: int) -> list[Line] | None:
    """Return the words that a page brings; None of a page that cannot be opened."""
    try:
        page = document[index]
        lines = page_lines(page)
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return lines


def _add(
    document: pypdfium2.PdfDocument, index: int, own: list[Line], made: ScanSet, reader: ScanReader, settings: Settings
) -> None:
    dots = int(settings["dots_per_inch_at_most"])
    size_pt = document.get_page_size(index)
    try:
        picture, scale = draw_at(
            document, index, dots / _POINTS_PER_INCH, pixels_at_most=int(settings["page_pixels_at_most"])
        )
    except ProcessorError:
        return
    if own:
        made.add_page(picture, own, size_pt)
    else:
        grey = picture.colourspace("b-w").copy_memory()
        read = reader.read(grey, dots_per_inch=round(scale * _POINTS_PER_INCH))
        made.add_read(index + 1, page_label(document, index), picture, read, size_pt)
