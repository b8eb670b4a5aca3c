"""Making a tile of a TIFF a JPEG of its own, undecoded. Pure."""

from __future__ import annotations

from interop.iiif.image.tiff import RGB, NotAPyramid

_START, _END = b"\xff\xd8", b"\xff\xd9"
# APP14 "Adobe", version 100, no flags, transform 0: the three components are red, green and blue. Without it every decoder takes
# them for YCbCr, and the picture comes out pink and green.
_ADOBE_RGB = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"


def head(tables: bytes, photometric: int) -> bytes:
    """Return what stands before a tile's own data in a JPEG of its own (TIFF Technical Note 2). Raises NotAPyramid."""
    if tables and not (tables.startswith(_START) and tables.endswith(_END)):
        raise NotAPyramid("the tables are not JPEG data")
    return b"".join((_START, _ADOBE_RGB if photometric == RGB else b"", tables[2:-2]))


def joined(before: bytes, tile: bytes) -> bytes:
    """Return a complete JPEG from its `head` and a tile's data. Raises NotAPyramid."""
    if not tile.startswith(_START):
        raise NotAPyramid("a tile is not JPEG data")
    return b"".join((before, memoryview(tile)[2:]))


def shortened(content: bytes, *, height: int) -> bytes:
    """Return the JPEG with another height in its frame header (T.81, B.2.2): a decoder stops after so many rows. Raises NotAPyramid."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return b"".join((content[: place + 5], height.to_bytes(2, "big"), memoryview(content)[place + 7 :]))
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    raise NotAPyramid("a tile has no frame")
