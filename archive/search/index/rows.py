"""Rows: of each document all values of all facets side by side, so that of few documents, scattered over all, each is fetched once and not
once for each facet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from archive.search.index.jointly import Layers
from archive.search.index.storing import Array, Reader, Writer

DOCUMENTS_MOST = 25_000  # beyond, columns are quicker: measured
_AT_ONCE = 8_192  # documents: their rows stay in the processor's cache
_WIDTHS = (4, 8, 16, 32)  # values of a row: rows of these are fetched in one go
_NUMBERS_MOST = np.iinfo(np.uint16).max  # of all values of all facets
_LEFT_OUT = np.iinfo(np.uint32).max


def write(writer: Writer, facets: Sequence[Layers], documents: int) -> None:
    """Write the rows: of those facets, as long as there are numbers left, that say all in their columns. A value is its number within its
    facet and that of all values before."""
    begins, taken = [], 0
    columns: list[Array] = []
    for facet in facets:
        is_in = bool(facet.columns) and taken + facet.size < _NUMBERS_MOST
        begins.append(taken if is_in else _LEFT_OUT)
        if is_in:
            columns += [np.where(one < facet.size, one.astype(np.int64) + taken, -1) for one in facet.columns]
            taken += facet.size
    width = next((width for width in _WIDTHS if width >= len(columns)), 0)
    rows = np.full((documents, width), taken, dtype=np.uint16)
    for place, column in enumerate(columns[:width]):
        rows[:, place] = np.where(column < 0, taken, column)
    writer.array("facet_rows", rows.ravel())
    writer.array("facet_rows_begin", np.array(begins if width else [_LEFT_OUT] * len(begins), dtype=np.uint32))


class Rows:
    """The rows of a base."""

    def __init__(self, reader: Reader, sizes: Mapping[str, int], documents: int) -> None:
        """`sizes`: of each facet, in the order in which they were written, how many values it has."""
        flat = reader.array("facet_rows")
        self._rows: Array = flat.reshape(documents, len(flat) // documents if documents else 0)
        begins = zip(sizes, reader.array("facet_rows_begin").tolist(), strict=True)
        self.facets = {name: begin for name, begin in begins if begin != _LEFT_OUT}
        self._sizes = sizes
        self._numbers = sum(sizes[name] for name in self.facets)

    def counted(self, members: Array, names: Iterable[str]) -> dict[str, Array]:
        """Return of each value of some of its facets how many of the documents have it."""
        found = np.zeros(self._numbers + 1, dtype=np.int64)  # the last one stands for no value
        for begin in range(0, len(members), _AT_ONCE):
            rows = self._rows.take(members[begin : begin + _AT_ONCE], axis=0)
            found += np.bincount(rows.ravel(), minlength=self._numbers + 1)
        return {name: found[self.facets[name] : self.facets[name] + self._sizes[name]] for name in names}
