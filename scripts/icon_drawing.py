"""Draw the PNG icons of the web manifest from the logo.

Run as `icon_drawing.py LOGO FOLDER`: LOGO is an SVG, FOLDER exists and gets icon-192.png and icon-512.png.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyvips

SIZES_PX = (192, 512)
SOOT_BLACK = [20, 20, 28]
# A maskable icon shows at least its inner 80 %.
LOGO_SHARE = 0.7


def draw(logo: Path, folder: Path) -> None:
    """Write each icon: the logo on soot black, with room around it for round masks."""
    for size_px in SIZES_PX:
        inner_px = round(size_px * LOGO_SHARE)
        mark = pyvips.Image.thumbnail(str(logo), inner_px, size="both").flatten(background=SOOT_BLACK)
        gap_px = (size_px - inner_px) // 2
        icon = mark.embed(gap_px, gap_px, size_px, size_px, extend="background", background=SOOT_BLACK)
        icon.pngsave(str(folder / f"icon-{size_px}.png"), palette=True, strip=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
