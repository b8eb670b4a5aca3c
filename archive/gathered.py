"""Rows of other tables gathered into one text of each row that is read, by the database: what a list tells of its items comes in one
statement, without the same item again for each row that belongs to it.

The texts are JSON, or numbers with commas between: both databases write them so that Python reads them alike.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, OuterRef, QuerySet, Subquery, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, Any]  # Any: what the driver takes


class _Told(Func):
    """A function that both databases have under another name."""

    output_field = TextField()
    on_sqlite = on_postgresql = ""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Sql:  # Any: Django's
        return self.as_sql(compiler, connection, template=self.on_sqlite, **extra)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> Sql:  # Any: Django's
        return self.as_sql(compiler, connection, template=self.on_postgresql, **extra)


class AsList(_Told):
    """The JSON list of some columns: numbers and texts."""

    on_sqlite = "JSON_ARRAY(%(expressions)s)"
    on_postgresql = "JSON_BUILD_ARRAY(%(expressions)s)::text"


class Written(Func):
    """The JSON list of columns that are JSON as they stand: whole numbers, and texts of JSON."""

    output_field = TextField()
    template = "('[' || %(expressions)s || ']')"
    arg_joiner = " || ',' || "


class Quoted(Func):
    """A word that needs no escaping as JSON: a pid, a role."""

    output_field = TextField()
    template = "('\"' || %(expressions)s || '\"')"


class _All(_Told):
    """All values of a column with commas between, in any order; NULL where there is none."""

    on_sqlite = "GROUP_CONCAT(%(expressions)s)"
    on_postgresql = "STRING_AGG((%(expressions)s)::text, ',')"


def all_of(rows: QuerySet[Any], by: str, what: str | Combinable) -> Subquery:  # Any: rows of any model
    """Return what is told of all those rows whose column `by` is the key of the row that is read, with commas between; NULL for none."""
    # No aggregate to Django, which would group the rows and give none for none.
    return Subquery(rows.filter(**{by: OuterRef("pk")}).order_by().annotate(told=_All(what)).values("told"))


def first_of(rows: QuerySet[Any], by: str, what: Combinable) -> Subquery:  # Any: rows of any model
    """Return what is told of the first of those rows; NULL for none."""
    return Subquery(rows.filter(**{by: OuterRef("pk")}).annotate(told=what).values("told")[:1])
