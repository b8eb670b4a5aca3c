"""The text of an office document out of its own XML, without LibreOffice: so that it can be searched wherever the archive runs.

DOCX, XLSX and PPTX: ECMA-376. ODT, ODS and ODP: OASIS OpenDocument 1.3. A passage is what stands below one heading of the first level, a
sheet, or a slide.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.packed_xml import PackedXml
from media_pipeline.processors.passages import Passages

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DELETED = frozenset({_TEXT + "tracked-changes", _TEXT + "note-citation", _OFFICE + "annotation", _TEXT + "deletion"})
_SPACES_AT_MOST = 100
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml", re.ASCII)
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml", re.ASCII)


class Piece(NamedTuple):
    """One paragraph. `heading`: it begins a passage and names it."""

    text: str
    heading: bool = False


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `text.json`. Facts: letters, cut. Raises ProcessorError: damaged, unsafe_archive, password, unsupported."""
    archive = PackedXml(source)
    passages = Passages(int(settings["letters_at_most"]), part_letters_at_most=int(settings["part_letters_at_most"]))
    for number, (label, text) in enumerate(_passages(archive), 1):
        passages.add(number, label or str(number), text)
    files = passages.write(out)
    return Result(files, {"letters": passages.letters, "cut": passages.cut})


def _passages(archive: PackedXml) -> Iterator[tuple[str, str]]:
    if "word/document.xml" in archive.names:
        return _under_headings(_word_pieces(archive))
    if "xl/workbook.xml" in archive.names:
        return _sheets(archive)
    if "ppt/presentation.xml" in archive.names:
        return _slides(archive)
    if "content.xml" in archive.names:
        return _open_document(archive)
    raise ProcessorError(reasons.UNSUPPORTED, "Its text cannot be read without LibreOffice.")


def _under_headings(pieces: Iterator[Piece]) -> Iterator[tuple[str, str]]:
    label, lines = "", list[str]()
    for piece in pieces:
        if piece.heading and piece.text.strip():
            if lines:
                yield label, "\n\n".join(lines)
            label, lines = piece.text.strip(), []
        lines.append(piece.text)
    if any(line.strip() for line in lines):
        yield label, "\n\n".join(lines)


def _word_pieces(archive: PackedXml) -> Iterator[Piece]:
    body = archive.xml("word/document.xml")
    headings = _heading_styles(archive)
    for paragraph in body.iter(_WORD + "p") if body is not None else ():
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        named = style is not None and style.get(_WORD + "val", "") in headings
        yield Piece("".join(_word_run(one) for one in _runs(paragraph)), named)
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        notes = archive.xml(part)
        for paragraph in notes.iter(_WORD + "p") if notes is not None else ():
            yield Piece("".join(_word_run(one) for one in _runs(paragraph)))


