"""Bitmaps and arrays into each other by the quick ways, and words that stand together. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap


def array_of(bitmap: BitMap) -> NDArray[np.uint32]:
    """Return the numbers of a bitmap, ascending."""
    return np.frombuffer(bitmap.to_array(), dtype=np.uint32) if bitmap else np.empty(0, dtype=np.uint32)


def bitmap_of(numbers: NDArray[np.integer]) -> BitMap:
    """Return the bitmap of these numbers, in any order. From an ndarray itself it takes four times as long."""
    return BitMap(array("I", np.ascontiguousarray(numbers, dtype=np.uint32).tobytes()))


def union(bitmaps: Sequence[BitMap]) -> BitMap:
    """Return a new bitmap of all their numbers."""
    return BitMap.union(*bitmaps) if bitmaps else BitMap()


def together(words: Sequence[str], positions: Callable[[str], BitMap]) -> BitMap:
    """Return where one of these words stands (which one is not told) with all of them side by side in this order. The rarest is looked at
    first, since only what is left is shifted."""
    places = [(positions(word), number) for number, word in enumerate(words)]
    if not all(places[number][0] for number in range(len(places))):
        return BitMap()
    places.sort(key=lambda one: (len(one[0]), one[1]))
    left, at = places[0]
    for others, number in places[1:]:
        left = left.shift(number - at) & others
        at = number
        if not left:
            return left
    return left
