"""Where a credit goes in a file: a few bytes put in, changed or taken away; all others stay where they lie. Pure.

Sources: WebP container specification; JFIF 1.02 and XMP part 3, 1.1.3; PNG 1.2 and XMP part 3, 1.1.5; ISO/IEC 14496-12 and XMP part 3,
1.2.7; ID3v2.4.0; RFC 3533 and RFC 7845, 5.2; ISO 32000-1, 7.5.6.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from archive.crediting import pdf
from archive.crediting.blocks import comments, id3, xmp
from archive.crediting.credit import Credit

HEAD_BYTES = 64 * 1024  # what a splicer sees of a file
TAIL_BYTES = {"application/pdf": pdf.TAIL_BYTES}  # and, of some, of its end
_SEGMENT_BYTES_AT_MOST = 65_500
_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_VP8X_ALPHA, _VP8X_XMP = 0x10, 0x04
_OGG_HEAD_BYTES = 27


class Stored(NamedTuple):
    """A file as it lies in the store: its beginning, how long it is in all, and for formats that are read from behind its end."""

    head: bytes
    size_bytes: int
    tail: bytes = b""


class Edit(NamedTuple):
    """At `offset` of the file, `removed` bytes make room for `added`."""

    offset: int
    removed: int
    added: bytes


def edits(media_type: str, stored: Stored, credit: Credit) -> Sequence[Edit]:
    """Return what writes the credit into a file of ours.

    None where its format has no place for one, or the file is not as we make them.
    """
    writer = _WRITERS.get(media_type)
    try:
        return writer(stored, credit) if writer else ()
    except (struct.error, IndexError, ValueError):
        return ()


def _webp(stored: Stored, credit: Credit) -> Sequence[Edit]:
    head, size = stored.head, stored.size_bytes
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or struct.unpack_from("<I", head, 4)[0] + 8 != size:
        return ()
    packet = xmp(credit)
    chunk = b"XMP " + struct.pack("<I", len(packet)) + packet + b"\x00" * (len(packet) % 2)
    if head[12:16] == b"VP8X":
        extended = Edit(20, 1, bytes([head[20] | _VP8X_XMP]))
    else:
        width, height, alpha = _webp_size(head)
        flags = _VP8X_XMP | (_VP8X_ALPHA if alpha else 0)
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        extended = Edit(12, 0, b"VP8X" + struct.pack("<IB3x", 10, flags) + canvas)
    grown = size - 8 + len(extended.added) - extended.removed + len(chunk)
    return (Edit(4, 4, struct.pack("<I", grown)), extended, Edit(size, 0, chunk))


def _webp_size(head: bytes) -> tuple[int, int, bool]:
    if head[12:16] == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF, False
    if head[12:16] == b"VP8L" and head[20] == 0x2F:
        bits = struct.unpack_from("<I", head, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    raise ValueError("not a frame of WebP")


def _jpeg(stored: Stored, credit: Credit) -> Sequence[Edit]:
    head = stored.head
    if head[:3] != b"\xff\xd8\xff":
        return ()
    content = _JPEG_XMP + xmp(credit)
    if len(content) > _SEGMENT_BYTES_AT_MOST:
        return ()
    # Behind JFIF's own segment, which has to come first.
    at = 4 + struct.unpack_from(">H", head, 4)[0] if head[3] == 0xE0 else 2
    return (Edit(at, 0, b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content),)


def _png(stored: Stored, credit: Credit) -> Sequence[Edit]:
    head = stored.head
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return ()
    content = b"iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00" + xmp(credit)
    return (Edit(33, 0, struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))),)


def _mp4(stored: Stored, credit: Credit) -> Sequence[Edit]:
    """A box of its own at the end: no offset inside the file moves."""
    head, size = stored.head, stored.size_bytes
    if head[4:8] != b"ftyp":
        return ()
    packet = xmp(credit)
    return (Edit(size, 0, struct.pack(">I", 24 + len(packet)) + b"uuid" + _XMP_BOX + packet),)


def _mp3(stored: Stored, credit: Credit) -> Sequence[Edit]:
    """In front, instead of the tag that the encoder wrote."""
    head, size = stored.head, stored.size_bytes
    there = 0
    if head[:3] == b"ID3":
        there = 10 + sum((one & 0x7F) << shift for one, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    # A frame of sound has to follow, and more than one.
    sound = head[there : there + 2]
    if size < there + 128 or sound[0] != 0xFF or sound[1] & 0xE0 != 0xE0:
        return ()
    return (Edit(0, there, id3(credit)),)


def _ogg(stored: Stored, credit: Credit) -> Sequence[Edit]:
    """The second packet of Opus or Vorbis, where it is alone in the second page (as RFC 7845 asks of Opus); its sum is counted anew."""
    head = stored.head
    first_end = _page_end(head, 0)
    end = _page_end(head, first_end)
    start = first_end + _OGG_HEAD_BYTES + head[first_end + 26]
    packet = head[start:end]
    mark = next((one for one in (b"OpusTags",) if packet.startswith(one)), b"")
    lacing = head[first_end + _OGG_HEAD_BYTES : start]
    if (
        not mark
        or len(packet) != end - start
        or not lacing
        or lacing[-1] == 255
        or any(one != 255 for one in lacing[:-1])
    ):
        return ()
    vendor_bytes = struct.unpack_from("<I", packet, len(mark))[0]
    vendor = packet[len(mark) + 4 : len(mark) + 4 + vendor_bytes]
    content = mark + comments(credit, vendor)
    segments = bytes([255] * (len(content) // 255) + [len(content) % 255])
    if len(segments) > 255:
        return ()
    page = bytearray(head[first_end : first_end + 26] + bytes([len(segments)]) + segments + content)
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", _ogg_sum(page))
    return (Edit(first_end, end - first_end, bytes(page)),)


def _pdf(stored: Stored, credit: Credit) -> Sequence[Edit]:
    added = pdf.update(stored.tail, stored.size_bytes, credit) if stored.head.startswith(b"%PDF-") else b""
    return (Edit(stored.size_bytes, 0, added),) if added else ()


def _page_end(head: bytes, at: int) -> int:
    if head[at : at + 4] != b"OggS":
        raise ValueError("not a page of Ogg")
    count = head[at + 26]
    lacing = head[at + _OGG_HEAD_BYTES : at + _OGG_HEAD_BYTES + count]
    return at + _OGG_HEAD_BYTES + count + sum(lacing)


def _table() -> list[int]:
    """Remainders of the polynomial 0x04c11db7, highest bit first (RFC 3533, 6, field 7)."""
    found = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        found.append(value)
    return found


_OGG_TABLE = _table()


def _ogg_sum(page: bytes | bytearray) -> int:
    value = 0
    for one in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _OGG_TABLE[value >> 24 ^ one]
    return value


_WRITERS: dict[str, Callable[[Stored, Credit], Sequence[Edit]]] = {
    "image/webp": _webp,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "video/mp4": _mp4,
    "audio/mp4": _mp4,
    "audio/mpeg": _mp3,
    "audio/ogg": _ogg,
    "application/pdf": _pdf,
}
