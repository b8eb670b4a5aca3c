"""Which version of its format a picture follows, as its identifier in the PRONOM registry. Reads headers alone.

The conditions are those of PRONOM's own signatures (signature file 109); where they need a search through the whole file, the field that
they search for is read where the format puts it.
"""

import re
import struct
from collections.abc import Callable
from pathlib import Path

from media_pipeline.formats import FORMATS
from media_pipeline.processors.image_raw import dng_version
from media_pipeline.processors.tiff_directory import directories, opened

_HEAD_BYTES = 64 * 1024
_NONE = "none"
_CHUNKS_AT_MOST = 10_000
_JFIF = {(1, 0): "fmt/42", (1, 1): "fmt/43", (1, 2): "fmt/44"}
_EXIF = {b"0200": "x-fmt/398", b"0210": "x-fmt/390", b"0220": "x-fmt/391", b"0221": "fmt/645"}
_EXIF_VERSION = re.compile(rb"\x90\x00\x00\x07\x00\x00\x00\x04(0\d\d\d)|\x00\x90\x07\x00\x04\x00\x00\x00(0\d\d\d)")
_GEO_KEYS, _TIFF_EP = 0x87AF, 0x9216
_DNG = {"1.0": "fmt/436", "1.1": "fmt/152", "1.2": "fmt/437", "1.3": "fmt/438", "1.4": "fmt/730"}
_WEBP = {b"VP8 ": "fmt/566", b"VP8L": "fmt/567", b"VP8X": "fmt/568"}
_BITMAP = {12: "fmt/115", 16: "x-fmt/270", 64: "x-fmt/270", 108: "fmt/118", 124: "fmt/119"}
_ANYMAP = {
    b"P1": "x-fmt/164",
    b"P2": "fmt/407",
    b"P3": "x-fmt/178",
    b"P4": "fmt/409",
    b"P5": "fmt/406",
    b"P6": "fmt/408",
}
_JPEG_2000 = {b"jpx ": "fmt/151", b"jpm ": "fmt/463", b"mjp2": "fmt/337"}
_PCX = {0: "fmt/86", 2: "fmt/87", 3: "fmt/88", 4: "fmt/89", 5: "fmt/90"}


def puid(path: Path, extension: str) -> str:
    """Return the identifier of the version, or of the format where nothing tells the version; empty where PRONOM has none."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    teller = _TELLERS.get(extension)
    try:
        found = (teller(path, head) if teller else "") or FORMATS[extension].puid
        return "" if found == _NONE else found
    except (struct.error, IndexError, OSError, OverflowError, ValueError):
        return FORMATS[extension].puid


def _jpeg(path: Path, head: bytes) -> str:
    marker = head[3]
    if marker == 0xE0 and head[6:11] == b"JFIF\x00":
        return _JFIF.get((head[11], head[12]), "")
    if marker == 0xE1 and head[6:12] == b"Exif\x00\x00":
        found = _EXIF_VERSION.search(head)
        version = (found[1] or found[2]) if found else b""
        return "fmt/1507" if version.startswith(b"023") else _EXIF.get(version, "")
    return ""


def _png(path: Path, head: bytes) -> str:
    """By its chunks: moving pictures, then international text (1.2), then profiles and palettes (1.1)."""
    names = set()
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 8
        for _ in range(_CHUNKS_AT_MOST):
            file.seek(at)
            entry = file.read(8)
            if len(entry) < 8 or at > size:
                break
            names.add(entry[4:])
            at += 12 + struct.unpack(">I", entry[:4])[0]
    if b"acTL" in names:
        return "fmt/935"
    if b"iTXt" in names:
        return "fmt/13"
    return "fmt/12" if names & {b"iCCP", b"sPLT"} else ""


def _tiff(path: Path, head: bytes) -> str:
    if head[2:4] in (b"+\x00", b"\x00+"):  # BigTIFF: PRONOM's signature of TIFF does not cover it
        return _NONE
    with path.open("rb") as file:
        reader = opened(file)
        first = next(directories(reader), {}) if reader else {}
    if _GEO_KEYS in first:
        return "fmt/155"
    return "fmt/154" if _TIFF_EP in first else ""


def _bitmap(path: Path, head: bytes) -> str:
    size, compression = struct.unpack_from("<I", head, 14)[0], struct.unpack_from("<I", head, 30)[0]
    return "fmt/117" if size == 40 and compression == 3 else _BITMAP.get(size, "")


def _targa(path: Path, head: bytes) -> str:
    with path.open("rb") as file:
        file.seek(-18, 2)
        return "fmt/402" if file.read(18) == b"TRUEVISION-XFILE.\x00" else ""


_TELLERS: dict[str, Callable[[Path, bytes], str]] = {
    "jpg": _jpeg,
    "png": _png,
    "tif": _tiff,
    "bmp": _bitmap,
    "tga": _targa,
    "gif": lambda path, head: "fmt/3" if head.startswith(b"GIF87a") else "",
    "webp": lambda path, head: _WEBP.get(head[12:16], ""),
    "pnm": lambda path, head: _ANYMAP.get(head[:2], ""),
    "jp2": lambda path, head: _JPEG_2000.get(head[20:24], ""),
    "pcx": lambda path, head: _PCX.get(head[1], ""),
    "fli": lambda path, head: "fmt/298" if head[4:6] == b"\x12\xaf" else "",
    "dng": lambda path, head: _DNG.get(dng_version(path), ""),
}
