"""Django's PostgreSQL, asked less: a statement that is asked again is planned once a connection, and whether a connection still lives is
seen at its socket instead of asked by a statement of its own.

Both are for a server that is reached directly, or by a pooler that leaves a session with one client: the prepared statements of one
session are unknown in another.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg.types.numeric import Int8Dumper

# How many statements a connection keeps planned: some dozens of questions in the few lengths that are usual.
PREPARED_MOST = 400


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, and what was asked as a reader of a list of queries wants it."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:  # Any: Django's own
        if isinstance(cursor, base.ServerBindingCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # Any: Django's own
        made = super().get_new_connection(conn_params)
        made.prepared_max = PREPARED_MOST
        # Else the type is the narrowest that takes a number: a statement would be planned anew for each mix of small and large keys.
        made.adapters.register_dumper(int, Int8Dumper)
        return made

    def prepared_cursor(self) -> CursorWrapper:
        """Return a cursor whose statements stay planned from their second time on (`prepare_threshold`). Their texts must be few: what
        differs goes into parameters, whose types the server has to know from where they stand."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            made = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]  # the stubs know psycopg 2's
            return self._prepare_cursor(made)  # type: ignore[attr-defined,no-any-return]  # Django's own, what `cursor` calls

    def is_usable(self) -> bool:
        """Return whether the server has not hung up. What it said of itself meanwhile may be its farewell: then it is asked. No query
        otherwise."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return bool(super().is_usable()) if waiting.poll(0) else True
