"""Merging: runs become tables of words and of sets, in which documents, files and positions have their last numbers. Pure."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from archive.search.index.runs import SLOT, SLOT_BITS, VOCABULARIES, WORDS, Gathering, Run
from archive.search.index.storing import SetsWriter, Writer, bitmap

Numbers = NDArray[np.uint32]
Renumber = Callable[[Numbers], Numbers]
WORDS_BETWEEN = 20_000  # words, between two signs of life


@dataclass(frozen=True)
class Numbering:
    """The last numbers of what was numbered as it arrived. None where they are the same: then members need no sorting either."""

    documents: Numbers | None
    files: Numbers | None
    file_owner: Numbers  # by last numbers of both
    slot_documents: Numbers  # of each slot in its last place, the document
    slot_begins: Numbers | None  # of each slot as it arrived, its last place

    def of(self, stream: str) -> Renumber | None:
        if stream == "in_files":
            return _looked_up(self.files)
        if stream.endswith("_at"):
            return self._position if self.slot_begins is not None else None
        return _looked_up(self.documents)

    def _position(self, positions: Numbers) -> Numbers:
        assert self.slot_begins is not None
        return self.slot_begins[positions >> SLOT_BITS] * np.uint32(SLOT) + (positions & np.uint32(SLOT - 1))


def numbering(gathered: Gathering, order: NDArray[np.int64]) -> Numbering:
    """Return the last numbers of all, given the documents in their last order."""
    count = gathered.documents
    slots = _filled(gathered.slots)
    if np.array_equal(order, np.arange(count)):
        owners = np.repeat(np.arange(count, dtype=np.uint32), slots)
        return Numbering(None, None, _filled(gathered.file_owner), owners, None)
    places = np.empty(count, dtype=np.uint32)
    places[order] = np.arange(count, dtype=np.uint32)
    began = np.cumsum(slots) - slots
    begins = np.empty(count, dtype=np.int64)
    begins[order] = np.cumsum(slots[order]) - slots[order]
    slot_begins = (np.repeat(begins - began, slots) + np.arange(int(slots.sum()))).astype(np.uint32)
    owner = places[_filled(gathered.file_owner)]
    file_order = np.argsort(owner, kind="stable")
    files = np.empty(len(owner), dtype=np.uint32)
    files[file_order] = np.arange(len(owner), dtype=np.uint32)
    slot_documents = np.repeat(np.arange(count, dtype=np.uint32), slots[order])
    return Numbering(places, files, owner[file_order], slot_documents, slot_begins)


def merge(runs: Sequence[Run], numbers: Numbering, writer: Writer, alive: Callable[[], None]) -> None:
    """Write the tables of all vocabularies. Holds the members of one word at a time."""
    for vocabulary in VOCABULARIES:
        names = [name for name, of in WORDS.items() if of == vocabulary]
        streams = [_Stream(name, runs, numbers.of(name), SetsWriter(writer, name)) for name in names]
        writer.strings(vocabulary, _merged(runs, vocabulary, streams, alive))
        for stream in streams:
            stream.sets.close()


def _merged(runs: Sequence[Run], vocabulary: str, streams: Sequence[_Stream], alive: Callable[[], None]) -> Iterator[str]:
    lists = [
        zip(run.words(vocabulary), itertools.repeat(number), itertools.count()) for number, run in enumerate(runs)
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
        self.optimise = not name.endswith("_at")
        opened = [run.stream(name) for run in runs]
        self.ends = [[0, *ends.tolist()] for ends, _members in opened]
        self.members = [members for _ends, members in opened]

    def take(self, found: Sequence[tuple[int, int]]) -> None:
        """Write the set of a word that stands in these lines of these runs."""
        segments = []
        for number, line in found:
            ends = self.ends[number]
            if ends[line] != ends[line + 1]:
                segments.append(self.members[number][ends[line] : ends[line + 1]])
        if not segments:
            self.sets.add(None)
            return
        members = segments[0] if len(segments) == 1 else np.concatenate(segments)
        if self.renumber:
            members = np.sort(self.renumber(members))
        one = BitMap(members.tolist()) if len(members) < 16 else bitmap(members)
        if self.optimise and len(members) > 16:
            one.run_optimize()
        self.sets.add(one)


def _looked_up(places: Numbers | None) -> Renumber | None:
    return None if places is None else places.__getitem__


def _filled(values: object) -> Numbers:
    return np.array(values, dtype=np.uint32)
