"""Merging: runs become tables of words and of sets, in which documents, files and positions have their last numbers. Pure."""

from __future__ import annotations

import heapq
import itertools
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from pyroaring import BitMap

from archive.search.index.bitmaps import bitmap_of
from archive.search.index.runs import SLOT, SLOT_BITS, STREAMS, VOCABULARIES, Gathering, Longs, Numbers, Run
from archive.search.index.storing import SetsWriter, Writer

Renumber = Callable[[Numbers], Numbers]
WORDS_BETWEEN = 20_000  # words, between two signs of life
FEW = 16
WORDS_IN_MEMORY = 200_000  # of a run


@dataclass(frozen=True)
class Numbering:
    """The last numbers of one space. `places` and `moved` are None where all keep the number that they came with."""

    order: Longs  # documents as they arrived, in their last order
    places: Numbers | None  # of each document as it arrived
    moved: Numbers | None  # of each slot as it came
    slot_owners: Numbers  # of each slot in its last place, the document

    def documents(self, arrived: Numbers) -> Numbers:
        return arrived if self.places is None else self.places[arrived]

    def positions(self, arrived: Numbers) -> Numbers:
        if self.moved is None:
            return arrived
        found: Numbers = self.moved[arrived >> SLOT_BITS] * np.uint32(SLOT) + (arrived & np.uint32(SLOT - 1))
        return found


def numbering(slots: array[int], order: Longs) -> Numbering:
    """Return the last numbers, given the slots of each document as it arrived and the last order."""
    count = len(order)
    taken = np.array(slots, dtype=np.int64)
    owners = np.repeat(np.arange(count, dtype=np.uint32), taken[order])
    if np.array_equal(order, np.arange(count)):
        return Numbering(order, None, None, owners)
    places = np.empty(count, dtype=np.uint32)
    places[order] = np.arange(count, dtype=np.uint32)
    begins = np.empty(count, dtype=np.int64)
    begins[order] = np.cumsum(taken[order]) - taken[order]
    came = np.cumsum(taken) - taken
    moved = (np.repeat(begins - came, taken) + np.arange(int(taken.sum()))).astype(np.uint32)
    return Numbering(order, places, moved, owners)


def merge(gathered: Gathering, items: Numbering, files: Numbering, writer: Writer, alive: Callable[[], None]) -> None:
    """Write the tables of all vocabularies. Holds the members of one word at a time."""
    for vocabulary in VOCABULARIES:
        streams = []
        for name, (of, space, positions) in STREAMS.items():
            if of != vocabulary:
                continue
            numbers = items if space == "items" else files
            renumber = numbers.positions if positions else numbers.documents
            streams.append(
                _Stream(name, gathered.runs, renumber if numbers.places is not None else None, SetsWriter(writer, name))
            )
        writer.strings(vocabulary, _merged(gathered.runs, vocabulary, streams, alive))
        for stream in streams:
            stream.sets.close()


def _merged(
    runs: Sequence[Run], vocabulary: str, streams: Sequence[_Stream], alive: Callable[[], None]
) -> Iterator[str]:
    lists = [
        zip(run.ordered(vocabulary), itertools.repeat(number), itertools.count()) for number, run in enumerate(runs)
    ]
    for count, (word, group) in enumerate(itertools.groupby(heapq.merge(*lists), key=itemgetter(0))):
        found = [(number, line) for _word, number, line in group]
        for stream in streams:
            stream.take(found)
        if not count % WORDS_BETWEEN:
            alive()
        yield word


class _Stream:
    """The members of every word in all runs."""

    def __init__(self, name: str, runs: Sequence[Run], renumber: Renumber | None, sets: SetsWriter) -> None:
        self.sets, self.renumber = sets, renumber
        opened = [run.stream(name) for run in runs]
        # An array gives its numbers out several times as fast as numpy, but of very many words it would take room.
        self.ends = [array("I", ends.tobytes()) if len(ends) < WORDS_IN_MEMORY else ends for ends, _members in opened]
        self.members = [members for _ends, members in opened]

    def take(self, found: Sequence[tuple[int, int]]) -> None:
        """Write the set of a word that stands in these lines of these runs."""
        segments = []
        for number, line in found:
            ends = self.ends[number]
            begin, end = ends[line - 1] if line else 0, ends[line]
            if begin != end:
                segments.append(self.members[number][begin:end])
        if not segments:
            self.sets.add(None)
            return
        members = segments[0] if len(segments) == 1 else np.concatenate(segments)
        if self.renumber:
            members = np.sort(self.renumber(members))
        one = BitMap(members.tolist()) if len(members) < FEW else bitmap_of(members)
        if len(members) >= FEW:
            one.run_optimize()
        self.sets.add(one)
