"""Statements of the database that are written once and asked again with other keys.

Putting a query together takes Django longer than SQLite takes to answer it for the two dozen items of a page. What a viewer may see stands
in the statement as the rules that he satisfies, so that it is kept for these very rules; for whom something was opened alone it is made
each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from access.policy import Standing
from access.viewer import Viewer

Rows = QuerySet[Any, Any]  # Any: of whatever model, as tuples
Make = Callable[[Viewer, Collection[int]], Rows]
KEPT_MOST = 256
NO_TIME = datetime.min.replace(tzinfo=UTC)


def rows(make: Make, viewer: Viewer, keys: Collection[int]) -> Sequence[tuple[Any, ...]]:
    """Return the rows of the query that `make` puts together for these keys, as the driver gives them: it is for texts and whole numbers.
    One query, none without keys or rules."""
    if not keys:
        return ()
    if viewer.granted or viewer.in_emergency:
        return _asked(*_written(make(viewer, keys)))
    statement, before, after = _kept(make, viewer.rule_ids, len(keys))
    return _asked(statement, (*before, *keys, *after))


def forget() -> None:
    """Put all statements together anew. For tests that change how that is done."""
    _kept.cache_clear()


@lru_cache(maxsize=KEPT_MOST)
def _kept(make: Make, rule_ids: frozenset[int], count: int) -> tuple[str, tuple[Any, ...], tuple[Any, ...]]:
    """Return the statement for so many keys, and its parameters before and after those. It is made for somebody of whom nothing is known
    but the rules: it cannot hold anything else of a viewer."""
    keys = tuple(range(-count, 0))
    anybody = Viewer(Standing(), rule_ids, decided_at=NO_TIME)
    statement, params = _written(make(anybody, keys))
    if not statement:
        return "", (), ()
    start = params.index(keys[0])
    if params[start : start + count] != keys or params.count(keys[0]) != 1:
        raise ValueError("The keys stand in the statement more than once, or in another order.")
    return statement, params[:start], params[start + count :]


def _written(query: Rows) -> tuple[str, tuple[Any, ...]]:
    """Return the statement and its parameters; nothing where it can have no rows."""
    try:
        statement, params = query.query.sql_with_params()
    except EmptyResultSet:
        return "", ()
    return statement, tuple(params)


def _asked(statement: str, params: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    if not statement:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found
