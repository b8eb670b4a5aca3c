"""Content codings (RFC 9110, sections 8.4.1 and 12.5.3): which of ours a program takes, and bodies in it.

Only for answers without a secret of whoever's browser asks: what is compressed together with what others choose gives itself away (BREACH).
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Mapping, Sequence

import brotli  # type: ignore[import-untyped]  # a compiled module without types
import zstandard

GZIP_LEVEL = 6
BROTLI_QUALITY = 4
ZSTD_LEVEL = 5
SMALLEST_BYTES = 400
_held = threading.local()


def _zstd(body: bytes) -> bytes:
    # One for each thread: making one costs more than using it on a page, and it must not be used by two at once.
    maker: zstandard.ZstdCompressor | None = getattr(_held, "maker", None)
    if maker is None:
        maker = _held.maker = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    return maker.compress(body)


def _brotli(body: bytes) -> bytes:
    made: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
    return made


# The cheapest for the same size first.
CODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": _zstd,
    "br": _brotli,
    "gzip": lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0),
}


def best(accepted: str, offered: Sequence[str] = tuple(CODERS)) -> str:
    """Return the coding that an Accept-Encoding likes best, the first offered of equals; empty where none of ours is taken."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, weight = part.strip().partition(";")
        weights[name.strip().lower()] = _weight(weight)
    if "x-gzip" in weights:
        weights.setdefault("gzip", weights["x-gzip"])
    rest = weights.get("*", 0.0)
    liked = max(offered, key=lambda coding: weights.get(coding, rest), default="")
    return liked if liked and weights.get(liked, rest) > 0 else ""


def compress(body: bytes, coding: str) -> bytes:
    """Return the body in one of `CODERS`."""
    return CODERS[coding](body)


def _weight(text: str) -> float:
    name, _, value = text.replace(" ", "").lower().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
