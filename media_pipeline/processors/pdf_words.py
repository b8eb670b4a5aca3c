"""The words of a PDF with their places, page by page: what a search within a document draws its marks from."""

from pathlib import Path

import pypdfium2

from media_pipeline.processors import Progress, Result, Settings
from media_pipeline.processors.pdf_letters import page_lines
from media_pipeline.processors.pdf_open import open_pdf
from media_pipeline.processors.word_boxes import Line, WordPages


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `words.json` and `words-index.json`. Facts: words, pages_left_out, pages_unreadable by number, cut."""
    document = open_pdf(source)
    wanted = min(len(document), int(settings["pages_at_most"]))
    pages = WordPages(int(settings["words_at_most"]))
    unreadable: list[int] = []
    for index in range(wanted):
        lines = _lines(document, index)
        if lines is None:
            unreadable.append(index + 1)
        else:
            pages.add(index + 1, lines)
        progress(100 * (index + 1) / wanted)
    files = pages.write(out)
    facts: dict[str, object] = {
        "words": pages.words,
        "pages_left_out": len(document) - wanted,
        "pages_unreadable": unreadable,
        "cut": pages.cut,
    }
    return Result(files, facts)


def _lines(document: pypdfium2.PdfDocument, index: int) -> list[Line] | None:
    try:
        page = document[index]
        lines = page_lines(page)
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return lines
