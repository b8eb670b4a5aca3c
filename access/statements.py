"""Asking the database what it was asked before in the same words."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper


def repeated() -> CursorWrapper:
    """Return a cursor for statements of which there are few, asked again and again: planned once a connection where the database does
    that (`heritage.postgresql`; planning costs PostgreSQL several times what finding a few rows does). SQLite keeps them by itself."""
    # Not by `connection`, which asks at each look which one is meant.
    here = connections[DEFAULT_DB_ALIAS]
    cursor: Callable[[], CursorWrapper] = getattr(here, "prepared_cursor", None) or here.cursor
    return cursor()
