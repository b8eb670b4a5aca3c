"""Reading what is kept ready of many records.

To Django PostgreSQL's answers come as text, which doubles bytes on their way and turns them back; here they come as
they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from interop.oai.models import HarvestBody


def bodies(among: Q, *, number: int, made_by: str) -> dict[int, Any]:  # Any: bytes, as the database's driver has them
    """Return the packed bodies of records by the record's key. `among`: a condition on `record_id`. One query."""
    found = HarvestBody.objects.filter(among, format=number, made_by=made_by).order_by()
    rows = found.values_list("record_id", "xml")
    if connection.vendor != "postgresql":
        return dict(rows)
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return {}
    return dict(_asked(sql, params))


def _asked(sql: str, params: Sequence[Any]) -> list[tuple[int, bytes]]:  # Any: numbers and texts
    connection.ensure_connection()
    session = cast("psycopg.Connection[tuple[int, bytes]]", connection.connection)
    with connection.wrap_database_errors, psycopg.Cursor(session) as cursor:
        cursor.format = psycopg.pq.Format.BINARY
        return cursor.execute(sql, params).fetchall()
