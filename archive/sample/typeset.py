"""Sets blocks of text on A4 pages: justified lines, running heads, tables, plates, bookmarks, tags for screen readers.

Units are points (1/72 inch), measured from the foot of the page as PDF does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.sample import marks
from archive.sample.marks import Mark
from archive.sample.pdf_file import PdfFile, text_string
from archive.sample.pdf_font import EmbeddedFont, Face, face

WIDTH, HEIGHT, MARGIN, FOOT = 595.28, 841.89, 68.0, 84.0
TEXT_PT, LEADING = 11.5, 1.7  # less leading lets stacked capitals (Ê̆) touch the line above


@dataclass(frozen=True)
class Block:
    """One piece of a page: "title", "heading", "text", "row" (cells) or "plate" (a JPEG with its size)."""

    kind: str
    text: str = ""
    cells: tuple[str, ...] = ()
    jpeg: bytes = b""
    size_px: tuple[int, int] = (0, 0)
    columns: tuple[float, ...] = ()


@dataclass
class _Page:
    operators: list[str] = field(default_factory=list)
    images: list[tuple[str, int]] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


class Typesetter:
    """Fills pages one block after the other."""

    def __init__(self, mark: Mark, faces: tuple[Face, Face], *, text_pt: float = TEXT_PT) -> None:
        self.mark = mark
        self.pdf = PdfFile()
        self.text = EmbeddedFont(faces[0], "Text")
        self.label = EmbeddedFont(faces[1], "Label")
        self.fonts = [self.text, self.label]
        self.text_pt = text_pt
        self.pages: list[_Page] = []
        self.headings: list[tuple[str, int, float]] = []
        self.tree = self.pdf.reserve()
        self.y = 0.0
        self._turn()

    def _turn(self) -> None:
        """Starts a page: running head and foot, which are no content (14.8.2.2)."""
        page = _Page()
        self.pages.append(page)
        head = f"{marks.PREFIX_VI} {self.mark.identifier} · {marks.NOTICE_VI}"
        number = str(len(self.pages))
        across = (WIDTH - self.label.face.width(number, 9)) / 2
        page.operators.append(
            "/Artifact BMC 0.62 0.13 0.14 rg "
            f"BT 1 0 0 1 {MARGIN} {HEIGHT - 44:.1f} Tm {self.label.show(head, 8.5)} ET "
            f"{MARGIN} {HEIGHT - 52:.1f} {WIDTH - 2 * MARGIN:.1f} 1.2 re f 0.12 0.16 0.34 rg "
            f"BT 1 0 0 1 {across:.1f} 40 Tm {self.label.show(number, 9)} ET EMC"
        )
        self.y = HEIGHT - 92

    def _room(self, needed: float) -> None:
        if self.y - needed < FOOT:
            self._turn()

    def _tagged(self, role: str, operators: str, alt: str = "") -> None:
        """Adds content under one structure element of its own (14.7.4)."""
        page = self.pages[-1]
        extra = f" /Alt {text_string(alt)}" if alt else ""
        element = self.pdf.reserve()
        self.pdf.put(
            element,
            f"<< /Type /StructElem /S /{role} /P {self.tree} 0 R /K {len(page.tags)} "
            f"/Pg %PAGE{len(self.pages) - 1}%{extra} >>",
        )
        page.operators.append(f"/{role} << /MCID {len(page.tags)} >> BDC {operators} EMC")
        page.tags.append(element)

    def lines(self, text: str, font: EmbeddedFont, size: float, width: float) -> list[str]:
        """The text broken into lines that fit."""
        out: list[str] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if line and font.face.width(longer, size) > width:
                out.append(line)
                line = word
            else:
                line = longer
        return [*out, line] if line else out

    def _paragraph(self, text: str, font: EmbeddedFont, size: float, *, role: str, justified: bool, ink: str) -> None:
        width, lead = WIDTH - 2 * MARGIN, size * LEADING
        rows = self.lines(text, font, size, width)
        start = 0
        while start < len(rows):
            self._room(lead)
            fit = max(1, int((self.y - FOOT) // lead))
            part = rows[start : start + fit]
            shown = []
            for offset, row in enumerate(part):
                spare = width - font.face.width(row, size)
                last = start + offset == len(rows) - 1
                gap = spare / row.count(" ") if justified and not last and " " in row else 0.0
                self.y -= lead
                shown.append(f"1 0 0 1 {MARGIN} {self.y:.2f} Tm {font.show(row, size, gap)}")
            self._tagged(role, f"{ink} rg BT " + "\n".join(shown) + " ET")
            start += len(part)

    def add(self, block: Block) -> None:
        """Sets one block; turns the page where it must."""
        if block.kind == "title":
            self._paragraph(block.text, self.label, 24, role="H1", justified=False, ink="0.62 0.13 0.14")
            self.y -= 14
        elif block.kind == "heading":
            self._room(90)
            self.y -= 12
            self.headings.append((block.text, len(self.pages) - 1, self.y))
            self._paragraph(
                block.text, self.label, self.text_pt + 3.5, role="H2", justified=False, ink="0.12 0.16 0.34"
            )
            self.y -= 3
        elif block.kind == "text":
            self._paragraph(block.text, self.text, self.text_pt, role="P", justified=True, ink="0.1 0.09 0.09")
            self.y -= self.text_pt * 0.6
        elif block.kind == "row":
            self._row(block)
        elif block.kind == "plate":
            self._plate(block)

    def _row(self, block: Block) -> None:
        """A line of a table: cells side by side over a hair line, every cell wrapped in its column."""
        size, full = self.text_pt - 1.5, WIDTH - 2 * MARGIN
        widths = [share * full for share in block.columns]
        cells = [self.lines(cell, self.text, size, width - 8) for cell, width in zip(block.cells, widths, strict=True)]
        depth = max(len(cell) for cell in cells) * size * LEADING
        self._room(depth + 4)
        shown, left = [], MARGIN
        for cell, width in zip(cells, widths, strict=True):
            for number, row in enumerate(cell, start=1):
                down = self.y - number * size * LEADING
                shown.append(f"1 0 0 1 {left:.1f} {down:.2f} Tm {self.text.show(row, size)}")
            left += width
        self.y -= depth + 4
        self._tagged("P", "0.1 0.09 0.09 rg BT " + "\n".join(shown) + " ET")
        self.pages[-1].operators.append(
            f"/Artifact BMC 0.8 0.75 0.66 rg {MARGIN} {self.y - 2:.2f} {full:.1f} 0.5 re f EMC"
        )

    def _plate(self, block: Block) -> None:
        """A picture across the text's width, with its caption."""
        across = WIDTH - 2 * MARGIN
        down = across * block.size_px[1] / block.size_px[0]
        self._room(down + 40)
        self.y -= down
        number = self.pdf.stream(
            block.jpeg,
            f"/Type /XObject /Subtype /Image /Width {block.size_px[0]} /Height {block.size_px[1]} "
            "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
            compress=False,
        )
        page = self.pages[-1]
        name = f"Plate{len(page.images)}"
        page.images.append((name, number))
        self._tagged("Figure", f"q {across:.2f} 0 0 {down:.2f} {MARGIN} {self.y:.2f} cm /{name} Do Q", block.text)
        self.y -= 6
        self._paragraph(block.text, self.label, 9, role="Caption", justified=False, ink="0.3 0.28 0.28")
        self.y -= 10

    def save(self) -> bytes:
        """The finished file."""
        return _bind(self)


