"""What a picture says of itself: finds the blocks of EXIF, XMP and IPTC in their containers, and comments.

Sources: JPEG File Interchange Format 1.02 and Exif 2.32, 4.7; PNG 1.2, 4.2.3; WebP container specification; GIF 89a; TIFF 6.0;
XMP part 3.
"""

import importlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from media_pipeline.processors.embedded import FAULTS, Said
from media_pipeline.processors.embedded_exif import exif
from media_pipeline.processors.embedded_iptc import iptc
from media_pipeline.processors.embedded_xmp import xmp
from media_pipeline.processors.text_encoding import decode
from media_pipeline.processors.tiff_directory import opened, read_directory

_BLOCK_BYTES_AT_MOST = 2 * 1024**2
_BLOCKS_AT_MOST = 2000
_TEXT_BYTES_AT_MOST = 64 * 1024
_XMP_HEAD, _EXIF_HEAD, _PHOTOSHOP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00", b"Exif\x00\x00", b"Photoshop 3.0\x00"
_PNG_XMP = b"XML:com.adobe.xmp"
_TIFF_XMP, _TIFF_IPTC, _TIFF_PHOTOSHOP = 700, 33723, 34377


def read(source: Path, extension: str) -> Iterator[Said]:
    """Yield what the blocks say, in their order."""
    if extension == "heic":
        yield from _heif(source)
        return
    with source.open("rb") as file:
        teller = {"jpg": _jpeg, "png": _png, "webp": _webp, "gif": _gif}.get(extension, _tiff)
        yield from teller(file)


def _parsed(kind: str, block: bytes) -> Iterator[Said]:
    """What one block says, as far as it can be read."""
    try:
        if kind == "exif":
            yield from exif(io.BytesIO(block))
        elif kind == "xmp":
            yield from xmp(block)
        elif kind == "photoshop":
            yield from iptc(_resource(block))
        else:
            yield from iptc(block)
    except FAULTS:
        return


def _jpeg(file: BinaryIO) -> Iterator[Said]:
    file.seek(2)
    for _ in range(_BLOCKS_AT_MOST):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0xDA, 0xD9):
            return
        content = file.read(max(0, struct.unpack(">H", head[2:])[0] - 2))
        if head[1] == 0xE1 and content.startswith(_EXIF_HEAD):
            yield from _parsed("exif", content[len(_EXIF_HEAD) :])
        elif head[1] == 0xE1 and content.startswith(_XMP_HEAD):
            yield from _parsed("xmp", content[len(_XMP_HEAD) :])
        elif head[1] == 0xED and content.startswith(_PHOTOSHOP_HEAD):
            yield from _parsed("photoshop", content[len(_PHOTOSHOP_HEAD) :])
        elif head[1] == 0xFE:
            yield Said("JPEG", "Comment", decode(content)[0])


def _png(file: BinaryIO) -> Iterator[Said]:
    file.seek(8)
    for _ in range(_BLOCKS_AT_MOST):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return
        size, name = struct.unpack(">I", head[:4])[0], head[4:]
        if name not in (b"eXIf", b"tEXt", b"zTXt", b"iTXt") or size > _BLOCK_BYTES_AT_MOST:
            file.seek(size + 4, 1)
            continue
        content = file.read(size)
        file.seek(4, 1)
        if name == b"eXIf":
            yield from _parsed("exif", content)
        else:
            yield from _png_text(name, content)


def _png_text(name: bytes, content: bytes) -> Iterator[Said]:
    keyword, _, rest = content.partition(b"\x00")
    if name == b"iTXt":
        packed = rest[:1] == b"\x01"
        _language, _, after = rest[2:].partition(b"\x00")
        _translated, _, rest = after.partition(b"\x00")
        text = _inflated(rest) if packed else rest
        if keyword == _PNG_XMP:
            yield from _parsed("xmp", text)
            return
        value = text.decode("utf-8", "replace")
    else:
        value = (_inflated(rest[1:]) if name == b"zTXt" else rest).decode("latin-1")
    if keyword.startswith(b"Raw profile"):  # a block of another kind, in hexadecimal
        return
    yield Said("PNG", keyword.decode("latin-1"), value)


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _TEXT_BYTES_AT_MOST)
    except zlib.error:
        return b""


def _webp(file: BinaryIO) -> Iterator[Said]:
    file.seek(12)
    for _ in range(_BLOCKS_AT_MOST):
        head = file.read(8)
        if len(head) < 8:
            return
        size = struct.unpack("<I", head[4:])[0]
        if head[:4] in (b"EXIF", b"XMP ") and size <= _BLOCK_BYTES_AT_MOST:
            content = file.read(size + size % 2)[:size]
            kind = "exif" if head[:4] == b"EXIF" else "xmp"
            yield from _parsed(kind, content.removeprefix(_EXIF_HEAD))
        else:
            file.seek(size + size % 2, 1)


def _gif(file: BinaryIO) -> Iterator[Said]:
    """Comments, and XMP before the pictures: blocks of up to 255 bytes after `!` and a label."""
    head = file.read(13)
    file.seek(3 * 2 ** ((head[10] & 7) + 1) if head[10] & 0x80 else 0, 1)
    for _ in range(_BLOCKS_AT_MOST):
        if file.read(1) != b"!":
            return
        label = file.read(1)
        blocks = _gif_blocks(file)
        if label == b"\xfe":
            yield Said("GIF", "Comment", decode(b"".join(blocks))[0])


def _gif_blocks(file: BinaryIO) -> list[bytes]:
    blocks: list[bytes] = []
    while (size := file.read(1)) not in (b"", b"\x00") and len(blocks) < _BLOCKS_AT_MOST:
        blocks.append(file.read(size[0]))
    return blocks


def _tiff(file: BinaryIO) -> Iterator[Said]:
    yield from exif(file)
    reader = opened(file)
    found = read_directory(reader, reader.first)[0] if reader else {}
    for tag, kind in ((_TIFF_XMP, "xmp"), (_TIFF_IPTC, "iptc"), (_TIFF_PHOTOSHOP, "photoshop")):
        value = found.get(tag)
        if isinstance(value, bytes):
            yield from _parsed(kind, value)
        elif isinstance(value, tuple):
            letter = "B" if tag == _TIFF_XMP or max(value, default=0) < 256 else "I"
            yield from _parsed(
                kind, struct.pack(f"{reader.order if reader else '<'}{len(value)}{letter}", *map(int, value))
            )


def _heif(source: Path) -> Iterator[Said]:
    # Forty milliseconds that no other format needs.
    image = importlib.import_module("pi_heif").open_heif(source, convert_hdr_to_8bit=False)
    block = image.info.get("exif")
    if isinstance(block, bytes):
        yield from _parsed("exif", block.removeprefix(_EXIF_HEAD))
    packet = image.info.get("xmp")
    if isinstance(packet, bytes):
        yield from _parsed("xmp", packet)


def _resource(block: bytes) -> bytes:
    """The IPTC record among Photoshop's resources: number 0x0404 (Photoshop file formats specification, image resources)."""
    at = 0
    for _ in range(_BLOCKS_AT_MOST):
        if block[at : at + 4] != b"8BIM":
            break
        number, name_length = struct.unpack_from(">HB", block, at + 4)
        name_length += 1 + (name_length + 1) % 2
        size = struct.unpack_from(">I", block, at + 6 + name_length)[0]
        start = at + 10 + name_length
        if number == 0x0404:
            return block[start : start + size]
        at = start + size + size % 2
    return b""
