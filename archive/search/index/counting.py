"""Exact counts of facets over any set of documents. Pure.

There are four ways to count, all exact; which is cheapest depends on how many documents and values there are. By rows: all values of each
document are fetched at once (`rows`). By columns: each document's values are looked up, facet by facet. By joint columns: what several
facets say of a document is one number there (`jointly`). By sets: each value's set is met with the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from archive.search.index import rows
from archive.search.index.bitmaps import array_of
from archive.search.index.columns import LAYERS
from archive.search.index.jointly import Joint
from archive.search.index.rows import Rows
from archive.search.index.storing import Array, Reader

# Nanoseconds, measured, by which the cheaper way is taken: a column with each document that is looked up; a set with each of its members.
COLUMN_NS, DOCUMENT_NS = 50_000.0, 5.0
SET_NS, MEMBER_NS = 1_500.0, 0.5
# Sets of less than this share of all documents are met one by one with those asked about, which takes twice as long.
SPARSE = 16
SETS_BYTES_MOST = 12_000_000  # of one facet's sets kept in memory; above, columns only


class Facet:
    """One facet of a base."""

    def __init__(self, reader: Reader, name: str) -> None:
        self.values = reader.strings(f"facet_{name}")
        self.sets = reader.sets(f"facet_{name}")
        layers = (f"facet_{name}_{layer}" for layer in range(LAYERS))
        self._layers: list[Array] = [reader.array(layer) for layer in layers if reader.has(layer)]
        self._rest_owner: Array = reader.array(f"facet_{name}_rest_owner")
        self._rest_value: Array = reader.array(f"facet_{name}_rest_value")
        self._all = reader.meta.documents

    def valued(self, value: str) -> BitMap:
        number = self.values.find(value)
        return self.sets[number] if number >= 0 else BitMap()

    def cost_ns(self, documents: int) -> float:
        """Return about how long it takes to count so many documents, by the cheaper way."""
        return min(self._by_columns_ns(documents), self._by_sets_ns(documents))

    def by_sets(self, documents: int) -> bool:
        """Return whether meeting every value's set is cheaper than looking up every document."""
        return self._by_sets_ns(documents) < self._by_columns_ns(documents)

    def counted_by_sets(self, documents: BitMap) -> Array:
        """Return of each value how many of the documents have it."""
        met = (one.intersection_cardinality(documents) for one in self._kept)
        return np.fromiter(met, dtype=np.int64, count=len(self.values))

    def counted_by_columns(self, members: Array) -> Array:
        """Return of each value how many of the documents, ascending, have it."""
        size = len(self.values)
        found = np.zeros(size + 1, dtype=np.int64)
        for layer in self._layers:
            found += np.bincount(layer.take(members), minlength=size + 1)
        if len(self._rest_owner):
            lines = np.flatnonzero(_held(self._rest_owner, members))
            found += np.bincount(self._rest_value[lines], minlength=size + 1)
        return found[:size]

    def named(self, found: Array) -> Mapping[str, int]:
        """Return counts by value, without zeros, the most frequent first, equals in the order of values."""
        names = self._names
        chosen = found.nonzero()[0]
        counts = found[chosen]
        order = (-counts).argsort(kind="stable")
        return dict(zip([names[number] for number in chosen[order].tolist()], counts[order].tolist(), strict=True))

    def _by_columns_ns(self, documents: int) -> float:
        return len(self._layers) * (COLUMN_NS + documents * DOCUMENT_NS)

    def _by_sets_ns(self, documents: int) -> float:
        if self.sets.total_bytes() > SETS_BYTES_MOST:
            return float("inf")
        is_sparse = documents * SPARSE < self._all
        return (len(self.values) * SET_NS + self._members * MEMBER_NS) * (2 if is_sparse else 1)

    @cached_property
    def _members(self) -> int:
        return sum(self.sets.counts(range(len(self.sets))))

    @cached_property
    def _kept(self) -> list[BitMap]:
        return [self.sets[number] for number in range(len(self.sets))]

    @cached_property
    def _names(self) -> list[str]:
        return self.values.several(range(len(self.values)))


class Facets:
    """All facets of a base."""

    def __init__(self, reader: Reader, names: Iterable[str]) -> None:
        self._facets = {name: Facet(reader, name) for name in names}
        self._joints = Joint.all_of(reader, self._facets)
        sizes = {name: len(facet.values) for name, facet in self._facets.items()}
        self._rows = Rows(reader, sizes, reader.meta.documents)

    def valued(self, name: str, value: str) -> BitMap:
        """Return the documents with this value of a facet."""
        return self._facets[name].valued(value)

    def counts(self, names: Iterable[str], documents: BitMap) -> dict[str, Mapping[str, int]]:
        """Return for each of these facets how many of the documents have each value, without zeros, the most frequent first."""
        wanted = list(names)
        count = len(documents)
        members = _once(lambda: array_of(documents).astype(np.intp))  # numpy looks up by no other numbers
        found: dict[str, Array] = {}
        if count <= rows.DOCUMENTS_MOST:
            found = self._rows.counted(members(), [name for name in wanted if name in self._rows.facets])
        for joint in self._joints:
            some = [name for name in wanted if name in joint.facets and name not in found]
            if some and joint.cost_ns(count, DOCUMENT_NS) < sum(self._facets[name].cost_ns(count) for name in some):
                found |= joint.counted(members(), some)
        for name in wanted:
            if name not in found:
                facet = self._facets[name]
                by_sets = facet.by_sets(count)
                found[name] = facet.counted_by_sets(documents) if by_sets else facet.counted_by_columns(members())
        return {name: self._facets[name].named(found[name]) for name in wanted}


def _once(make: Callable[[], Array]) -> Callable[[], Array]:
    made: list[Array] = []

    def get() -> Array:
        if not made:
            made.append(make())
        return made[0]

    return get


def _held(owners: Array, members: Array) -> Array:
    """Return which of the owners, in ascending order, are members, in ascending order too."""
    places = np.searchsorted(members, owners)
    places[places == len(members)] = 0
    return members[places] == owners if len(members) else np.zeros(len(owners), dtype=bool)
