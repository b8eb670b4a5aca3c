"""Documents: typeset pages with real text and bookmarks, or pages that look scanned and hold no text at all."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyvips
from PIL import Image, ImageDraw

from archive.sample import marks
from archive.sample.lettering import picture_font
from archive.sample.marks import Mark
from archive.sample.pdf_file import PdfFile
from archive.sample.pdf_font import EmbeddedFont, face
from archive.sample.pictures import card, label, picture
from archive.sample.texts import Section, sections
from archive.sample.typeset import Block, Typesetter, add_info, faces
from archive.sample.weaving import INK

SCAN_DPI = 150
SCAN_PX = (1240, 1754)  # A4 at 150 dpi
PAPER = (238, 229, 208)
Table = tuple[tuple[str, ...], ...]


def make(mark: Mark, target: Path, settings: Mapping[str, int | str], *, table: Table = ()) -> None:
    """Writes the document that `settings` describe (variant "typeset" or "scan", themes, pages, closed, …)."""
    if settings.get("closed"):
        target.write_bytes(_bound([card(mark, width=SCAN_PX[0], height=SCAN_PX[1])], mark, SCAN_DPI))
    elif settings["variant"] == "scan" or faces() is None:
        target.write_bytes(_bound(list(_scans(mark, settings)), mark, SCAN_DPI))
    else:
        target.write_bytes(_typeset(mark, settings, table))


def _plate(mark: Mark, figure: str, seed: int) -> Block:
    """A drawn cloth with the item's label on it."""
    own = Mark(mark.identifier, mark.title, mark.people, seed)
    image = picture(own, figure=figure, width=1400, height=900, pixels_per_thread=6).cast("uchar")
    caption = f"Hình dệt do phần mềm vẽ. {marks.PREFIX_VI} {mark.identifier}"
    return Block("plate", caption, jpeg=image.copy(interpretation="srgb").jpegsave_buffer(Q=80), size_px=(1400, 900))


def _typeset(mark: Mark, settings: Mapping[str, int | str], table: Table) -> bytes:
    pair = faces()
    assert pair is not None  # noqa: S101 (make() asked)
    setter = Typesetter(mark, pair, text_pt=float(settings.get("text_pt", 11.5)))
    figure = str(settings.get("figure", "book"))
    setter.add(Block("title", mark.marked_title))
    setter.add(_plate(mark, figure, mark.seed))
    for number, section in enumerate(sections(str(settings["themes"]))):
        setter.add(Block("heading", section.heading))
        for paragraph in section.paragraphs:
            setter.add(Block("text", paragraph))
        if number % 4 == 3:
            setter.add(_plate(mark, figure, mark.seed + number))
    if table:
        setter.add(Block("heading", str(settings.get("table_heading", "Bảng tra cứu"))))
        shares = (1 / len(table[0]),) * len(table[0])
        for cells in table:
            setter.add(Block("row", cells=cells, columns=shares))
    if settings.get("tai_viet"):
        _tai_viet(setter)
    return setter.save()


def _tai_viet(setter: Typesetter) -> None:
    """The letters of the Tai Viet block (U+AA80 to U+AADF) one by one: a chart for fonts, not a text in Thái."""
    chart = face("tai-viet")
    setter.add(Block("heading", "Bảng chữ Thái (Tai Viet) theo thứ tự mã"))
    if chart is None:
        setter.add(Block("text", "Máy này chưa có phông chữ Thái, nên bảng được để trống."))
        return
    font = EmbeddedFont(chart, "Chart")
    setter.fonts.append(font)
    letters = [chr(code) for code in range(0xAA80, 0xAAAF + 1)]
    held, setter.text = setter.text, font
    for start in range(0, len(letters), 8):
        setter.add(Block("row", cells=tuple(letters[start : start + 8]), columns=(1 / 8,) * 8))
    setter.text = held


def _scans(mark: Mark, settings: Mapping[str, int | str]) -> Iterator[Image.Image]:
    """Pages of aged paper, each turned a little, with typed text and no text layer."""
    found = sections(str(settings["themes"]))
    count = int(settings.get("pages", len(found)))
    for number in range(count):
        yield _scan(mark, found[number % len(found)], number + 1)


def _scan(mark: Mark, section: Section, number: int) -> Image.Image:
    width, height = SCAN_PX
    page = Image.new("RGB", SCAN_PX, PAPER)
    pen = ImageDraw.Draw(page)
    big, small = picture_font("serif", 34), picture_font("serif", 25)
    pen.text((120, 110), f"{marks.PREFIX_VI} {mark.identifier}   ·   tờ {number}", font=small, fill=INK["wine"])
    pen.text((120, 190), section.heading, font=big, fill=(48, 40, 36))
    y = 270
    for paragraph in section.paragraphs:
        line = ""
        for word in [*paragraph.split(), "\n"]:
            longer = f"{line} {word}".strip()
            if word == "\n" or pen.textlength(longer, font=small) > width - 250:
                pen.text((120, y), line, font=small, fill=(58, 48, 44))
                y, line = y + 46, word
            else:
                line = longer
        y += 26
    turned = page.rotate(((mark.seed + number * 7) % 13 - 6) / 10, Image.Resampling.BICUBIC, fillcolor=(206, 194, 168))
    grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=7, seed=mark.seed * 100 + number)
    sheet = pyvips.Image.new_from_memory(turned.tobytes(), width, height, 3, "uchar")
    worn = (sheet + grain).cast("uchar")
    aged = Image.frombytes("RGB", SCAN_PX, worn.write_to_memory())
    strip = label(mark, width=width, height=height // 16)
    aged.paste(strip, (0, height - strip.height))
    return aged


def _bound(scans: list[Image.Image], mark: Mark, dpi: int) -> bytes:
    """Pictures as pages of a PDF, one JPEG each."""
    pdf = PdfFile()
    parent, kids = pdf.reserve(), []
    for scan in scans:
        out = io.BytesIO()
        scan.save(out, "JPEG", quality=72)
        image = pdf.stream(
            out.getvalue(),
            f"/Type /XObject /Subtype /Image /Width {scan.width} /Height {scan.height} /ColorSpace /DeviceRGB "
            "/BitsPerComponent 8 /Filter /DCTDecode",
            compress=False,
        )
        across, down = scan.width * 72 / dpi, scan.height * 72 / dpi
        content = pdf.stream(f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /Scan Do Q".encode())
        kids.append(
            pdf.add(
                f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {across:.2f} {down:.2f}] /Contents {content} 0 R "
                f"/Resources << /XObject << /Scan {image} 0 R >> >> >>"
            )
        )
    pdf.put(parent, f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>")
    catalog = pdf.add(
        f"<< /Type /Catalog /Pages {parent} 0 R /Lang (vi-VN) /ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    return pdf.save(catalog=catalog, info=add_info(pdf, mark))
