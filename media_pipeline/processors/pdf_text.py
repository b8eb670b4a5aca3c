"""The text of a PDF, page by page."""

from pathlib import Path

import pypdfium2

from media_pipeline.processors import Progress, Result, Settings
from media_pipeline.processors.passages import Passages
from media_pipeline.processors.pdf_letters import page_text
from media_pipeline.processors.pdf_open import open_pdf, page_label


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `text.json`: one passage a page, empty where a page has no text. Facts: letters, pages_left_out, pages_unreadable by number,
    pages_without_text (how many of the others), cut.
    """
    document = open_pdf(source)
    wanted = min(len(document), int(settings["pages_at_most"]))
    passages = Passages(int(settings["letters_at_most"]), part_letters_at_most=int(settings["part_letters_at_most"]))
    unreadable: list[int] = []
    silent = 0
    for index in range(wanted):
        text = _text(document, index)
        if text is None:
            unreadable.append(index + 1)
        silent += text is not None and not text.strip()
        passages.add(index + 1, page_label(document, index), text or "")
        progress(100 * (index + 1) / wanted)
    files = passages.write(out)
    facts: dict[str, object] = {
        "letters": passages.letters,
        "pages_left_out": len(document) - wanted,
        "pages_unreadable": unreadable,
        "pages_without_text": silent,
        "cut": passages.cut,
    }
    return Result(files, facts)


def _text(document: pypdfium2.PdfDocument, index: int) -> str | None:
    """Return the text of a page, None where the page cannot be read."""
    try:
        page = document[index]
        text = page_text(page)
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return text
