"""Triggers that note changes of rows: what is alike in all that write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection


def there(prefix: str) -> dict[str, str]:
    """Return the triggers of the database whose names begin so and with a low line after it, with their tables. One query."""
    query = (
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgname LIKE %s AND c.relnamespace = current_schema()::regnamespace"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s ESCAPE '\\'"
    )
    like = prefix.replace("_", "\\_") + "\\_%"
    with connection.cursor() as cursor:
        cursor.execute(query, [like])
        return dict(cursor.fetchall())


def remove(prefix: str) -> None:
    """Take away all triggers whose names begin so, those of other versions too."""
    with connection.cursor() as cursor:
        for name, table in there(prefix).items():
            where = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def missing(prefix: str, wanted: Iterable[str]) -> list[str]:
    """Return the names of those that are wanted and are not there. One query."""
    return sorted(set(wanted) - set(there(prefix)))


def step_aside(prefix: str, *, plan: Any) -> None:  # Any: of Django's migrations, empty where there are none
    """Take the triggers out of SQLite's way where something is going to be migrated: it makes tables anew, and stumbles over triggers that
    name one which is gone for a moment."""
    if plan and connection.vendor == "sqlite":
        remove(prefix)


def have_tables(names: Iterable[str]) -> bool:
    """Return whether all these tables are there: not halfway back in time. One query."""
    return set(names) <= set(connection.introspection.table_names())


def unlike() -> str:
    """Return the operator that tells two values apart, nothing being a value."""
    return "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
