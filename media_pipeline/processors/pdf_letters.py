"""The letters of a PDF page as PDFium finds them: plain text, or lines of words with the place of each on the page."""

import ctypes
import re
import unicodedata
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from media_pipeline.processors.word_boxes import FULL, Box, Line, Word, squared

# Ligatures and the shapes that letters of right-to-left scripts take in a font: what people type are the letters behind them.
_SHAPES = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
# A hyphen that only the end of a line asked for: PDFium's own mark for one that it found, and the soft hyphen.
_HYPHENS = frozenset((0x02, 0xAD, 0xFFFE))
_SOFT_HYPHEN = re.compile("[\x02\xad\ufffe](?:[ \t]*\r?\n)?")
_MEASURE = 1_000_000  # the size that PDFium is told the page has when it is asked where points of it come to lie


class _Map(NamedTuple):
    """From points of the page, which its rotation and its crop box do not touch, to ten-thousandths of what is seen of it."""

    x0: float
    y0: float
    xx: float
    xy: float
    yx: float
    yy: float

    def box(self, rect: pdfium.FS_RECTF) -> Box:
        """Return where a rectangle is seen. It may lie outside of the page."""
        corners = [
            (self.x0 + self.xx * x + self.yx * y, self.y0 + self.xy * x + self.yy * y)
            for x, y in ((rect.left, rect.bottom), (rect.right, rect.top))
        ]
        (left, right), (top, bottom) = (sorted(one) for one in zip(*corners, strict=True))
        return Box(left, top, right, bottom)


def page_text(page: pypdfium2.PdfPage) -> str:
    """Return what can be read on a page, in lines. Letters that the crop box hides are left out. Raises PdfiumError."""
    if _is_cropped(page):
        return "\n".join(" ".join(word.text for word in line) for line in page_lines(page))
    text_page = page.get_textpage()
    text = str(text_page.get_text_range(errors="ignore"))
    text_page.close()
    return plain(text)


def plain(text: str) -> str:
    """Return the text with the letters behind ligatures and shaped letters, words that a line end parted made whole."""
    text = _SHAPES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return _SOFT_HYPHEN.sub("", text)


def page_lines(page: pypdfium2.PdfPage) -> list[Line]:
    """Return the words of a page in the order of reading, line by line. Words that are not seen are left out. Raises PdfiumError."""
    text_page = page.get_textpage()
    lines: list[Line] = []
    line: Line = []
    places = _map_of(page)
    for text, spans in _words(text_page):
        if text == "\n":
            lines.append(line)
            line = []
            continue
        boxes = [box for start, end in spans if (box := _place(text_page, places, start, end)) is not None]
        text = plain(text)
        if boxes and text:
            line.append(Word(text, tuple(boxes)))
    text_page.close()
    return [one for one in [*lines, line] if one]


def _is_cropped(page: pypdfium2.PdfPage) -> bool:
    media, crop = page.get_mediabox(), page.get_cropbox()
    return any(abs(one - other) > 1 for one, other in zip(media, crop, strict=True))


def _map_of(page: pypdfium2.PdfPage) -> _Map:
    def seen(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _MEASURE, _MEASURE, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value * FULL / _MEASURE, down.value * FULL / _MEASURE

    (x0, y0), (right_x, right_y), (up_x, up_y) = seen(0, 0), seen(100, 0), seen(0, 100)
    return _Map(x0, y0, (right_x - x0) / 100, (right_y - y0) / 100, (up_x - x0) / 100, (up_y - y0) / 100)


def _words(text_page: pypdfium2.PdfTextPage) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return words with the runs of letters that they are made of, first and last: several where a line end parts one.

    A "\\n" parts lines.
    """
    found: list[tuple[str, list[tuple[int, int]]]] = []
    letters: list[str] = []
    spans: list[tuple[int, int]] = []
    start = -1
    parted = False
    raw, unicode_at = text_page.raw, pdfium.FPDFText_GetUnicode
    for index in range(text_page.count_chars()):
        code = unicode_at(raw, index)
        if code in _HYPHENS:
            parted = True
        elif code > 32 and code not in (0xA0, 0x3000):
            letters.append(_letter(code))
            start = index if start < 0 else start
            parted = False
            continue
        if start >= 0:
            spans.append((start, index - 1))
            start = -1
        if parted:
            continue  # the word goes on behind the line end
        if letters:
            found.append((_joined(letters), spans))
            letters, spans = [], []
        if code == 10:
            found.append(("\n", []))
    if start >= 0:
        spans.append((start, text_page.count_chars() - 1))
    if letters:
        found.append((_joined(letters), spans))
    return found


def _letter(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else ""


def _joined(letters: list[str]) -> str:
    """Letters beyond the first plane come as two halves each."""
    return "".join(letters).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _place(text_page: pypdfium2.PdfTextPage, places: _Map, start: int, end: int) -> Box | None:
    """Return where a run of letters is seen, None where none of it is on the page."""
    boxes = []
    for index in {start, end}:
        rect = pdfium.FS_RECTF()
        if pdfium.FPDFText_GetLooseCharBox(text_page.raw, index, ctypes.byref(rect)):
            boxes.append(places.box(rect))
    return squared(boxes)
