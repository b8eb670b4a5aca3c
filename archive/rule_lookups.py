"""How the database is asked for the rule of an item or a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import F, Index, Lookup, Model, OrderBy
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]  # Any: what the driver takes


class HasRule(Lookup):
    """The condition that the rule at `path` ("effective_rule_id", "item__effective_rule_id") is one of these.

    The same as `__in`, but the numbers stand in the statement, which spares each query some dozens of parameters, and SQLite is told
    that the condition holds for every other row: without figures about a table it takes thirty rules for three hundred rows, and reads
    half of the archive to find fifty files.
    """

    lookup_name = "has_rule"
    prepare_rhs = False

    def __init__(self, path: str, rule_ids: Iterable[int]) -> None:
        super().__init__(F(path), tuple(sorted(rule_ids)))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN ({self._numbers()})", tuple(params)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        # One constant to read instead of some dozens.
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY('{{{self._numbers()}}}'::bigint[])", tuple(params)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        sql, params = self.as_sql(compiler, connection)
        return f"likelihood({sql}, 0.5)", params

    def _numbers(self) -> str:
        """Return the keys as they stand in a statement. Raises EmptyResultSet where there is none: nothing is found then."""
        if not self.rhs:
            raise EmptyResultSet
        return ",".join(str(int(pk)) for pk in self.rhs)


class NullsLastIndex(Index):
    """An index some of whose columns have their nulls last. To SQLite a null is less than anything: in a descending order it is last
    unsaid, and an index there must not say it."""

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **options: object
    ) -> Statement:
        if schema_editor.connection.vendor != "sqlite":
            return super().create_sql(model, schema_editor, using, **options)
        unsaid = [
            OrderBy(one.expression, one.descending) if isinstance(one, OrderBy) else one for one in self.expressions
        ]
        return Index(*unsaid, name=self.name).create_sql(model, schema_editor, using, **options)
