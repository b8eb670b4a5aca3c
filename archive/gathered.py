"""Rows of other tables gathered into one text of each row that is read, by the database: what a list tells of its items comes in one
statement, without the same item again for each row that belongs to it.

The texts are JSON, or numbers with commas between: both databases write them so that Python reads them alike.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, Any]  # Any: what the driver takes


class All(Func):
    """All rows of a table that are tied to a row of the asked model, with commas between, in any order: one column of theirs, or the JSON
    lists of several, numbers and texts. NULL where there is none.

    Written by hand: Django takes half a millisecond for each, and who has a grant gets a statement of their own each time.
    """

    output_field = TextField()

    def __init__(self, rows: type[Model], by: str, of: type[Model], *columns: str) -> None:
        super().__init__()
        self._from = f'FROM "{rows._meta.db_table}" WHERE "{by}" = "{of._meta.db_table}"."id"'
        self._columns = ", ".join(f'"{column}"' for column in columns)
        self._is_one = len(columns) == 1

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Sql:  # Any: Django's
        told = self._columns if self._is_one else f"JSON_ARRAY({self._columns})"
        return self.as_sql(compiler, connection, template=f"(SELECT GROUP_CONCAT({told}) {self._from})", **extra)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> Sql:  # Any: as above
        told = self._columns if self._is_one else f"JSON_BUILD_ARRAY({self._columns})"
        return self.as_sql(
            compiler, connection, template=f"(SELECT STRING_AGG(({told})::text, ',') {self._from})", **extra
        )


class Written(Func):
    """The JSON list of columns that are JSON as they stand: whole numbers, and texts of JSON."""

    output_field = TextField()
    template = "('[' || %(expressions)s || ']')"
    arg_joiner = " || ',' || "


class Quoted(Func):
    """A word that needs no escaping as JSON: a pid, a role."""

    output_field = TextField()
    template = "('\"' || %(expressions)s || '\"')"


def first_of(rows: QuerySet[Any], by: str, what: Combinable) -> Subquery:  # Any: rows of any model
    """Return what is told of the first of those rows whose column `by` is the key of the row that is read; NULL for none."""
    return Subquery(rows.filter(**{by: OuterRef("pk")}).annotate(told=what).values("told")[:1])
