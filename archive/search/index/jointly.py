"""Joint columns: what several facets say of each document as one number, which stands for one combination of their values. Pure.

Few combinations occur of all that could: of places with the wider ones around them as many as there are places. One look-up a document then
counts all facets of a column; what was counted by combination is added up by value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from archive.search.index.storing import Array, Reader, Writer

COMBINATIONS_MOST = 1 << 14  # of one column: more take longer to add up than they save
ENTRY_NS, COLUMN_NS = 3.0, 50_000.0  # what a value of a combination costs, and a column at all: nanoseconds, measured


@dataclass(frozen=True)
class Layers:
    """The columns of one facet as it is written: of each document its first value, its second …, `size` where it has none."""

    name: str
    size: int
    columns: Sequence[Array]


@dataclass(frozen=True)
class _Combined:
    """Some facets as one column, and of each of its combinations the first document that has it."""

    facets: tuple[Layers, ...]
    column: Array
    examples: Array

    @property
    def count(self) -> int:
        return len(self.examples)

    def with_other(self, other: _Combined) -> _Combined:
        return _combined((*self.facets, *other.facets), self.column.astype(np.int64) * other.count + other.column)


def _combined(facets: tuple[Layers, ...], numbers: Array) -> _Combined:
    _known, examples, column = np.unique(numbers, return_index=True, return_inverse=True)
    return _Combined(facets, column, examples)


def _alone(facet: Layers) -> _Combined:
    found = _combined((facet,), facet.columns[0])
    for column in facet.columns[1:]:
        if found.count > COMBINATIONS_MOST:
            break
        found = _combined((facet,), found.column.astype(np.int64) * (facet.size + 1) + column)
    return found


def write(writer: Writer, facets: Iterable[Layers]) -> None:
    """Write joint columns of those facets that have few combinations of values: as few columns as are found by joining the least first."""
    columns: list[_Combined] = []
    single = (_alone(facet) for facet in facets if facet.columns)
    for one in sorted((one for one in single if one.count <= COMBINATIONS_MOST), key=lambda one: one.count):
        if columns:
            both = columns[-1].with_other(one)
            if both.count <= COMBINATIONS_MOST:
                columns[-1] = both
                continue
        columns.append(one)
    for number, column in enumerate(columns):
        writer.array(f"joint_{number}", column.column.astype(np.uint16))
        for facet in column.facets:
            pairs = _values_of(facet, column.examples)
            writer.array(f"joint_{number}_{facet.name}", pairs[:, 0].astype(np.uint16))
            ends = np.searchsorted(pairs[:, 1], np.arange(facet.size))
            writer.array(f"joint_{number}_{facet.name}_begin", ends.astype(np.uint32))


def _values_of(facet: Layers, documents: Array) -> Array:
    """Return pairs of a combination and a value that it has, by value: `documents` has an example of each combination."""
    numbers = np.arange(len(documents))
    layers = [np.stack([numbers, column[documents].astype(np.int64)], axis=1) for column in facet.columns]
    pairs = np.concatenate(layers)
    pairs = pairs[pairs[:, 1] < facet.size]
    return pairs[np.argsort(pairs[:, 1], kind="stable")]


class Joint:
    """One joint column of a base."""

    def __init__(self, reader: Reader, number: int, facets: Iterable[str]) -> None:
        self._column = reader.array(f"joint_{number}")
        self.facets: Mapping[str, tuple[Array, Array]] = {
            name: (reader.array(f"joint_{number}_{name}").astype(np.intp), reader.array(f"joint_{number}_{name}_begin"))
            for name in facets
        }
        self._combinations = 1 + max(
            (int(numbers.max()) for numbers, _begin in self.facets.values() if len(numbers)), default=0
        )

    @classmethod
    def all_of(cls, reader: Reader, names: Iterable[str]) -> list[Joint]:
        """Return the joint columns that a base has of these facets."""
        return list(cls._read(reader, tuple(names)))

    @classmethod
    def _read(cls, reader: Reader, names: Sequence[str]) -> Iterator[Joint]:
        number = 0
        while reader.has(f"joint_{number}"):
            yield cls(reader, number, [name for name in names if reader.has(f"joint_{number}_{name}")])
            number += 1

    def cost_ns(self, documents: int, document_ns: float) -> float:
        """Return about how long it takes to count so many documents."""
        entries = sum(len(numbers) for numbers, _begin in self.facets.values())
        return COLUMN_NS + documents * document_ns + entries * ENTRY_NS

    def counted(self, members: Array, names: Iterable[str]) -> dict[str, Array]:
        """Return of each value of some of its facets how many of the documents have it."""
        combined = np.bincount(self._column.take(members), minlength=self._combinations)
        return {name: _added_up(combined, *self.facets[name]) for name in names}


def _added_up(combined: Array, numbers: Array, begin: Array) -> Array:
    # No value is without a combination: each segment holds one at least.
    return np.add.reduceat(combined.take(numbers), begin) if len(begin) else np.zeros(0, dtype=np.int64)
