"""A TrueType font inside a PDF: measured, with marks put where the font says, and cut down to the glyphs used.

PDF does no shaping of its own. Vietnamese needs none (every letter is one glyph), but ơ̆ and ê̆ are two code points:
the second is placed by the anchors of the font's GPOS table (OpenType, lookup type 4).
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

from archive.sample.lettering import font_bytes
from archive.sample.pdf_file import PdfFile

COMBINING = {chr(code) for code in range(0x0300, 0x0370)}


@dataclass(frozen=True)
class Placed:
    """One glyph: its number, its advance, and where a mark goes relative to the base's origin (font units)."""

    glyph: int
    advance: int
    text: str
    at: tuple[int, int] | None = None


class Face:
    """The measures of one font file. Any: fontTools has no types."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        font: Any = TTFont(io.BytesIO(data), lazy=True)
        self.units_per_em: int = font["head"].unitsPerEm
        self.ascent: int = font["hhea"].ascent
        self.descent: int = font["hhea"].descent
        self.box: tuple[int, int, int, int] = (
            font["head"].xMin,
            font["head"].yMin,
            font["head"].xMax,
            font["head"].yMax,
        )
        self._cmap: dict[int, str] = font.getBestCmap()
        self._order: dict[str, int] = font.getReverseGlyphMap()
        self._advances: dict[str, int] = {name: pair[0] for name, pair in font["hmtx"].metrics.items()}
        self._anchors = _mark_anchors(font)

    def place(self, text: str) -> list[Placed]:
        """The glyphs of a line of text. A letter that the font lacks becomes its base letter, or is left out."""
        placed: list[Placed] = []
        base = ""
        for letter in unicodedata.normalize("NFC", text):
            name = self._cmap.get(ord(letter)) or self._cmap.get(ord(unicodedata.normalize("NFD", letter)[0]))
            if name is None:
                continue
            advance = self._advances[name]
            if letter in COMBINING and base:
                marks, bases = self._anchors
                pair = next(
                    ((m, bases[base][k]) for k, m in marks.get(name, {}).items() if k in bases.get(base, {})), None
                )
                at = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]) if pair else (self._advances[base], 0)
                placed.append(Placed(self._order[name], advance, letter, at))
            else:
                base = name
                placed.append(Placed(self._order[name], advance, letter))
        return placed

    def width(self, text: str, size_pt: float) -> float:
        """Points that the text takes on its line."""
        return sum(glyph.advance for glyph in self.place(text) if glyph.at is None) * size_pt / self.units_per_em


Anchors = dict[str, dict[tuple[int, int], tuple[int, int]]]


def _mark_anchors(font: Any) -> tuple[Anchors, Anchors]:
    """Anchors of marks and of bases, by glyph name and (subtable, class)."""
    marks: Anchors = {}
    bases: Anchors = {}
    if "GPOS" not in font or font["GPOS"].table.LookupList is None:
        return marks, bases
    number = 0
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if inner.LookupType != 4:
                continue
            number += 1
            for name, record in zip(inner.MarkCoverage.glyphs, inner.MarkArray.MarkRecord, strict=True):
                anchor = record.MarkAnchor
                marks.setdefault(name, {})[number, record.Class] = (anchor.XCoordinate, anchor.YCoordinate)
            for name, record in zip(inner.BaseCoverage.glyphs, inner.BaseArray.BaseRecord, strict=True):
                for kind, anchor in enumerate(record.BaseAnchor):
                    if anchor is not None:
                        bases.setdefault(name, {})[number, kind] = (anchor.XCoordinate, anchor.YCoordinate)
    return marks, bases


@cache
def face(family: str) -> Face | None:
    """The face for "sans", "serif" or "tai-viet"; None where no such font is at hand."""
    data = font_bytes(family)
    return Face(data) if data else None


class EmbeddedFont:
    """A face as one PDF uses it: remembers its glyphs and writes itself at the end."""

    def __init__(self, measured: Face, resource: str) -> None:
        self.face = measured
        self.resource = resource
        self._used: dict[int, Placed] = {}

    def show(self, text: str, size_pt: float, extra_per_space_pt: float = 0.0) -> str:
        """Operators that show a line (9.4.3), spaces widened for justified text, marks lifted onto their letters."""
        em = self.face.units_per_em
        out: list[str] = []
        line: list[str] = []
        pen = base_start = 0
        for glyph in self.face.place(text):
            self._used.setdefault(glyph.glyph, glyph)
            if glyph.at is None:
                base_start = pen
                line.append(f"<{glyph.glyph:04X}>")
                pen += glyph.advance
                if glyph.text == " " and extra_per_space_pt:
                    line.append(f"{-extra_per_space_pt * 1000 / size_pt:.1f}")
                continue
            back = (base_start + glyph.at[0] - pen) * 1000 / em
            forth = (pen - base_start - glyph.at[0] - glyph.advance) * 1000 / em
            out.append(f"[{''.join(line)} {-back:.1f}] TJ {glyph.at[1] * size_pt / em:.2f} Ts")
            out.append(f"[<{glyph.glyph:04X}>] TJ 0 Ts")
            line = [f"{-forth:.1f}"]
        out.append(f"[{''.join(line)}] TJ")
        return f"/{self.resource} {size_pt} Tf " + "\n".join(out)

    def write(self, pdf: PdfFile) -> int:
        """Adds the font's objects; returns the number of the Type 0 font (9.7)."""
        scale = 1000 / self.face.units_per_em
        name = f"SAMPLE+{self.resource}"
        program = pdf.stream(_cut(self.face.data, sorted(self._used)))
        box = " ".join(str(round(value * scale)) for value in self.face.box)
        descriptor = pdf.add(
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /StemV 80 "
            f"/Ascent {round(self.face.ascent * scale)} /Descent {round(self.face.descent * scale)} "
            f"/CapHeight {round(self.face.ascent * scale * 0.7)} /FontFile2 {program} 0 R >>"
        )
        widths = " ".join(f"{number} [{round(g.advance * scale)}]" for number, g in sorted(self._used.items()))
        inner = pdf.add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap /Identity "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} 0 R /W [{widths}] >>"
        )
        return pdf.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            f"/DescendantFonts [{inner} 0 R] /ToUnicode {pdf.stream(self._to_unicode())} 0 R >>"
        )

    def _to_unicode(self) -> bytes:
        """The table that turns glyphs back into text (9.10.3), at most a hundred lines a block."""
        pairs = [f"<{n:04X}> <{g.text.encode('utf-16-be').hex().upper()}>" for n, g in sorted(self._used.items())]
        blocks = "".join(
            f"{len(pairs[i : i + 100])} beginbfchar\n" + "\n".join(pairs[i : i + 100]) + "\nendbfchar\n"
            for i in range(0, len(pairs), 100)
        )
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{blocks}endcmap CMapName currentdict /CMap defineresource pop end end\n"
        ).encode()


def _cut(data: bytes, glyphs: list[int]) -> bytes:
    """The font with these glyphs only, under their old numbers, without layout tables."""
    options = subset.Options()
    options.retain_gids = True
    options.notdef_outline = True
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.drop_tables = [*options.drop_tables, "GSUB", "GPOS", "GDEF", "Silf", "Silt", "Glat", "Gloc", "Feat", "Sill"]
    font = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(gids=glyphs)
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
