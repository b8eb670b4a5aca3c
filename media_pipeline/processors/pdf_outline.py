"""The table of contents that a PDF brings, in the form of a book's."""

import json
from pathlib import Path

import pypdfium2

from media_pipeline.processors import OutputFile, Progress, Result, Settings
from media_pipeline.processors.passages import clean
from media_pipeline.processors.pdf_open import open_pdf

_DEPTH_AT_MOST = 12
_LABEL_LETTERS = 300

Entry = dict[str, object]


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `toc.json`: entries with label, passage (the number of the page, 0 for none), path, fragment (both empty), children.

    Facts: entries, all of them; cut where there were more than `entries_at_most`.
    """
    document = open_pdf(source)
    entries, count, cut = outline(document, int(settings["entries_at_most"]))
    (out / "toc.json").write_text(json.dumps(entries, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return Result([OutputFile("toc.json", "application/json", {"entries": count})], {"entries": count, "cut": cut})


def outline(document: pypdfium2.PdfDocument, at_most: int) -> tuple[list[Entry], int, bool]:
    """Return the entries at the top, how many there are at all levels, and whether some were left out.

    PDFium stops at entries that lead back to themselves.
    """
    top: list[Entry] = []
    open_lists: list[list[Entry]] = [top]
    count = 0
    for bookmark in document.get_toc(max_depth=_DEPTH_AT_MOST):
        if count >= at_most:
            return top, count, True
        label = clean(_title(bookmark)).replace("\n", " ")[:_LABEL_LETTERS]
        entry: Entry = {"label": label, "passage": _page(bookmark, len(document)), "path": "", "fragment": ""}
        children: list[Entry] = []
        entry["children"] = children
        depth = min(max(bookmark.level, 0), len(open_lists) - 1)
        open_lists[depth].append(entry)
        open_lists[depth + 1 :] = [children]
        count += 1
    return top, count, False


def _title(bookmark: pypdfium2.PdfBookmark) -> str:
    try:
        return str(bookmark.get_title())
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return ""


def _page(bookmark: pypdfium2.PdfBookmark, pages: int) -> int:
    try:
        destination = bookmark.get_dest()
        index = None if destination is None else destination.get_index()
    except pypdfium2.PdfiumError:
        return 0
    return index + 1 if isinstance(index, int) and 0 <= index < pages else 0
