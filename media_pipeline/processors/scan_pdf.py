"""Writes a PDF of pictures of pages, their words laid over them invisibly, so that they can be searched, marked and copied.

It holds pictures, words and nothing else: no title, author, date or program. Source: ISO 32000-1, 7.5 (file structure), 8.9.5 (images),
9.3.6 (text rendering mode 3), 9.7 (composite fonts), 9.10.3 (ToUnicode).
"""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from media_pipeline.processors.word_boxes import FULL, Line, Word

_FONT_UNITS = 1000
_LETTER_WIDTH = 500  # of each letter of the font that draws nothing
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
_CATALOGUE, _PAGES, _FONT, _CID_FONT, _DESCRIPTOR, _FONT_FILE, _UNICODE, _GLYPHS, _FIRST_FREE = range(1, 10)


class ScanPdf:
    """One PDF being written. `close` must be called, or the file is not a PDF."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._starts: dict[int, int] = {}
        self._pages: list[int] = []
        self._next = _FIRST_FREE
        self._file.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        self._write_font()

    def add(
        self, jpeg: bytes, pixels: tuple[int, int], size_pt: tuple[float, float], lines: Sequence[Line], *, grey: bool
    ) -> None:
        """Add a page: its picture with width and height in pixels, its size on paper in points, and its words."""
        picture, content, page = self._next, self._next + 1, self._next + 2
        self._next += 3
        width, height = (round(one, 2) for one in size_pt)
        space = "DeviceGray" if grey else "DeviceRGB"
        self._stream(
            picture,
            f"/Type /XObject /Subtype /Image /Width {pixels[0]} /Height {pixels[1]} /ColorSpace /{space}"
            " /BitsPerComponent 8 /Filter /DCTDecode",
            jpeg,
        )
        drawing = f"q {width} 0 0 {height} 0 0 cm /P Do Q\n".encode() + _invisible(lines, width, height)
        self._stream(content, "/Filter /FlateDecode", zlib.compress(drawing, 9))
        self._object(
            page,
            f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width} {height}] /Contents {content} 0 R"
            f" /Resources << /XObject << /P {picture} 0 R >> /Font << /F {_FONT} 0 R >> >> >>",
        )
        self._pages.append(page)

    def close(self) -> None:
        """Write what closes the file."""
        kids = " ".join(f"{one} 0 R" for one in self._pages)
        self._object(_PAGES, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>")
        self._object(_CATALOGUE, f"<< /Type /Catalog /Pages {_PAGES} 0 R >>")
        start, count = self._file.tell(), self._next
        rows = "".join(f"{self._starts[number]:010} 00000 n \n" for number in range(1, count))
        self._file.write(f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode())
        self._file.write(f"trailer\n<< /Size {count} /Root {_CATALOGUE} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
        self._file.close()

    def _write_font(self) -> None:
        font = _font_that_draws_nothing()
        self._object(
            _FONT,
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Unseen /Encoding /Identity-H /DescendantFonts [{_CID_FONT} 0 R]"
            f" /ToUnicode {_UNICODE} 0 R >>",
        )
        self._object(
            _CID_FONT,
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unseen /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
            f" /Supplement 0 >> /DW {_LETTER_WIDTH} /CIDToGIDMap {_GLYPHS} 0 R /FontDescriptor {_DESCRIPTOR} 0 R >>",
        )
        self._object(
            _DESCRIPTOR,
            f"<< /Type /FontDescriptor /FontName /Unseen /Flags 5 /FontBBox [0 0 {_LETTER_WIDTH} {_FONT_UNITS}] /ItalicAngle 0"
            f" /Ascent {_FONT_UNITS} /Descent 0 /CapHeight {_FONT_UNITS} /StemV 80 /FontFile2 {_FONT_FILE} 0 R >>",
        )
        self._stream(_FONT_FILE, f"/Length1 {len(font)} /Filter /FlateDecode", zlib.compress(font, 9))
        self._stream(_UNICODE, "/Filter /FlateDecode", zlib.compress(_TO_UNICODE, 9))
        self._stream(_GLYPHS, "/Filter /FlateDecode", zlib.compress(b"\x00\x01" * 65_536, 9))

    def _object(self, number: int, body: str) -> None:
        self._starts[number] = self._file.tell()
        self._file.write(f"{number} 0 obj\n{body}\nendobj\n".encode())

    def _stream(self, number: int, entries: str, content: bytes) -> None:
        self._starts[number] = self._file.tell()
        self._file.write(f"{number} 0 obj\n<< {entries} /Length {len(content)} >>\nstream\n".encode())
        self._file.write(content + b"\nendstream\nendobj\n")


def _invisible(lines: Sequence[Line], width: float, height: float) -> bytes:
    """Text operators that lay each word over its place, stretched to its width, with a space behind it.

    The words of a line stand on one base line and are equally tall, or readers would take them for several lines.
    """
    pieces = []
    for line in lines:
        words = [word for word in line if word.text and word.boxes]
        if words:
            top, bottom = min(one.boxes[0].top for one in words), max(one.boxes[0].bottom for one in words)
            tall, base = max((bottom - top) * height / FULL, 1), height - bottom * height / FULL
            pieces.append(f"/F {tall:.2f} Tf\n")
            pieces += [_placed(word, width, tall, base) for word in words]
    return "".join(["BT 3 Tr\n", *pieces, "ET"]).encode() if pieces else b""


def _placed(word: Word, width: float, tall: float, base: float) -> str:
    box = word.boxes[0]
    wide = max((box.right - box.left) * width / FULL, 1)
    code = word.text.encode("utf-16-be", "ignore")
    natural = (len(code) // 2) * tall * _LETTER_WIDTH / _FONT_UNITS
    stretched = min(100 * wide / natural, 10_000)
    return f"{stretched:.1f} Tz 1 0 0 1 {box.left * width / FULL:.2f} {base:.2f} Tm <{code.hex()}0020> Tj\n"


def _font_that_draws_nothing() -> bytes:
    """Return a TrueType font of one glyph without a line."""
    builder = FontBuilder(_FONT_UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", "unseen"])
    builder.setupCharacterMap({0x20: "unseen"})
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in (".notdef", "unseen")})
    builder.setupHorizontalMetrics({".notdef": (_LETTER_WIDTH, 0), "unseen": (_LETTER_WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=_FONT_UNITS, descent=0)
    builder.setupMaxp()
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()