def _runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Letters of a paragraph, without those of a paragraph inside of it (a text box, which comes by itself) or of what older programs
    are to show instead of a drawing.
    """
    if next(paragraph.iterancestors(_FALLBACK), None) is not None:
        return
    for one in paragraph.iter(_WORD + "t", _WORD + "tab", _WORD + "br", _WORD + "cr"):
        owner = next(one.iterancestors(_WORD + "p", _FALLBACK), None)
        if owner is paragraph:
            yield one


def _word_run(element: etree._Element) -> str:
    return element.text or "" if element.tag == _WORD + "t" else " " if element.tag == _WORD + "tab" else "\n"


def _heading_styles(archive: PackedXml) -> set[str]:
    """Names of the styles that make a heading of the first level."""
    styles = archive.xml("word/styles.xml")
    found = {"Heading1", "Title"}
    for style in styles.iter(_WORD + "style") if styles is not None else ():
        level = style.find(f"{_WORD}pPr/{_WORD}outlineLvl")
        if level is not None and level.get(_WORD + "val") == "0":
            found.add(style.get(_WORD + "styleId", ""))
    return found - {""}


def _sheets(archive: PackedXml) -> Iterator[tuple[str, str]]:
    """One passage a sheet, a line a row, its cells apart by tabs; numbers as they are stored."""
    shared = _shared_strings(archive)
    names = _sheet_names(archive)
    parts = sorted((int(found[1]), name) for name in archive.names if (found := _SHEET.fullmatch(name)))
    for at, (_number, part) in enumerate(parts):
        root = archive.xml(part)
        rows = [_row(row, shared) for row in root.iter("{*}row")] if root is not None else []
        yield (names[at] if at < len(names) else ""), "\n".join(row for row in rows if row.strip())


def _sheet_names(archive: PackedXml) -> list[str]:
    book = archive.xml("xl/workbook.xml")
    return [one.get("name", "") for one in book.iter("{*}sheet")] if book is not None else []


def _shared_strings(archive: PackedXml) -> list[str]:
    root = archive.xml("xl/sharedStrings.xml")
    if root is None:
        return []
    return ["".join(one.text or "" for one in item.iter("{*}t")) for item in root.iter("{*}si")]


def _row(row: etree._Element, shared: list[str]) -> str:
    cells = []
    for cell in row.iter("{*}c"):
        value = next(cell.iter("{*}v"), None)
        text = "".join(one.text or "" for one in cell.iter("{*}t"))
        if value is not None and value.text:
            at = int(value.text) if cell.get("t") == "s" and value.text.isdecimal() else -1
            text = shared[at] if 0 <= at < len(shared) else "" if cell.get("t") == "s" else value.text
        cells.append(text)
    return "\t".join(cells)


def _slides(archive: PackedXml) -> Iterator[tuple[str, str]]:
    for part in _slide_order(archive):
        root = archive.xml(part)
        paragraphs = root.iter(_DRAWING + "p") if root is not None else ()
        lines = ["".join(one.text or "" for one in paragraph.iter(_DRAWING + "t")) for paragraph in paragraphs]
        yield "", "\n\n".join(line for line in lines if line.strip())


def _slide_order(archive: PackedXml) -> list[str]:
    """Parts of the slides as they are shown; by their numbers where the presentation does not say."""
    by_number = sorted((int(found[1]), name) for name in archive.names if (found := _SLIDE.fullmatch(name)))
    relations = archive.xml("ppt/_rels/presentation.xml.rels")
    show = archive.xml("ppt/presentation.xml")
    targets = (
        {one.get("Id", ""): one.get("Target", "") for one in relations.iter("{*}Relationship")}
        if relations is not None
        else {}
    )
    wanted = [targets.get(one.get(_RELATION, ""), "") for one in show.iter("{*}sldId")] if show is not None else []
    paths = [posixpath.normpath(posixpath.join("ppt", one)) for one in wanted if one]
    return [one for one in paths if _SLIDE.fullmatch(one) and one in archive.names] or [name for _, name in by_number]


def _open_document(archive: PackedXml) -> Iterator[tuple[str, str]]:
    root = archive.xml("content.xml")
    if root is None:
        return
    for kind, name in ((_TABLE + "table", _TABLE + "name"), (_DRAW + "page", _DRAW + "name")):
        holder = _OFFICE + ("spreadsheet" if kind.startswith(_TABLE) else "presentation")
        body = next(root.iter(holder), None)
        if body is not None:
            for part in body.iterchildren(kind):
                yield part.get(name, ""), "\n".join(one.text for one in _open_pieces(part) if one.text.strip())
            return
    body = next(root.iter(_OFFICE + "text"), None)
    if body is None:
        body = root
    yield from _under_headings(_open_pieces(body))


def _open_pieces(body: etree._Element) -> Iterator[Piece]:
    for one in body.iter(_TEXT + "p", _TEXT + "h"):
        if any(above.tag in _DELETED for above in one.iterancestors()):
            continue
        pieces: list[str] = []
        _collect(one, pieces, 0)
        yield Piece("".join(pieces), one.tag == _TEXT + "h" and one.get(_TEXT + "outline-level", "1") == "1")


def _collect(element: etree._Element, pieces: list[str], depth: int) -> None:
    """Letters of a paragraph, without those of one inside of it (a note, a frame), which comes by itself."""
    pieces.append(element.text or "")
    for child in element:
        if child.tag == _TEXT + "s":
            many = child.get(_TEXT + "c", "1")
            pieces.append(" " * min(int(many) if many.isdecimal() else 1, _SPACES_AT_MOST))
        elif child.tag == _TEXT + "tab":
            pieces.append(" ")
        elif child.tag == _TEXT + "line-break":
            pieces.append("\n")
        elif child.tag not in (_TEXT + "p", _TEXT + "h", *_DELETED) and depth < _SPACES_AT_MOST:
            _collect(child, pieces, depth + 1)
        pieces.append(child.tail or "")
