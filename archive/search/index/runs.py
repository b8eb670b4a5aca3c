"""Runs: what is gathered of some thousand documents, brought into the order of words and written aside, to be merged later. Pure.

Documents, files and positions are numbered as they arrive; merging gives them their last numbers. Positions run in slots of `SLOT`: each document
begins a slot of its own, so that a shift and one look-up tell in which document a position lies.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.search.index.shapes import Document

SLOT_BITS = 5
SLOT = 1 << SLOT_BITS
TOKENS_MOST = 3_000_000  # in memory at once, about 400 MB with all that is made of them
RAW_MOST = 2_000_000  # different pieces of text that are remembered at once
WORDS = {"title": "folded", "all": "folded", "title_at": "folded", "all_at": "folded", "in_files": "folded", "exact": "exact"}
VOCABULARIES = ("folded", "exact")

Numbers = NDArray[np.uint32]
Split = Callable[[str], Sequence[tuple[str, str]]]


class _Known(dict[str, int]):
    """Numbers of strings, given out as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True)
class Run:
    """One run on the disk: its words in order and, of each stream, how many members every word has and the members themselves."""

    folder: Path

    def words(self, vocabulary: str) -> Iterator[str]:
        with (self.folder / f"{vocabulary}.txt").open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line[:-1]

    def stream(self, name: str) -> tuple[NDArray[np.int64], Numbers]:
        """Return where each word's members end, and all members: mapped, since a run can be large."""
        ends = np.load(self.folder / f"{name}.ends.npy")
        path = self.folder / f"{name}.npy"
        return ends, np.load(path, mmap_mode="r") if len(ends) and ends[-1] else np.zeros(0, dtype=np.uint32)


class Gathering:
    """Takes documents in, and writes a run whenever enough words have come."""

    def __init__(self, folder: Path, split: Split) -> None:
        self.folder, self.split = folder, split
        self.runs: list[Run] = []
        self.documents = self.files = 0
        self.slots = array("I")  # of each document
        self.file_owner = array("I")
        self._fresh()

    def _fresh(self) -> None:
        self._raw = _Known()
        self._tokens = array("I")
        # Of each value: its document, how many raw pieces it has, whether it is a title.
        self._owner, self._lengths, self._titles = array("I"), array("I"), array("B")
        self._file_raw = _Known()
        self._file_tokens, self._file_lengths, self._file_numbers = array("I"), array("I"), array("I")
        self._first_document = self.documents

    def add(self, document: Document) -> None:
        take = self._raw.__getitem__
        for is_title, values in ((1, document.titles), (0, document.texts)):
            for value in values:
                before = len(self._tokens)
                self._tokens.extend(map(take, value.split()))
                self._owner.append(self.documents)
                self._lengths.append(len(self._tokens) - before)
                self._titles.append(is_title)
        take = self._file_raw.__getitem__
        for file in document.files:
            before = len(self._file_tokens)
            self._file_tokens.extend(map(take, set(file.folded.split())))
            self._file_lengths.append(len(self._file_tokens) - before)
            self._file_numbers.append(self.files)
            self.file_owner.append(self.documents)
            self.files += 1
        self.documents += 1
        if len(self._tokens) + len(self._file_tokens) > TOKENS_MOST or len(self._raw) + len(self._file_raw) > RAW_MOST:
            self.flush()

    def flush(self) -> None:
        """Write what has been gathered as one run."""
        folder = self.folder / f"run-{len(self.runs)}"
        folder.mkdir()
        cut = _cut(self._raw, self.split)
        tokens, lengths = _expand(cut, _plain(self._tokens), _plain(self._lengths))
        owners = _plain(self._owner)
        places, slots = _places(lengths, owners - np.uint32(self._first_document), self.documents - self._first_document, sum(self.slots))
        self.slots.frombytes(slots.astype(np.uint32).tobytes())
        document_of = np.repeat(owners, lengths)
        is_title = np.repeat(np.frombuffer(self._titles, dtype=np.uint8).astype(bool), lengths) if self._titles else np.zeros(0, bool)
        folded_tokens, exact_tokens = cut.folded[tokens], cut.exact[tokens]
        file_words = [cut.folded_words[word] for word in self._file_raw]
        _write(
            folder,
            "folded",
            cut.folded_words,
            {
                "title": (folded_tokens[is_title], document_of[is_title], True),
                "all": (folded_tokens, document_of, True),
                "title_at": (folded_tokens[is_title], places[is_title], False),
                "all_at": (folded_tokens, places, False),
                "in_files": (
                    np.array(file_words, dtype=np.uint32)[_plain(self._file_tokens)],
                    np.repeat(_plain(self._file_numbers), _plain(self._file_lengths)),
                    True,
                ),
            },
        )
        _write(folder, "exact", cut.exact_words, {"exact": (exact_tokens, document_of, True)})
        self.runs.append(Run(folder))
        self._fresh()


