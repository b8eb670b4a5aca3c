"""Fonts for the words in sample files, taken from what the set-up built, else from what is at hand.

The built fonts draw ơ̆ and ê̆ right; they are made for browsers (WOFF2) and are unpacked here for Pillow and for PDF.
Without them a system's DejaVu, and at last Pillow's own font, keep the sample loading: uglier, never stopped.
"""

import io
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

BUILT = Path(__file__).resolve().parents[2] / "static" / "built" / "fonts"
SYSTEM = Path("/usr/share/fonts/truetype")
CANDIDATES = {
    "sans": (BUILT / "sans-400.woff2", SYSTEM / "dejavu" / "DejaVuSans.ttf"),
    "serif": (BUILT / "serif-400.woff2", SYSTEM / "dejavu" / "DejaVuSerif.ttf"),
    "tai-viet": (BUILT / "tai-viet-400.woff2",),
}


@cache
def font_bytes(family: str) -> bytes | None:
    """The bytes of a TrueType file for "sans", "serif" or "tai-viet"; None when there is none."""
    for path in CANDIDATES[family]:
        if path.is_file():
            return _unpacked(path) if path.suffix == ".woff2" else path.read_bytes()
    if family == "tai-viet":
        return None
    own = getattr(ImageFont.load_default(16), "path", None)
    return own.getvalue() if isinstance(own, io.BytesIO) else None


def _unpacked(path: Path) -> bytes:
    """A WOFF2 file as the TrueType file that it holds."""
    font = TTFont(path, recalcTimestamp=False)
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


@cache
def picture_font(family: str, size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font that Pillow can draw with; marks above letters are stacked by raqm where Pillow has it."""
    data = font_bytes(family)
    return ImageFont.truetype(io.BytesIO(data), size_px) if data else ImageFont.load_default(size_px)
