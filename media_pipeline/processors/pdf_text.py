"""The text of a PDF, page by page."""

from pathlib import Path

import pypdfium2

from media_pipeline.processors import Progress, Result, Settings
from media_pipeline.processors.passages import Passages
from media_pipeline.processors.pdf_open import open_pdf


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `text.json`: one passage a page, empty where a page has no text. Facts: letters, pages_left_out, cut."""
    document = open_pdf(source)
    wanted = min(len(document), int(settings["pages_at_most"]))
    passages = Passages(int(settings["letters_at_most"]), part_letters_at_most=int(settings["part_letters_at_most"]))
    for index in range(wanted):
        passages.add(index + 1, _label(document, index), _text(document, index))
        progress(100 * (index + 1) / wanted)
    files = passages.write(out)
    return Result(files, {"letters": passages.letters, "pages_left_out": len(document) - wanted, "cut": passages.cut})


def _label(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        return str(document.get_page_label(index)) or str(index + 1)
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return str(index + 1)


def _text(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        page = document[index]
        text_page = page.get_textpage()
        text = str(text_page.get_text_range(errors="ignore"))
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return text