@dataclass(frozen=True)
class _Cut:
    """Raw pieces cut into words: piece `i` is the words `begins[i]` to `begins[i + 1]`, whose numbers `folded` and `exact` hold."""

    folded_words: _Known
    exact_words: _Known
    folded: Numbers
    exact: Numbers
    begins: NDArray[np.int64]


def _cut(raw: Mapping[str, int], split: Split) -> _Cut:
    folded_words, exact_words = _Known(), _Known()
    folded, exact, counts = array("I"), array("I"), array("I")
    for piece in raw:
        pairs = split(piece)
        counts.append(len(pairs))
        for exactly, plainly in pairs:
            exact.append(exact_words[exactly])
            folded.append(folded_words[plainly])
    begins = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(_plain(counts), out=begins[1:])
    return _Cut(folded_words, exact_words, _plain(folded), _plain(exact), begins)


def _expand(cut: _Cut, pieces: Numbers, lengths: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of all words of all values, one after the other, and how many words each value has."""
    counts = np.diff(cut.begins)[pieces] if len(pieces) else np.zeros(0, dtype=np.int64)
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    tokens = np.repeat(cut.begins[pieces], counts) + within
    upto = np.concatenate([[0], ends])[np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)]
    return tokens, np.diff(upto)


def _places(lengths: NDArray[np.int64], owners: Numbers, documents: int, slots_before: int) -> tuple[Numbers, NDArray[np.int64]]:
    """Return the position of every word, and how many slots each document takes. After each value one position stays empty."""
    taken = np.bincount(owners, weights=lengths + 1, minlength=documents).astype(np.int64)
    slots = -(-taken // SLOT)
    begins = (slots_before + np.cumsum(slots) - slots) * SLOT
    ends = np.cumsum(lengths + 1)  # as if values followed each other without slots
    value_begins = ends - (lengths + 1)
    first_value = np.searchsorted(owners, np.arange(documents))
    offsets = value_begins - np.concatenate([value_begins, ends[-1:]])[first_value][owners] if len(owners) else value_begins
    starts = begins[owners] + offsets
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return (np.repeat(starts, lengths) + within).astype(np.uint32), slots


def _write(folder: Path, vocabulary: str, words: Mapping[str, int], streams: Mapping[str, tuple[Any, Any, bool]]) -> None:
    """Write words in order and the streams of their members. A stream is words, members, and whether each member counts once a word.

    Any: arrays of whole numbers of any width.
    """
    ordered = sorted(words)
    with (folder / f"{vocabulary}.txt").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{word}\n" for word in ordered)
    rank = np.empty(len(ordered), dtype=np.uint32)
    rank[[words[word] for word in ordered]] = np.arange(len(ordered), dtype=np.uint32)
    for name, (tokens, members, once) in streams.items():
        ranks = rank[tokens]
        order = np.argsort(ranks, kind="stable")
        ranks, members = ranks[order], members[order].astype(np.uint32)
        if once and len(ranks):
            keep = np.ones(len(ranks), dtype=bool)
            keep[1:] = (ranks[1:] != ranks[:-1]) | (members[1:] != members[:-1])
            ranks, members = ranks[keep], members[keep]
        np.save(folder / f"{name}.ends.npy", np.cumsum(np.bincount(ranks, minlength=len(ordered))))
        np.save(folder / f"{name}.npy", members)


def _plain(values: array[int]) -> Numbers:
    return np.frombuffer(values, dtype=np.uint32) if values else np.zeros(0, dtype=np.uint32)
