"""Whether anything at all was committed to the database since an earlier moment: what was read then is what would be read now.

Asked of the database itself, so that no way of writing goes around it: a page, a worker, a command, a hand with a client.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Hashable
from contextlib import closing, suppress
from functools import lru_cache

from django.db import DatabaseError, connection

# Transactions that wrote get numbers one after the other: two equal snapshots see the same commits. Another server begins anew.
_SNAPSHOT = "SELECT pg_current_snapshot()::text, pg_postmaster_start_time()"


def mark() -> Hashable | None:
    """Return a value that is another as soon as anybody commits anything: while it is the same, so are all answers of the database. None
    where nobody can tell: within a transaction, whose changes nobody else sees yet, of a database in memory, and of one that does not answer.

    PostgreSQL: one query. SQLite: none; the file is asked through a connection that never writes, for which every commit is somebody else's.
    """
    if connection.in_atomic_block:
        return None
    if connection.vendor == "postgresql":
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(_SNAPSHOT)
            found: tuple[object, ...] | None = cursor.fetchone()
            return found
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]  # of SQLite's alone
        return _watching(str(connection.settings_dict["NAME"]), os.getpid()).version()
    return None


class _Watched:
    """A file of SQLite, looked at through one connection: the number that it gives is of this connection alone."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self._opened = 0

    def version(self) -> Hashable | None:
        """Return how often others have committed, and to which file; None where it cannot be asked."""
        with self._lock:
            try:
                stat = os.stat(self._path)
                file = (stat.st_dev, stat.st_ino)
                if self._connection is None or file != self._file:
                    self._open(file)
                return (self._opened, *file, *self._asked())
            except (OSError, sqlite3.Error):
                self._close()
                return None

    def _open(self, file: tuple[int, int]) -> None:
        self._close()
        self._connection = sqlite3.connect(
            f"file:{self._path}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        self._file = file
        self._opened += 1

    def _asked(self) -> tuple[int, ...]:
        if self._connection is None:
            return ()
        with closing(self._connection.execute("PRAGMA data_version")) as cursor:
            return tuple(cursor.fetchone())

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@lru_cache(maxsize=4)
def _watching(path: str, _process: int) -> _Watched:
    """Return what looks at a file: none is handed down to a process that was forked off."""
    return _Watched(path)
