"""Whether anything was written in the database since something was read: asked for every tile, so it has to cost microseconds.

The answer is a value that is equal to an earlier one only if no transaction was committed in between, by whatever process, in whatever
table, by whatever means. So nothing that writes has to tell anybody, and there is no message to be lost.

- SQLite counts commits of other connections for each connection (`PRAGMA data_version`): 2 µs. The connection that watches never writes.
- PostgreSQL tells which transactions are over (`pg_current_snapshot()`, a prepared statement of a session of its own): 15 µs of both sides.
  A transaction that writes has a number, and its end changes the snapshot.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Hashable
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg

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


class SqliteWatch:
    """One connection for all threads: each has its own count."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._cursor: sqlite3.Cursor | None = None
        self._file: tuple[int, int, int] | None = None  # which file, and which opening of it
        self._not_before = self._looked_at = 0.0

    def state(self) -> Hashable | None:
        with self._lock:
            try:
                now = time.monotonic()
                if self._cursor is None or now >= self._looked_at + LOOKS_EVERY_S:
                    self._look(now)
                return (self._file, self._cursor.execute("PRAGMA data_version").fetchone()[0])  # type: ignore[union-attr]  # opened above
            except (OSError, sqlite3.Error) as error:
                self._forget(error)
                return None

    def _look(self, now: float) -> None:
        """Open what is there: a backup that was restored is another file under the same name."""
        found = Path(self._path).stat()
        self._looked_at = now
        if self._cursor is not None and self._file is not None and (found.st_dev, found.st_ino) == self._file[:2]:
            return
        if now < self._not_before:
            raise sqlite3.OperationalError("not tried again yet")
        self._cursor = None
        connection = sqlite3.connect(
            f"file:{self._path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=1
        )
        self._cursor = connection.cursor()
        self._file = (found.st_dev, found.st_ino, next(_numbers))

    def _forget(self, error: Exception) -> None:
        if self._cursor is not None or time.monotonic() >= self._not_before:
            logger.warning("the database is not watched for a moment: %s", error)
            self._not_before = time.monotonic() + PAUSE_S
        self._cursor = self._file = None


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
