"""Whether anything was written in the database since something was read: asked for every tile, so it has to cost microseconds.

The answer is a value that is equal to an earlier one only if no transaction was committed in between, by whatever process, in whatever
table, by whatever means. So nothing that writes has to tell anybody, and there is no message to be lost.

- SQLite's connections see commits by the head of the WAL index, which is read in memory (`wal_index.py`): half a microsecond. Where
  there is none, SQLite is asked: it counts commits of others for each connection (`PRAGMA data_version`): 2 µs, and more where many threads
  wait for the interpreter. The connection that watches never writes.
- PostgreSQL tells which transactions are over (`pg_current_snapshot()`, a prepared statement of a session of its own): 15 µs of both sides.
  A transaction that writes has a number, and its end changes the snapshot.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg

from access.wal_index import WalIndex, mapped

logger = logging.getLogger(__name__)
# After a failure nothing is remembered for so long, and every request goes the long way.
PAUSE_S = 1.0
# Nobody replaces the file of a running archive; where it happens all the same it is seen within this time.
LOOKS_EVERY_S = 0.2
# A server that does not answer must not hold the threads that serve pages.
ANSWERS_WITHIN_MS = 2000
_numbers = count()


class Watch(Protocol):
    def state(self) -> Hashable | None:
        """Return the state of the database at this moment; None when it cannot be told."""


class Unwatched:
    """For a database that cannot be watched, such as one in memory: nothing may be remembered."""

    def state(self) -> Hashable | None:
        return None


@dataclass(frozen=True, eq=False)
class _Opened:
    """One database as it was opened. `tag` is that of this opening; while `cursor` lives, its connection keeps the index where it is."""

    file: tuple[int, int]  # device and number
    tag: bytes
    cursor: sqlite3.Cursor
    index: WalIndex | None


@dataclass(frozen=True, eq=False)
class _Look:
    """What the last look found: what SQLite counted when the index was as it says. Until `again_at` nobody looks again."""

    opened: _Opened
    again_at: float  # of the monotonic clock
    counted: tuple[bytes | None, int]


class SqliteWatch:
    """One connection for all threads: each has its own count. Where the index can be read in memory, it is asked only to check that."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._look: _Look | None = None
        self._not_before = 0.0

    def state(self) -> Hashable | None:
        # Held for the whole of it: another thread may forget it meanwhile, and a connection that nobody holds is closed.
        look = self._look
        if look is not None and look.opened.index is not None and time.monotonic() < look.again_at:
            head = look.opened.index.head()
            return None if head is None else look.opened.tag + head
        return self._asked()

    def _asked(self) -> Hashable | None:
        with self._lock:
            try:
                now = time.monotonic()
                look = self._look
                if look is None or now >= look.again_at:
                    look = self._look = self._looked(now, look)
                if look.opened.index is None:
                    return (look.opened.tag, _count(look.opened.cursor))
                head = look.opened.index.head()
                return None if head is None else look.opened.tag + head
            except (OSError, ValueError, sqlite3.Error) as error:
                self._forget(error)
                return None

    def _looked(self, now: float, before: _Look | None) -> _Look:
        """See whether what is there is still what was opened: a backup that was restored is another file under the same name."""
        found = Path(self._path).stat()
        opened = before.opened if before is not None else None
        if opened is None or before is None or opened.file != (found.st_dev, found.st_ino):
            if now < self._not_before:
                raise sqlite3.OperationalError("not tried again yet")
            opened = _open(self._path, (found.st_dev, found.st_ino))
            return _Look(opened, now + LOOKS_EVERY_S, _counted(opened))
        counted = _counted(opened)
        if opened.index is not None:
            is_wrong = counted[0] is not None and counted[0] == before.counted[0] and counted != before.counted
            if is_wrong or not opened.index.is_in_place():
                raise sqlite3.OperationalError("the WAL index is not the one of the database")
        return _Look(opened, now + LOOKS_EVERY_S, counted)

    def _forget(self, error: Exception) -> None:
        if self._look is not None or time.monotonic() >= self._not_before:
            logger.warning("the database is not watched for a moment: %s", error)
            self._not_before = time.monotonic() + PAUSE_S
        self._look = None


def _open(path: str, file: tuple[int, int]) -> _Opened:
    connection = sqlite3.connect(
        f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=1
    )
    cursor = connection.cursor()
    is_wal = cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    _count(cursor)  # reads from it, so that the index is there, and stays
    return _Opened(file, f"{file} {next(_numbers)} ".encode(), cursor, mapped(path) if is_wal else None)


def _count(cursor: sqlite3.Cursor) -> int:
    return int(cursor.execute("PRAGMA data_version").fetchone()[0])


def _counted(opened: _Opened) -> tuple[bytes | None, int]:
    """Return the index's head and SQLite's count that belong together; None for a head that was just changing."""
    before = opened.index.head() if opened.index is not None else None
    count = _count(opened.cursor)
    return (before if opened.index is not None and before == opened.index.head() else None, count)


class PostgresWatch:
    """One session a thread. What they see is the same, so what one remembers another may use."""

    def __init__(self, parameters: dict[str, Any]) -> None:  # Any: libpq's own parameters
        self._parameters = parameters
        self._own = threading.local()
        self._generation = next(_numbers)
        self._not_before = 0.0

    def state(self) -> Hashable | None:
        session: psycopg.Connection[Any] | None = getattr(self._own, "session", None)
        try:
            if session is None:
                session = self._own.session = self._open()
            # psycopg's own cursors cost several times what the question does.
            result = session.pgconn.exec_prepared(b"state", None)
            if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
                raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
            return (self._generation, result.get_value(0, 0))
        except psycopg.Error as error:
            self._own.session = None
            self._forget(error)
            if session is not None:
                session.close()
            return None

    def _open(self) -> psycopg.Connection[Any]:
        if time.monotonic() < self._not_before:
            raise psycopg.OperationalError("not tried again yet")
        session = psycopg.connect(**self._parameters, autocommit=True)
        session.execute(f"SET statement_timeout = {ANSWERS_WITHIN_MS}")
        result = session.pgconn.prepare(b"state", b"SELECT pg_catalog.pg_current_snapshot()")
        if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
            session.close()
            raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
        return session

    def _forget(self, error: Exception) -> None:
        if time.monotonic() >= self._not_before:
            logger.warning("the database is not watched for a moment: %s", error)
        self._not_before = time.monotonic() + PAUSE_S
        # Another server may answer next, whose count knows nothing of this one's.
        self._generation = next(_numbers)


def watch_of(database: Any) -> Watch:  # Any: Django's connection wrappers have no common type
    """Return the watch of the database that a Django connection leads to. It opens nothing before it is asked."""
    if database.vendor == "postgresql":
        parameters = database.get_connection_params()
        own = {"connect_timeout": 2, "tcp_user_timeout": ANSWERS_WITHIN_MS, "application_name": "tiles"}
        kept = {name: value for name, value in parameters.items() if name not in {"cursor_factory", "context"}}
        return PostgresWatch({**kept, **own})
    name = str(database.settings_dict["NAME"])
    if database.vendor != "sqlite" or database.is_in_memory_db() or name.startswith("file:"):
        return Unwatched()
    return SqliteWatch(name)
