"""The square picture that an app reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode

BORDER = 4  # modules of quiet around it, ISO/IEC 18004


@dataclass(frozen=True)
class SquareCode:
    """A QR code as one path of an SVG, in a box of `side` modules."""

    side: int
    path: str


def square_code(text: str) -> SquareCode:
    """Return the picture of a text."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return SquareCode(side=len(rows), path="".join(dark))
