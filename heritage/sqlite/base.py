"""Django's SQLite, asked by a shorter way where the same is asked again: what stands between a statement and the library takes longer than
the library takes to find a row by its key."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.utils import CursorWrapper

# Statements that are asked again, in Django's words and in SQLite's.
KNOWN_MOST = 2_000


class Cursor(CursorWrapper):
    """A cursor for such statements. Whoever listens to what is asked is told as ever."""

    def execute(self, sql: Any, params: Any = None) -> Any:  # Any: Django's own
        db: Any = self.db
        if params is None or db.execute_wrappers:
            return super().execute(sql, params)
        db.validate_no_broken_transaction()
        with db.wrap_database_errors:
            return sqlite3.Cursor.execute(self.cursor, _with_question_marks(sql), params)


@lru_cache(maxsize=KNOWN_MOST)
def _with_question_marks(sql: str) -> str:
    found: str = base.FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
    return found


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    def prepared_cursor(self) -> CursorWrapper:
        """Return a cursor for statements of which there are few, asked again and again; one that writes them down, where they are."""
        if self.queries_logged:
            return self.cursor()
        self.ensure_connection()
        with self.wrap_database_errors:
            return Cursor(self.create_cursor(), self)
