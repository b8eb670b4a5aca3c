"""How prepared bodies are kept: by Zstandard, which unpacks a record in a fifth of the time of deflate at the same size."""

from __future__ import annotations

import threading
from collections.abc import Callable

import zstandard

LEVEL = 6
# Made once a thread: they cost more than using them does, and must not be used by two at once.
_held = threading.local()


def pack(body: bytes) -> bytes:
    maker: zstandard.ZstdCompressor | None = getattr(_held, "maker", None)
    if maker is None:
        maker = _held.maker = zstandard.ZstdCompressor(level=LEVEL, write_checksum=False)
    return maker.compress(body)


def unpacker() -> Callable[[bytes | memoryview], bytes]:
    """Return what unpacks bodies, as the database's driver has them; for this thread alone."""
    reader: zstandard.ZstdDecompressor | None = getattr(_held, "reader", None)
    if reader is None:
        reader = _held.reader = zstandard.ZstdDecompressor()
    return reader.decompress


def unpack(kept: bytes | memoryview) -> bytes:
    """Return one body."""
    return unpacker()(kept)
