"""Each cell of the matrix is asked in one of the two profiles; `./scripts/test --long` asks all of them in both."""

from __future__ import annotations

import os
from zlib import crc32

_EVERY = os.environ.get("HERITAGE_TEST_LONG") == "1"
_OWN = 1 if os.environ.get("HERITAGE_TEST_PROFILE") == "served" else 0


def is_ours(*cell: str) -> bool:
    """Return whether a cell, named by its door, thing and viewer, is this profile's to ask. Every cell is exactly one profile's."""
    return _EVERY or crc32("\n".join(cell).encode()) % 2 == _OWN
