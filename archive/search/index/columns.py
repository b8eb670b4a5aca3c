"""Columns: of every document its key, rule, dates, title and values of facets, and the sets and orders made of them. Pure.

The values of a facet are columns (the first value of each document, the second, up to `LAYERS`), a list for what goes beyond, and sets.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from archive.search.folding import fold
from archive.search.index import jointly, rows
from archive.search.index.bitmaps import bitmap_of
from archive.search.index.jointly import Layers
from archive.search.index.shapes import FACETS, NO_DATE, Document
from archive.search.index.storing import Writer

LAYERS = 4
LONG_AGO = -(2**31)  # before all days


class Columns:
    """Gathers the columns as documents arrive; `write` brings them into the last order."""

    def __init__(self) -> None:
        self.keys, self.published, self.rules = array("q"), array("q"), array("q")
        self.first, self.opens, self.closes = array("i"), array("i"), array("i")
        self.titles: list[bytes] = []
        self.title_digests, self.title_owners = array("Q"), array("I")
        self.facets = {name: _Values() for name in FACETS}
        self.file_keys, self.file_rules = array("q"), array("q")

    def add(self, document: Document) -> None:
        self.keys.append(document.key)
        self.published.append(document.published)
        self.rules.append(document.rule)
        dated = document.first is not None or document.last is not None
        self.first.append(NO_DATE if document.first is None else document.first)
        # Without any date it opens after all days and closes before them, so that no range of days touches it.
        self.opens.append(document.first if document.first is not None else LONG_AGO if dated else NO_DATE)
        self.closes.append(document.last if document.last is not None else NO_DATE if dated else LONG_AGO)
        self.titles.append(document.title_key.encode())
        number = len(self.keys) - 1
        for title in document.titles:
            self.title_digests.append(title_digest(fold(title)))
            self.title_owners.append(number)
        for name, values in document.facets.items():
            self.facets[name].add(number, values)
        for file in document.files:
            self.file_keys.append(file.key)
            self.file_rules.append(file.rule)

    def order(self) -> NDArray[np.int64]:
        """Return the documents as they arrived, in their last order: oldest publication first, then by key."""
        return np.lexsort((_long(self.keys), _long(self.published)))

    def write(self, writer: Writer, order: NDArray[np.int64], file_order: NDArray[np.int64]) -> None:
        keys = _long(self.keys)[order]
        by_key = np.argsort(keys, kind="stable").astype(np.uint32)
        writer.array("key", keys)
        writer.array("key_sorted", keys[by_key])
        writer.array("key_order", by_key)
        writer.array("published", _long(self.published)[order])
        _write_rules(writer, "rule", _long(self.rules)[order])
        first = np.array(self.first, dtype=np.int32)[order]
        writer.array("first", first)
        writer.array("opens", np.array(self.opens, dtype=np.int32)[order])
        writer.array("closes", np.array(self.closes, dtype=np.int32)[order])
        _write_order(writer, "date", np.lexsort((keys, first)))
        self._write_titles(writer, keys, order)
        self._write_title_digests(writer, order)
        facets = [values.write(writer, name, order) for name, values in self.facets.items()]
        jointly.write(writer, facets)
        rows.write(writer, facets, len(order))
        file_keys = _long(self.file_keys)[file_order]
        by_key = np.argsort(file_keys, kind="stable").astype(np.uint32)
        writer.array("file_key_sorted", file_keys[by_key])
        writer.array("file_key_order", by_key)
        _write_rules(writer, "file_rule", _long(self.file_rules)[file_order])

    def _write_title_digests(self, writer: Writer, order: NDArray[np.int64]) -> None:
        places = np.empty(len(order), dtype=np.uint32)
        places[order] = np.arange(len(order), dtype=np.uint32)
        digests = np.array(self.title_digests, dtype=np.uint64)
        by_digest = np.argsort(digests, kind="stable")
        writer.array("title_digest", digests[by_digest])
        writer.array("title_owner", places[np.array(self.title_owners, dtype=np.int64)[by_digest]])

    def _write_titles(self, writer: Writer, keys: NDArray[np.int64], order: NDArray[np.int64]) -> None:
        titles = [self.titles[number] for number in order.tolist()]
        self.titles = []
        by_title = sorted(range(len(titles)), key=lambda number: (titles[number], keys[number]))
        _write_order(writer, "title", np.array(by_title, dtype=np.int64))
        writer.strings("title_key", (titles[number].decode() for number in by_title))


def title_digest(folded: str) -> int:
    """Return 64 bits that tell one folded title from another."""
    return int.from_bytes(blake2b(folded.encode(), digest_size=8).digest(), "little")


class _Values:
    """The values of one facet, one after the other, each with its document."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.flat, self.owners = array("I"), array("I")

    def add(self, number: int, values: Sequence[str]) -> None:
        for value in dict.fromkeys(values):
            self.flat.append(self.known.setdefault(value, len(self.known)))
            self.owners.append(number)

    def write(self, writer: Writer, name: str, order: NDArray[np.int64]) -> Layers:
        """Write the facet, and return its columns: none where a document has more values than there are layers."""
        ordered = sorted(self.known)
        rank = np.empty(len(ordered), dtype=np.uint32)
        rank[[self.known[value] for value in ordered]] = np.arange(len(ordered), dtype=np.uint32)
        counts = np.bincount(np.array(self.owners, dtype=np.int64), minlength=len(order))
        begins = (np.cumsum(counts) - counts)[order]
        counts = counts[order]
        owner = np.repeat(np.arange(len(order), dtype=np.uint32), counts)
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        values = rank[np.array(self.flat, dtype=np.uint32)][np.repeat(begins, counts) + within]
        writer.strings(f"facet_{name}", ordered)
        by_value = np.argsort(values, kind="stable")
        bounds = np.searchsorted(values[by_value], np.arange(len(ordered) + 1))
        owners = owner[by_value]
        writer.sets(
            f"facet_{name}",
            (bitmap_of(owners[bounds[number] : bounds[number + 1]]) for number in range(len(ordered))),
        )
        width = min(int(counts.max(initial=0)), LAYERS)
        small = np.uint16 if len(ordered) < np.iinfo(np.uint16).max else np.uint32
        columns = []
        for layer in range(width):
            column = np.full(len(order), len(ordered), dtype=small)
            chosen = within == layer
            column[owner[chosen]] = values[chosen]
            writer.array(f"facet_{name}_{layer}", column)
            columns.append(column)
        rest = within >= LAYERS
        writer.array(f"facet_{name}_rest_owner", owner[rest])
        writer.array(f"facet_{name}_rest_value", values[rest])
        return Layers(name, len(ordered), () if rest.any() else columns)


def _write_rules(writer: Writer, name: str, rules: NDArray[np.int64]) -> None:
    """Write the rules that occur, which of them each document has, and of each the set of documents."""
    known, column = np.unique(rules, return_inverse=True)
    writer.array(f"{name}s", known)
    writer.array(name, column.astype(np.uint32))
    by_rule = np.argsort(column, kind="stable")
    bounds = np.searchsorted(column[by_rule], np.arange(len(known) + 1))
    writer.sets(name, (bitmap_of(by_rule[bounds[number] : bounds[number + 1]]) for number in range(len(known))))


def _write_order(writer: Writer, name: str, order: NDArray[np.int64]) -> None:
    """Write an order and its inverse: the documents by rank, and of each document its rank."""
    ranks = np.empty(len(order), dtype=np.uint32)
    ranks[order] = np.arange(len(order), dtype=np.uint32)
    writer.array(f"{name}_order", order.astype(np.uint32))
    writer.array(f"{name}_rank", ranks)


def _long(values: array[int]) -> NDArray[np.int64]:
    return np.frombuffer(values, dtype=np.int64) if values else np.zeros(0, dtype=np.int64)
