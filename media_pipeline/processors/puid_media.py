"""Which version of its format a sound or a film follows, as its identifier in the PRONOM registry. Reads headers alone."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from media_pipeline.formats import FORMATS

_HEAD_BYTES = 4096
_CHUNKS_AT_MOST = 64
# Broadcast WAVE by the version in its bext chunk (EBU Tech 3285), plain and by how the sound is coded.
_BROADCAST = {0: "fmt/1", 1: "fmt/2", 2: "fmt/527"}
_BROADCAST_PCM = {0: "fmt/703", 1: "fmt/704", 2: "fmt/705"}
_BROADCAST_MPEG = {0: "fmt/706", 1: "fmt/707", 2: "fmt/708"}
_BROADCAST_EXTENSIBLE = {0: "fmt/709", 1: "fmt/710", 2: "fmt/711"}
_PCM, _MPEG, _EXTENSIBLE = 0x0001, 0x0050, 0xFFFE
_BY_CODING = {_PCM: _BROADCAST_PCM, _MPEG: _BROADCAST_MPEG, _EXTENSIBLE: _BROADCAST_EXTENSIBLE}
_BEXT_VERSION_AT = (
    346  # in the chunk's data: description 256, originator 32, reference 32, date 10, time 8, time reference 8
)
_OGG = (
    (b"vorbis", "fmt/203"),
    (b"OpusHead", "fmt/946"),
    (b"\x80theora", "fmt/945"),
    (b"\x7fFLAC", "fmt/947"),
    (b"Speex ", "fmt/948"),
)


def puid(path: Path, extension: str) -> str:
    """Return the identifier of the version, or of the format where nothing tells the version; empty where PRONOM has none."""
    teller = _TELLERS.get(extension)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            return (teller(file, head) if teller else "") or FORMATS[extension].puid
    except (struct.error, IndexError, OSError, OverflowError, ValueError):
        return FORMATS[extension].puid


def _wave(file: BinaryIO, head: bytes) -> str:
    coding, broadcast = 0, None
    format_bytes = 0
    at = 12
    for _ in range(_CHUNKS_AT_MOST):
        file.seek(at)
        entry = file.read(8)
        if len(entry) < 8:
            break
        name, size = entry[:4], struct.unpack("<I", entry[4:])[0]
        if name == b"fmt ":
            format_bytes, coding = size, struct.unpack("<H", file.read(2))[0]
        elif name == b"bext":
            file.seek(at + 8 + _BEXT_VERSION_AT)
            broadcast = struct.unpack("<H", file.read(2))[0]
        elif name == b"data" and format_bytes and size >= 0xFFFFFFF0:
            break
        at += 8 + size + size % 2
    if head[:4] in (b"RF64", b"BW64"):
        return "fmt/713" if broadcast is not None else "fmt/712"
    if broadcast is not None:
        return _BY_CODING.get(coding, _BROADCAST).get(broadcast, "")
    if coding == _EXTENSIBLE:
        return "fmt/143"
    return "fmt/141" if coding == _PCM and format_bytes == 16 else "fmt/142" if format_bytes > 16 else ""


def _ogg(file: BinaryIO, head: bytes) -> str:
    return next((known for mark, known in _OGG if mark in head[:512]), "")


def _mpeg(file: BinaryIO, head: bytes) -> str:
    """Program stream or bare video, of MPEG-1 or MPEG-2 (ISO/IEC 13818-1, 2.5.3.4: two bits after the pack's start code)."""
    if head[3] == 0xB3:
        return "fmt/640" if b"\x00\x00\x01\xb5" in head[:512] else "fmt/649"
    return "x-fmt/386" if head[4] >> 6 == 1 else "x-fmt/385"


def _mp3(file: BinaryIO, head: bytes) -> str:
    """Layer II has an identifier of its own. Behind an ID3 tag nothing is looked for."""
    return "fmt/198" if head[0] == 0xFF and head[1] >> 1 & 3 == 2 else ""


_TELLERS: dict[str, Callable[[BinaryIO, bytes], str]] = {
    "wav": _wave,
    "ogg": _ogg,
    "ogv": _ogg,
    "opus": _ogg,
    "mpg": _mpeg,
    "mp3": _mp3,
    "aif": lambda file, head: "x-fmt/136" if head[8:12] == b"AIFC" else "",
    "amr": lambda file, head: "fmt/954" if head.startswith(b"#!AMR-WB") else "",
}
