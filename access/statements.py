"""Asking the database what it was asked before in the same words."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.db.backends.utils import CursorWrapper


def repeated() -> CursorWrapper:
    """Return a cursor for statements of which there are few, asked again and again: planned once a connection where the database does
    that (`heritage.postgresql`; planning costs PostgreSQL several times what finding a few rows does). SQLite keeps them by itself."""
    cursor: Callable[[], CursorWrapper] = getattr(connection, "prepared_cursor", connection.cursor)
    return cursor()
