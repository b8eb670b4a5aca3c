"""The end of a test that commits: Django empties every table and asks every app what belongs into an empty database, which takes longer
than most tests; here the few tables are emptied that hold something."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

from archive.search import triggers as of_search
from interop.oai import triggers as of_harvests

# What Django itself writes for an empty database, and no test changes.
STAYS = frozenset({"django_migrations", "django_content_type", "auth_permission"})


@cache
def _tables() -> tuple[str, ...]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(found) - STAYS))


def empty_tables() -> None:
    """Empty the tables that hold something, and put back triggers that a test took away."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})" for name in _tables())  # noqa: S608  # our own tables
        cursor.execute(asked)
        filled = [name for (name,) in cursor.fetchall()]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql" and filled:
            cursor.execute(f"TRUNCATE {', '.join(map(quote, filled))} CASCADE")
        else:
            for name in filled:
                cursor.execute(f"DELETE FROM {quote(name)}")  # noqa: S608  # our own tables
    of_search.after_migrate()
    of_harvests.after_migrate()


def teach() -> None:
    """Let every test that commits end so."""

    def end(_self: Any) -> None:  # Any: Django's test case
        empty_tables()

    TransactionTestCase._fixture_teardown = end  # type: ignore[attr-defined, method-assign]  # not in the stubs
