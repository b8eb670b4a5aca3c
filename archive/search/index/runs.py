"""Runs: the words of some thousand documents, brought into order and written aside, to be merged later. Pure.

Documents, files and positions are numbered as they arrive; merging gives them their last numbers. There are two spaces of positions, of
items and of their files. Positions run in slots of `SLOT`: each document begins a slot of its own, so that a shift and one look-up tell
in which one a position lies.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.search.index.shapes import TITLE_BEGIN, TITLE_END, Document
from archive.search.index.storing import plain
from archive.search.index.terms import split

SLOT_BITS = 5
SLOT = 1 << SLOT_BITS
TOKENS_MOST = 3_000_000  # in memory at once: about 400 MB with all that is made of them
PIECES_MOST = 1_000_000  # different pieces of text that are remembered at once
VOCABULARIES = ("folded", "exact")
# Tables of sets: which vocabulary, which space, and whether they hold positions.
STREAMS = {
    "title": ("folded", "items", False),
    "all": ("folded", "items", False),
    "title_at": ("folded", "items", True),
    "all_at": ("folded", "items", True),
    "in_files": ("folded", "files", False),
    "in_files_at": ("folded", "files", True),
    "exact": ("exact", "items", False),
}

Numbers = NDArray[np.uint32]
Longs = NDArray[np.int64]


class Known(dict[str, int]):
    """Numbers of strings, given out as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Space:
    """What stands in documents of one sort: of each value its owner, whether it is a title, and its pieces (what stands between blanks)."""

    def __init__(self) -> None:
        self.count = 0  # documents
        self.slots = array("I")  # of each document whose run has been written
        self.fresh()

    def fresh(self) -> None:
        self.first = self.count
        self.pieces = Known()
        self.tokens = array("I")
        self.owners, self.lengths, self.titles = array("I"), array("I"), array("B")

    def add(self, values: Iterable[str], *, titles: bool = False) -> None:
        """Add values of the document that is next to be counted."""
        take = self.pieces.__getitem__
        for value in values:
            before = len(self.tokens)
            self.tokens.extend(map(take, value.split()))
            self.owners.append(self.count)
            self.lengths.append(len(self.tokens) - before)
            self.titles.append(titles)


@dataclass(frozen=True)
class Run:
    """The words of one run in order and, of each stream, where each word's members end, and the members."""

    words: Mapping[str, Sequence[str] | Path]
    streams: Mapping[str, tuple[Numbers, Numbers] | Path]

    def ordered(self, vocabulary: str) -> Iterator[str]:
        words = self.words[vocabulary]
        if not isinstance(words, Path):
            yield from words
            return
        with words.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line[:-1]

    def stream(self, name: str) -> tuple[Numbers, Numbers]:
        stream = self.streams[name]
        if not isinstance(stream, Path):
            return stream
        # To slice a memmap itself takes ten times as long.
        ends, members = (np.asarray(np.load(stream / f"{part}.npy", mmap_mode="r")) for part in ("ends", "members"))
        return ends, members

    def put_aside(self, folder: Path) -> Run:
        """Write what takes room into a folder, and return the same run."""
        folder.mkdir()
        words = {name: folder / f"{name}.txt" for name in self.words}
        for name, path in words.items():
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{word}\n" for word in self.ordered(name))
        streams = {name: folder / name for name in self.streams}
        for name, path in streams.items():
            path.mkdir()
            for part, values in zip(("ends", "members"), self.stream(name), strict=True):
                np.save(path / f"{part}.npy", values)
        return Run(words, streams)


