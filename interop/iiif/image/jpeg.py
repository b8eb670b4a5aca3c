"""Making a tile of a TIFF a JPEG of its own, undecoded. Pure."""

from __future__ import annotations

from interop.iiif.image.tiff import RGB, NotAPyramid

_START, _END = b"\xff\xd8", b"\xff\xd9"
# APP14 "Adobe", version 100, no flags, transform 0: the three components are red, green and blue. Without it every decoder takes
# them for YCbCr, and the picture comes out pink and green.
_ADOBE_RGB = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"


def whole(tile: bytes, *, tables: bytes, photometric: int) -> bytes:
    """Return a complete JPEG from a tile's data and the tables of its level (TIFF Technical Note 2). Raises NotAPyramid."""
    if not tile.startswith(_START) or (tables and not (tables.startswith(_START) and tables.endswith(_END))):
        raise NotAPyramid("a tile is not JPEG data")
    marker = _ADOBE_RGB if photometric == RGB else b""
    return b"".join((_START, marker, tables[2:-2], tile[2:]))
