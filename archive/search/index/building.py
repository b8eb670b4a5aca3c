"""Building the base: from a stream of documents to a folder that is opened by mapping it. Pure.

Nothing is pointed at before it is whole and on the disk: the folder is written under a name that begins with `building-`, forced,
renamed, and only then does the pointer name it. What a killed build left is swept by the next one. One build at a time below one root.
"""

from __future__ import annotations

import contextlib
import fcntl
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from archive.search.folding import fold, loose
from archive.search.index import storing
from archive.search.index.columns import Columns
from archive.search.index.merging import merge, numbering
from archive.search.index.runs import SLOT, VOCABULARIES, Gathering
from archive.search.index.shapes import Document
from archive.search.index.storing import FORMAT, Meta, Strings, Writer

LOCK = "building.lock"
DOCUMENTS_BETWEEN = 1_000  # documents, between two signs of progress
POSITIONS_MOST = 15 << 28  # of 32 bits, with room for those of what changes later: about 60 million items of 45 words


class AlreadyBuilding(Exception):
    """Another process builds below the same root."""


class TooLarge(Exception):
    """More words than there are numbers for positions."""


def _silent(_documents: int) -> None:
    pass


def build(
    documents: Iterable[Document],
    root: Path,
    position: Mapping[str, Any] | None = None,  # Any: JSON of the caller's, where in the log these documents stand
    progress: Callable[[int], None] = _silent,
) -> Path:
    """Build an index of these documents below `root`, make it the live one, and return its folder. Raises AlreadyBuilding, TooLarge.

    No key may come twice. Any order is right; that of (published, key) is quickest. `progress` is told how many documents have been read,
    again and again while words are merged; what it raises ends the build and leaves the live index as it is.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        sweep(root)
        name = secrets.token_hex(6)
        aside = root / f"building-{name}"
        try:
            aside.mkdir(mode=0o700)  # it holds the words of what is closed
            _write(documents, aside, position or {}, progress)
            folder = root / f"base-{name}"
            aside.rename(folder)
            storing.force(root)
            storing.point(root, folder.name)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        sweep(root)
        return folder


def sweep(root: Path) -> None:
    """Remove what is not pointed at: what killed builds left, and bases of before. A process that maps one keeps it until it lets go."""
    try:
        live = storing.pointed(root)
    except storing.BrokenIndex:
        live = ""
    for entry in root.iterdir():
        if entry.name != live and entry.name.startswith(("building-", "base-")):
            shutil.rmtree(entry, ignore_errors=True)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the lock of the root: it ends with the process, however that ends."""
    with (root / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyBuilding(str(root)) from error
        yield


def _write(
    documents: Iterable[Document], aside: Path, position: Mapping[str, Any], progress: Callable[[int], None]
) -> None:
    scratch = aside / "scratch"
    scratch.mkdir()
    gathering, columns = Gathering(scratch), Columns()
    for document in documents:
        gathering.add(document)
        columns.add(document)
        if not gathering.items.count % DOCUMENTS_BETWEEN:
            progress(gathering.items.count)
    gathering.runs.append(gathering.flush())
    items = numbering(gathering.items.slots, columns.order())
    owners = items.documents(np.array(gathering.file_owners, dtype=np.uint32))
    files = numbering(gathering.files.slots, np.argsort(owners, kind="stable"))
    if max(len(items.slot_owners), len(files.slot_owners)) * SLOT >= POSITIONS_MOST:
        raise TooLarge(f"{len(items.slot_owners) * SLOT} positions in items, {len(files.slot_owners) * SLOT} in files")
    writer = Writer(scratch)
    columns.write(writer, items.order, files.order)
    writer.array("slot", items.slot_owners)
    writer.array("file_slot", files.slot_owners)
    writer.array("file_owner", owners[files.order])
    merge(gathering, items, files, writer, lambda: progress(gathering.items.count))
    words, written = (writer.written(vocabulary) for vocabulary in VOCABULARIES)
    _write_loose(writer, words)
    _write_spellings(writer, words, written)
    progress(gathering.items.count)
    positions = len(items.slot_owners) * SLOT
    writer.pack(aside, Meta(FORMAT, gathering.items.count, gathering.files.count, positions, dict(position)))
    shutil.rmtree(scratch)


def _write_loose(writer: Writer, words: Strings) -> None:
    """Write the loose keys in order, and which words have each."""
    keyed = ((loose(words[number]), number) for number in range(len(words)))
    pairs = sorted(pair for pair in keyed if pair[0])  # the edges of titles have none
    writer.array("loose_word", np.array([number for _key, number in pairs], dtype=np.uint32))
    groups = [(key, sum(1 for _ in group)) for key, group in groupby(pairs, key=itemgetter(0))]
    writer.strings("loose", (key for key, _count in groups))
    ends = np.zeros(len(groups) + 1, dtype=np.int64)
    np.cumsum([count for _key, count in groups], out=ends[1:])
    writer.array("loose_word_ends", ends)


def _write_spellings(writer: Writer, words: Strings, written: Strings) -> None:
    """Write of each folded word which words as written fold to it."""
    numbers = {words[number]: number for number in range(len(words))}
    found = [numbers.get(fold(written[number]), -1) for number in range(len(written))]
    folds = np.array(found, dtype=np.int64)
    order = np.argsort(folds, kind="stable")
    ends = np.searchsorted(folds[order], np.arange(len(words) + 1))
    writer.array("spelling", order.astype(np.uint32))
    writer.array("spelling_ends", ends)