class Gathering:
    """Takes documents in, and writes a run whenever enough words have come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs: list[Run] = []
        self.items, self.files = Space(), Space()
        self.file_owners = array("I")

    def add(self, document: Document) -> None:
        self.items.add(document.titles, titles=True)
        self.items.add(document.texts)
        for file in document.files:
            self.files.add(file.folded.split("\n"))
            self.file_owners.append(self.items.count)
            self.files.count += 1
        self.items.count += 1
        spaces = (self.items, self.files)
        if (
            sum(len(space.tokens) for space in spaces) > TOKENS_MOST
            or sum(len(space.pieces) for space in spaces) > PIECES_MOST
        ):
            self.runs.append(self.flush().put_aside(self.folder / f"run-{len(self.runs)}"))

    def flush(self) -> Run:
        """Return a run of what has been gathered since the last one."""
        folded, exact = Known(), Known()
        items = _Laid(self.items, _cut(self.items.pieces, folded, exact))
        files = _Laid(self.files, _uncut(self.files.pieces, folded))
        begins, ends = items.title_edges()
        edges = np.repeat(np.array([folded[TITLE_BEGIN], folded[TITLE_END]], dtype=np.uint32), [len(begins), len(ends)])
        title = items.in_title
        with_edges = np.concatenate([items.folded[title], edges]), np.concatenate([items.places[title], begins, ends])
        members = {
            "title": (items.folded[title], items.owners[title]),
            "all": (items.folded, items.owners),
            "title_at": with_edges,
            "all_at": (items.folded, items.places),
            "in_files": (files.folded, files.owners),
            "in_files_at": (files.folded, files.places),
            "exact": (items.exact, items.owners),
        }
        words = {"folded": sorted(folded), "exact": sorted(exact)}
        ranks = {"folded": _ranks(folded, words["folded"]), "exact": _ranks(exact, words["exact"])}
        streams = {
            name: _ordered(
                ranks[vocabulary][members[name][0]], members[name][1], len(words[vocabulary]), once=not places
            )
            for name, (vocabulary, _space, places) in STREAMS.items()
        }
        for space in (self.items, self.files):
            space.fresh()
        return Run(words, streams)


@dataclass(frozen=True)
class _Cut:
    """Pieces cut into words: piece `i` is the words `begins[i]` to `begins[i + 1]`, whose numbers `folded` and `exact` hold."""

    folded: Numbers
    exact: Numbers
    begins: Longs


def _cut(pieces: Iterable[str], folded: Known, exact: Known) -> _Cut:
    folds, written, counts = array("I"), array("I"), array("I")
    for piece in pieces:
        pairs = split(piece)
        counts.append(len(pairs))
        for exactly, plainly in pairs:
            written.append(exact[exactly])
            folds.append(folded[plainly])
    begins = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(plain(counts), out=begins[1:])
    return _Cut(plain(folds), plain(written), begins)


def _uncut(pieces: Iterable[str], folded: Known) -> _Cut:
    """Return pieces that are folded words already."""
    words = np.array([folded[piece] for piece in pieces], dtype=np.uint32)
    return _Cut(words, words, np.arange(len(words) + 1))


class _Laid:
    """The words of a space in their order, each with its owner and its position."""

    def __init__(self, space: Space, cut: _Cut) -> None:
        pieces, owners = plain(space.tokens), plain(space.owners).astype(np.int64) - space.first
        counts = np.diff(cut.begins)[pieces]
        words = np.repeat(cut.begins[pieces] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        ends = np.concatenate([[0], np.cumsum(counts)])[np.cumsum(plain(space.lengths), dtype=np.int64)]
        self.lengths = np.diff(ends, prepend=0)  # of each value in words
        self.folded, self.exact = cut.folded[words], cut.exact[words]
        self.title_values = np.frombuffer(space.titles, dtype=np.bool_) if space.titles else np.zeros(0, np.bool_)
        self.in_title = np.repeat(self.title_values, self.lengths)
        self.owners = np.repeat((owners + space.first).astype(np.uint32), self.lengths)
        # A title has an edge on each side; behind each value one position stays empty.
        taken = self.lengths + 2 * self.title_values + 1
        count = space.count - space.first
        slots = -(-np.bincount(owners, weights=taken, minlength=count).astype(np.int64) // SLOT)
        begins = (sum(space.slots) + np.cumsum(slots) - slots) * SLOT
        running = np.cumsum(taken) - taken
        firsts = np.searchsorted(owners, owners)  # of each value the first of its document
        self.begins = begins[owners] + running - running[firsts] + self.title_values
        within = np.arange(len(self.folded)) - np.repeat(ends - self.lengths, self.lengths)
        self.places = (np.repeat(self.begins, self.lengths) + within).astype(np.uint32)
        space.slots.frombytes(slots.astype(np.uint32).tobytes())

    def title_edges(self) -> tuple[Numbers, Numbers]:
        """Return the positions right before and right behind each title."""
        begins = self.begins[self.title_values]
        return (begins - 1).astype(np.uint32), (begins + self.lengths[self.title_values]).astype(np.uint32)


def _ranks(words: Mapping[str, int], ordered: Sequence[str]) -> Numbers:
    """Return of each word's number its place in the order."""
    rank = np.empty(len(ordered), dtype=np.uint32)
    rank[[words[word] for word in ordered]] = np.arange(len(ordered), dtype=np.uint32)
    return rank


def _ordered(ranks: Numbers, members: Numbers, words: int, *, once: bool) -> tuple[Numbers, Numbers]:
    """Return members word by word, and where those of each word end. With `once` a member counts once a word."""
    order = np.argsort(ranks, kind="stable")
    ranks, members = ranks[order], members[order]
    if once and len(ranks):
        keep = np.ones(len(ranks), dtype=bool)
        keep[1:] = (ranks[1:] != ranks[:-1]) | (members[1:] != members[:-1])
        ranks, members = ranks[keep], members[keep]
    return np.cumsum(np.bincount(ranks, minlength=words)).astype(np.uint32), members
