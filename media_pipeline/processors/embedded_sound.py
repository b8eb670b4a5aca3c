"""What a recording says of itself: ID3, Vorbis comments, the chunks of WAVE, AVI and AIFF.

Sources: ID3v2.4.0 (frames, 4) and ID3v1; Ogg Vorbis I, 5; RFC 7845, 5.2; FLAC format, METADATA_BLOCK; RIFF INFO; EBU Tech 3285; AIFF 1.3.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from media_pipeline.processors.embedded import Said
from media_pipeline.processors.text_encoding import decode

_TAG_BYTES_AT_MOST = 1024**2
_FRAMES_AT_MOST = 300
_ID3_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_ID3_OLD = {
    "TT2": "TIT2", "TP1": "TPE1", "TP2": "TPE2", "TAL": "TALB", "TCM": "TCOM", "TYE": "TYER", "TCR": "TCOP", "COM": "COMM",
    "TLA": "TLAN", "TPB": "TPUB", "TCO": "TCON", "TXT": "TEXT", "ULT": "USLT", "TEN": "TENC", "TT1": "TIT1", "TT3": "TIT3", "TRK": "TRCK",
}  # fmt: skip
_INFO = {
    b"INAM": "INAM", b"IART": "IART", b"ICRD": "ICRD", b"ICOP": "ICOP", b"ICMT": "ICMT", b"IGNR": "IGNR", b"ISBJ": "ISBJ",
    b"IKEY": "IKEY", b"ILNG": "ILNG", b"ISFT": "ISFT", b"IENG": "IENG", b"ISRC": "ISRC", b"IPRD": "IPRD", b"ITCH": "ITCH",
}  # fmt: skip
_BEXT = (
    ("Description", 256),
    ("Originator", 32),
    ("OriginatorReference", 32),
    ("OriginationDate", 10),
    ("OriginationTime", 8),
)
_AIFF = {b"NAME": "NAME", b"AUTH": "AUTH", b"(c) ": "(c)", b"ANNO": "ANNO"}
_OGG_PAGES_AT_MOST = 64
_ID3V1_TITLES = (("Title", 3, 33), ("Artist", 33, 63), ("Album", 63, 93), ("Year", 93, 97), ("Comment", 97, 125))


def read(source: Path, extension: str) -> Iterator[Said]:
    """Yield what the tags say, in their order."""
    with source.open("rb") as file:
        yield from _READERS[extension](file)


def _mpeg(file: BinaryIO) -> Iterator[Said]:
    yield from id3(file)
    file.seek(0, 2)
    if file.tell() >= 128:
        file.seek(-128, 2)
        tag = file.read(128)
        if tag.startswith(b"TAG"):
            for name, start, end in _ID3V1_TITLES:
                yield Said("ID3v1", name, decode(tag[start:end].split(b"\x00")[0])[0])


def id3(file: BinaryIO) -> Iterator[Said]:
    """Yield the text, comment and address frames of the ID3v2 tag that begins here; none where none begins."""
    head = file.read(10)
    if len(head) < 10 or head[:3] != b"ID3":
        return
    major, flags = head[3], head[5]
    tag = file.read(min(_synchsafe(head[6:10]), _TAG_BYTES_AT_MOST))
    if flags & 0x80 and major < 4:
        tag = tag.replace(b"\xff\x00", b"\xff")
    at = _extended(tag, major) if flags & 0x40 else 0
    name_bytes, head_bytes = (3, 6) if major == 2 else (4, 10)
    for _ in range(_FRAMES_AT_MOST):
        entry = tag[at : at + head_bytes]
        if len(entry) < head_bytes or not entry[:name_bytes].isalnum():
            return
        name = entry[:name_bytes].decode("ascii")
        size = int.from_bytes(entry[3:6], "big") if major == 2 else _frame_size(entry[4:8], major)
        content = tag[at + head_bytes : at + head_bytes + size]
        yield from _frame(_ID3_OLD.get(name, name), content)
        at += head_bytes + size


def _synchsafe(four: bytes) -> int:
    return sum((one & 0x7F) << shift for one, shift in zip(four, (21, 14, 7, 0), strict=True))


def _frame_size(four: bytes, major: int) -> int:
    return _synchsafe(four) if major >= 4 else int.from_bytes(four, "big")


def _extended(tag: bytes, major: int) -> int:
    return _synchsafe(tag[:4]) if major >= 4 else 4 + int.from_bytes(tag[:4], "big")


def _frame(name: str, content: bytes) -> Iterator[Said]:
    if name.startswith("W") and name != "WXXX":
        yield Said("ID3", name, content.split(b"\x00")[0].decode("latin-1"))
    if not content or not (name.startswith("T") or name in ("COMM", "USLT")) or content[0] >= len(_ID3_ENCODINGS):
        return
    encoding = _ID3_ENCODINGS[content[0]]
    body = content[4:] if name in ("COMM", "USLT") else content[1:]  # three letters of a language
    parts = _texts(body, encoding)
    if name in ("COMM", "USLT", "TXXX") and len(parts) > 1:
        # Players' own counters stand in such frames, each under a description.
        label, *parts = parts
        name = f"{name}:{label}" if label else name
    for one in parts:
        yield Said("ID3", name, one)


def _texts(body: bytes, encoding: str) -> list[str]:
    if encoding == "latin-1":  # often it is not: programs wrote the code page of their machine
        return [decode(one)[0] for one in body.split(b"\x00")]
    text = body.decode(encoding, "replace")
    return [one.lstrip("\ufeff\ufffe") for one in text.split("\x00")]


def _flac(file: BinaryIO) -> Iterator[Said]:
    yield from id3(file)
    file.seek(0)
    if file.read(4) != b"fLaC":
        return
    for _ in range(_FRAMES_AT_MOST):
        head = file.read(4)
        if len(head) < 4:
            return
        size = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == 4:
            yield from _comments(file.read(min(size, _TAG_BYTES_AT_MOST)))
            return
        if head[0] & 0x80:
            return
        file.seek(size, 1)


def _ogg(file: BinaryIO) -> Iterator[Said]:
    """The second packet of a stream of Vorbis, Opus, Theora or Speex; pages are put together as far as needed."""
    packets: dict[bytes, bytes] = {}
    for _ in range(_OGG_PAGES_AT_MOST):
        head = file.read(27)
        if len(head) < 27 or head[:4] != b"OggS":
            break
        serial, lengths = head[14:18], file.read(head[26])
        packets[serial] = (packets.get(serial, b"") + file.read(sum(lengths)))[:_TAG_BYTES_AT_MOST]
    for content in packets.values():
        for mark in (b"\x03vorbis", b"OpusTags", b"\x81theora"):
            at = content.find(mark)
            if at >= 0:
                yield from _comments(content[at + len(mark) :])


def _comments(block: bytes) -> Iterator[Said]:
    at = 4 + struct.unpack_from("<I", block)[0]
    count = struct.unpack_from("<I", block, at)[0]
    at += 4
    for _ in range(min(count, _FRAMES_AT_MOST)):
        size = struct.unpack_from("<I", block, at)[0]
        name, found, value = block[at + 4 : at + 4 + size].decode("utf-8", "replace").partition("=")
        if found and name.upper() not in ("METADATA_BLOCK_PICTURE", "COVERART"):
            yield Said("Vorbis", name.upper(), value)
        at += 4 + size


def _riff(file: BinaryIO) -> Iterator[Said]:
    file.seek(12)
    for _ in range(_FRAMES_AT_MOST):
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = head[:4], struct.unpack("<I", head[4:])[0]
        here = file.tell()
        if name == b"bext":
            yield from _broadcast(file.read(602))
        elif name == b"LIST" and file.read(4) == b"INFO":
            yield from _info(file.read(min(size - 4, _TAG_BYTES_AT_MOST)))
        elif name.lower() == b"id3 ":
            yield from id3(file)
        file.seek(here + size + size % 2)


def _broadcast(block: bytes) -> Iterator[Said]:
    at = 0
    for name, size in _BEXT:
        yield Said("BWF", name, decode(block[at : at + size].split(b"\x00")[0])[0])
        at += size


def _info(block: bytes) -> Iterator[Said]:
    at = 0
    while at + 8 <= len(block):
        name, size = block[at : at + 4], struct.unpack_from("<I", block, at + 4)[0]
        if name in _INFO:
            yield Said("RIFF", _INFO[name], decode(block[at + 8 : at + 8 + size].split(b"\x00")[0])[0])
        at += 8 + size + size % 2


def _aiff(file: BinaryIO) -> Iterator[Said]:
    file.seek(12)
    for _ in range(_FRAMES_AT_MOST):
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = head[:4], struct.unpack(">I", head[4:])[0]
        here = file.tell()
        if name in _AIFF:
            yield Said("AIFF", _AIFF[name], decode(file.read(min(size, _TAG_BYTES_AT_MOST)).split(b"\x00")[0])[0])
        elif name == b"ID3 ":
            yield from id3(file)
        file.seek(here + size + size % 2)


_READERS: dict[str, Callable[[BinaryIO], Iterator[Said]]] = {
    **dict.fromkeys(("mp3", "aac"), _mpeg),
    "flac": _flac,
    **dict.fromkeys(("ogg", "opus", "ogv"), _ogg),
    **dict.fromkeys(("wav", "avi"), _riff),
    "aif": _aiff,
}
