"""Writes the document that is measured: A4 pages of text, every third on the grey picture of a sheet, as scanned books with text have."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pyvips

WIDTH_PT, HEIGHT_PT = 595, 842
_SYLLABLES = [
    "ban",
    "chieng",
    "cong",
    "gong",
    "harvest",
    "house",
    "ko",
    "lang",
    "long",
    "nam",
    "neu",
    "nha",
    "ngay",
    "nui",
    "rong",
    "song",
    "su",
    "tay",
    "than",
    "thi",
    "tieng",
    "trong",
    "xua",
]
_LINES, _WORDS_A_LINE = 45, 16
_SHEETS = 6


def write(path: Path, pages: int) -> Path:
    """Write the document, always the same one."""
    chance = random.Random(5)
    sheets = [_sheet(seed) for seed in range(_SHEETS)]
    bodies: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    first_sheet = len(bodies) + 1
    for jpeg, width, height in sheets:
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
            f" /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
        )
        bodies.append(head.encode() + jpeg + b"\nendstream")
    kids = []
    for number in range(pages):
        content = zlib.compress(_content(chance, scanned=number % 3 == 2))
        bodies.append(
            f"<< /Filter /FlateDecode /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
        )
        sheet = first_sheet + number % _SHEETS
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH_PT} {HEIGHT_PT}] /Contents {len(bodies)} 0 R /Resources"
            f" << /Font << /F 3 0 R >> /XObject << /S {sheet} 0 R >> >> >>".encode()
        )
        kids.append(f"{len(bodies)} 0 R")
    bodies[1] = f"<< /Type /Pages /Count {pages} /Kids [{' '.join(kids)}] >>".encode()
    path.write_bytes(_assembled(bodies))
    return path


def _content(chance: random.Random, *, scanned: bool) -> bytes:
    lines = [" ".join(chance.choices(_SYLLABLES, k=_WORDS_A_LINE))[:95] for _ in range(_LINES)]
    shown = "".join(f"1 0 0 1 40 {800 - 17 * row} Tm ({line}) Tj\n" for row, line in enumerate(lines))
    sheet = f"q {WIDTH_PT} 0 0 {HEIGHT_PT} 0 0 cm /S Do Q\n" if scanned else ""
    return f"{sheet}BT /F 9 Tf\n{shown}ET".encode()


def _sheet(seed: int) -> tuple[bytes, int, int]:
    """Paper of 150 dots per inch: stains of several sizes and grain."""
    width, height = 1240, 1754
    clouds = pyvips.Image.perlin(width, height, cell_size=256, seed=seed) * 60 + 180
    clouds += pyvips.Image.perlin(width, height, cell_size=24, seed=seed + 9) * 20
    paper = (
        (clouds + pyvips.Image.gaussnoise(width, height, sigma=5, seed=seed)).cast("uchar").copy(interpretation="b-w")
    )
    return paper.jpegsave_buffer(Q=75), width, height


def _assembled(bodies: list[bytes]) -> bytes:
    whole, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        starts.append(len(whole))
        whole += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    rows = "".join(f"{start:010} 00000 n \n" for start in starts)
    tail = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{rows}trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\n"
    return whole + f"{tail}startxref\n{len(whole)}\n%%EOF\n".encode()
