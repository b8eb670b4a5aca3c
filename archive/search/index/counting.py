"""Exact counts of one facet over any set of documents. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from archive.search.index.bitmaps import array_of
from archive.search.index.columns import LAYERS
from archive.search.index.storing import Array, Reader

# What a document costs by column (a layer), and a value by its set: nanoseconds, measured. The cheaper way is taken; both are exact.
DOCUMENT_NS, VALUE_NS = 2.5, 4_000.0
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

    def valued(self, value: str) -> BitMap:
        number = self.values.find(value)
        return self.sets[number] if number >= 0 else BitMap()

    def counts(self, documents: BitMap) -> Mapping[str, int]:
        """Return how many of the documents have each value, without zeros."""
        if not len(self.values):
            return {}
        if self.by_sets(len(documents)):
            found = np.fromiter(
                (one.intersection_cardinality(documents) for one in self._kept), dtype=np.int64, count=len(self.values)
            )
        else:
            found = self._by_columns(array_of(documents).astype(np.intp))  # numpy looks up by no other numbers
        names = self._names
        chosen = np.flatnonzero(found)
        return {names[number]: count for number, count in zip(chosen.tolist(), found[chosen].tolist(), strict=True)}

    def by_sets(self, documents: int) -> bool:
        """Return whether meeting every value's set is cheaper than looking up every document."""
        if self.sets.total_bytes() > SETS_BYTES_MOST:
            return False
        return len(self.values) * VALUE_NS < documents * len(self._layers) * DOCUMENT_NS

    def _by_columns(self, members: Array) -> Array:
        size = len(self.values)
        found = np.zeros(size + 1, dtype=np.int64)
        for layer in self._layers:
            found += np.bincount(layer.take(members), minlength=size + 1)
        if len(self._rest_owner):
            lines = np.flatnonzero(_held(self._rest_owner, members))
            found += np.bincount(self._rest_value[lines], minlength=size + 1)
        return found[:size]

    @cached_property
    def _kept(self) -> list[BitMap]:
        return [self.sets[number] for number in range(len(self.sets))]

    @cached_property
    def _names(self) -> list[str]:
        return self.values.several(range(len(self.values)))


def _held(owners: Array, members: Array) -> Array:
    """Return which of the owners, in ascending order, are members, in ascending order too."""
    places = np.searchsorted(members, owners)
    places[places == len(members)] = 0
    return members[places] == owners if len(members) else np.zeros(len(owners), dtype=bool)