def _bind(setter: Typesetter) -> bytes:
    """Writes pages, fonts, bookmarks, tags and metadata around what was set."""
    pdf = setter.pdf
    fonts = " ".join(f"/{font.resource} {font.write(pdf)} 0 R" for font in setter.fonts)
    parent, numbers = pdf.reserve(), [pdf.reserve() for _ in setter.pages]
    for index, page in enumerate(setter.pages):
        content = pdf.stream("\n".join(page.operators).encode("latin-1"))
        images = " ".join(f"/{name} {number} 0 R" for name, number in page.images)
        pdf.put(
            numbers[index],
            f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {content} 0 R "
            f"/Resources << /Font << {fonts} >> /XObject << {images} >> >> /StructParents {index} /Tabs /S >>",
        )
        for element in page.tags:
            pdf.replace(element, f"%PAGE{index}%", f"{numbers[index]} 0 R")
    pdf.put(parent, f"<< /Type /Pages /Count {len(numbers)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>")
    elements = [f"{element} 0 R" for page in setter.pages for element in page.tags]
    nums = " ".join(f"{i} [{' '.join(f'{e} 0 R' for e in page.tags)}]" for i, page in enumerate(setter.pages))
    pdf.put(
        setter.tree,
        f"<< /Type /StructTreeRoot /K [{' '.join(elements)}] /ParentTree {pdf.add(f'<< /Nums [{nums}] >>')} 0 R >>",
    )
    outline = _bookmarks(pdf, setter.headings, numbers)
    catalog = pdf.add(
        f"<< /Type /Catalog /Pages {parent} 0 R /Lang (vi-VN) /MarkInfo << /Marked true >> "
        f"/StructTreeRoot {setter.tree} 0 R /Outlines {outline} 0 R /PageMode /UseOutlines "
        "/ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    return pdf.save(catalog=catalog, info=add_info(pdf, setter.mark))


def add_info(pdf: PdfFile, mark: Mark) -> int:
    """The document information dictionary (14.3.3): what a viewer shows as title and author."""
    return pdf.add(
        f"<< /Title {text_string(mark.marked_title)} /Author {text_string(marks.CREATOR)} "
        f"/Subject {text_string(mark.description)} /Creator {text_string(marks.CREATOR)} >>"
    )


def _bookmarks(pdf: PdfFile, headings: Sequence[tuple[str, int, float]], pages: Sequence[int]) -> int:
    """The outline (12.3.3); returns its root."""
    root, items = pdf.reserve(), [pdf.reserve() for _ in headings]
    for i, (text, page, y) in enumerate(headings):
        around = (f" /Prev {items[i - 1]} 0 R" if i else "") + (
            f" /Next {items[i + 1]} 0 R" if i + 1 < len(items) else ""
        )
        pdf.put(
            items[i],
            f"<< /Title {text_string(text)} /Parent {root} 0 R{around} "
            f"/Dest [{pages[page]} 0 R /XYZ 0 {y + 30:.0f} 0] >>",
        )
    ends = f" /First {items[0]} 0 R /Last {items[-1]} 0 R /Count {len(items)}" if items else ""
    return pdf.put(root, f"<< /Type /Outlines{ends} >>")


def faces() -> tuple[Face, Face] | None:
    """The text and the label face; None where there is no TrueType font at all."""
    text, label = face("serif"), face("sans")
    return (text, label) if text and label else None
