"""Every run asks its share of the matrix, and each profile another one; `./scripts/test --long` asks all of it in both.

Whatever is hidden from a viewer is asked for in exactly one of the two profiles. What a viewer may see is asked for by turns: in each
profile every viewer meets every door and every kind of thing, and every kind every door, though not all three in every way.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

_EVERY = os.environ.get("HERITAGE_TEST_LONG") == "1"
_OWN = 1 if os.environ.get("HERITAGE_TEST_PROFILE") == "served" else 0
# Of so many cells that show something each profile asks one.
_TURNS = 6
T = TypeVar("T")


def is_ours(*cell: str) -> bool:
    """Return whether a cell, named by its door, thing and viewer, is this profile's to ask. Every cell is exactly one profile's."""
    return _EVERY or _number(cell) % 2 == _OWN


def is_its_turn(*cell: str) -> bool:
    """Return whether a cell is among the few of its kind that this profile asks; no cell is both profiles'.

    The parts of its name are added up: whatever two of them are, the third one has its turn with them.
    """
    return _EVERY or sum(_number([part]) for part in cell) % _TURNS == _OWN


def one_of(several: Sequence[T], *cell: str) -> Sequence[T]:
    """Return the one of several that this profile asks in a cell: another one in the other profile, and over all cells each of them."""
    if _EVERY or len(several) < 2:
        return several
    place = (_number(cell) + _OWN) % len(several)
    return several[place : place + 1]


def _number(cell: Sequence[str]) -> int:
    return crc32("\n".join(cell).encode())
