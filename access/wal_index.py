"""The head of SQLite's WAL index, read where it lies in memory: it changes with every commit, and reading it is a copy of 96 bytes.

It is what SQLite itself compares to see whether something was committed (its file format, "The WAL-Index File Format"): a counter of
transactions, the length of the log, its salts and check sums, all of it twice, because a writer may be in the middle of it. Asking SQLite
would give the same answer, but gives up the interpreter's lock three times for it, and with many threads that costs more than a tile.

Whoever maps the index has to hold a connection to the database that has read from it once: as long as there is one, SQLite neither removes
nor shortens the file, and the database does not leave its WAL.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 48  # one of the two copies
FORMAT = 3_007_000
READ_TRIES = 1000
# Behind both copies SQLite keeps what readers and checkpoints tell each other.
_SMALLEST_BYTES = 136


@dataclass(frozen=True, eq=False)
class WalIndex:
    """The index of one database. `file` tells which file that was at `path`, as os.stat does: device and number."""

    path: Path
    file: tuple[int, int]
    mapped: mmap.mmap

    def head(self) -> bytes | None:
        """Return both copies; None while they differ: somebody is writing them, or died while doing so."""
        found = self.mapped[: 2 * HEAD_BYTES]
        return found if found[:HEAD_BYTES] == found[HEAD_BYTES:] else None

    def is_in_place(self) -> bool:
        """Return whether that file is still the one at its path. Raises OSError."""
        found = self.path.stat()
        return (found.st_dev, found.st_ino) == self.file


# All that were ever opened, by device and number.
_opened: dict[tuple[int, int], WalIndex] = {}


def mapped(database: str) -> WalIndex | None:
    """Return the index of a database in WAL mode that a connection of this process has read; None if it is none that we know.

    Raises OSError. What is opened here is never closed: closing any descriptor of a file ends all locks that the process has on it (POSIX),
    those of SQLite's other connections too. So each file is opened once, and the mapping outlives the interpreter.
    """
    # Beside the file itself, not beside a link to it.
    path = Path(f"{os.path.realpath(database)}-shm")
    about = path.stat()
    if about.st_size < _SMALLEST_BYTES:
        return None
    # A mapping holds its file, so that no other one gets the number.
    index = _opened.get((about.st_dev, about.st_ino)) or _open(path)
    # Somebody who writes it is done with it within some nanoseconds.
    head = next((found for found in (index.head() for _time in range(READ_TRIES)) if found is not None), None)
    is_ours = head is not None and int.from_bytes(head[:4], sys.byteorder) == FORMAT and head[12] == 1
    return index if is_ours else None


def _open(path: Path) -> WalIndex:
    descriptor = os.open(path, os.O_RDONLY)
    about = os.fstat(descriptor)
    # It has a descriptor of its own.
    region = mmap.mmap(descriptor, _SMALLEST_BYTES, mmap.MAP_SHARED, mmap.PROT_READ)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(region))
    index = WalIndex(path, (about.st_dev, about.st_ino), region)
    _opened[index.file] = index
    return index
