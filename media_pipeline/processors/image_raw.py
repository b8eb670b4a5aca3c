"""Raw files of cameras: told apart from other TIFFs, and shown by the largest JPEG that the camera put into them.

The raw values themselves are kept and not developed: what a camera made of them is what its user saw, and no reader of ours guesses
colours.
Sources: DNG 1.6, chapter 4; TIFF 6.0, section 22; what PRONOM says of CR2, NEF, ARW, ORF and RAF.
"""

import contextlib
import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from media_pipeline.processors.tiff_directory import Directory, directories, number, opened, text

RAW = frozenset({"cr2", "dng", "nef", "arw", "orf", "pef", "rw2", "raf"})
_BY_MAKER = (("NIKON", "nef"), ("SONY", "arw"), ("PENTAX", "pef"), ("RICOH", "pef"))
_DNG_VERSION, _MAKE, _ORIENTATION = 0xC612, 0x010F, 0x0112
_COMPRESSION, _STRIP_OFFSETS, _STRIP_SIZES = 0x0103, 0x0111, 0x0117
_JPEG_OFFSET, _JPEG_SIZE = 0x0201, 0x0202
_JPEG_COMPRESSIONS = (6, 7)
# Photometric interpretations: 32803 is a colour filter array, 34892 linear raw.
_PHOTOMETRIC, _RAW_PHOTOMETRIC = 0x0106, (32803, 34892)
PREVIEW_BYTES_AT_MOST = 64 * 1024**2
_PLACES_AT_MOST = 16
_RAF_HEAD_BYTES = 96
_JPEG_HEAD_BYTES = 256 * 1024


class Preview(NamedTuple):
    """Where the largest JPEG lies, its size in pixels, and how it is turned (1 to 8)."""

    offset: int
    size_bytes: int
    width: int
    height: int
    orientation: int


def raw_format(path: Path) -> str:
    """Return the extension of the camera format that a TIFF really is, empty for other TIFFs. Reads directories alone."""
    with path.open("rb") as file:
        found = _directories(file)
    if not found:
        return ""
    if _DNG_VERSION in found[0]:
        return "dng"
    is_raw = any(number(one, _PHOTOMETRIC) in _RAW_PHOTOMETRIC for one in found)
    maker = text(found[0], _MAKE).upper()
    return next((extension for name, extension in _BY_MAKER if maker.startswith(name)), "") if is_raw else ""


def dng_version(path: Path) -> str:
    """Return the version that a DNG says it follows, as in `1.4`."""
    with path.open("rb") as file:
        found = _directories(file)
    value = found[0].get(_DNG_VERSION) if found else None
    return f"{value[0]}.{value[1]}" if isinstance(value, tuple) and len(value) > 1 else ""


def preview(path: Path, extension: str) -> Preview | None:
    """Return the largest JPEG that the file holds, None where it holds none."""
    with path.open("rb") as file:
        places, orientation = _of_fuji(file) if extension == "raf" else _of_tiff(file)
        there = []
        for offset, size in places[:_PLACES_AT_MOST]:
            width, height = _jpeg_size(file, offset)
            if width and 0 < size <= PREVIEW_BYTES_AT_MOST:
                there.append(Preview(offset, size, width, height, orientation))
    return max(there, key=lambda one: one.width * one.height, default=None)


def _directories(file: BinaryIO) -> list[Directory]:
    """The directories as far as they can be read."""
    found: list[Directory] = []
    with contextlib.suppress(OSError, struct.error, OverflowError, ValueError):
        reader = opened(file)
        if reader is not None:
            found.extend(directories(reader))
    return found


def _of_tiff(file: BinaryIO) -> tuple[list[tuple[int, int]], int]:
    found = _directories(file)
    places = []
    for one in found:
        places.append((number(one, _JPEG_OFFSET), number(one, _JPEG_SIZE)))
        offsets = one.get(_STRIP_OFFSETS)
        # One strip alone: a picture in several is not one JPEG.
        if number(one, _COMPRESSION) in _JPEG_COMPRESSIONS and isinstance(offsets, tuple) and len(offsets) == 1:
            places.append((number(one, _STRIP_OFFSETS), number(one, _STRIP_SIZES)))
    return places, number(found[0], _ORIENTATION) if found else 1


def _of_fuji(file: BinaryIO) -> tuple[list[tuple[int, int]], int]:
    """The header names the place of a JPEG with everything: offset and length at byte 84."""
    file.seek(0)
    head = file.read(_RAF_HEAD_BYTES)
    if len(head) < _RAF_HEAD_BYTES:
        return [], 1
    offset, size = struct.unpack_from(">II", head, 84)
    return [(offset, size)], 1


def _jpeg_size(file: BinaryIO, offset: int) -> tuple[int, int]:
    """Width and height of a JPEG that can be shown (ISO/IEC 10918-1, B.2.2), else zeros: raw values are packed as lossless JPEG, too."""
    file.seek(offset)
    head = file.read(_JPEG_HEAD_BYTES)
    at = 2
    while head[:2] == b"\xff\xd8" and at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], struct.unpack_from(">H", head, at + 2)[0]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        if marker == 0xC3 or marker == 0xDA:
            break
        at += 2 + length
    return 0, 0
