"""How the database is asked for the rule of an item or a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Self, cast

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import F, Field, Index, Lookup, Model, OrderBy
from django.db.models.constants import LOOKUP_SEP
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]  # Any: what the driver takes
# Of SQLite's whole numbers all but the sign. Past two terms a list is as fast.
TERM_BITS, TERMS_MOST = 63, 2
RULE = "<rule>"


class HasRule(Lookup):
    """The condition that the rule at `path` ("effective_rule_id", "item__effective_rule_id") is one of these.

    The same as `__in`, but the numbers stand in the statement, which spares each query some dozens of parameters. A query that has
    another way to its rows (an order, a key) tests each row's rule on the way, as cheaply as its database can; any other looks for its
    rows by their rules in an index.
    """

    lookup_name = "has_rule"
    prepare_rhs = False

    def __init__(self, path: str, rule_ids: Iterable[int]) -> None:
        pks = tuple(sorted(int(pk) for pk in rule_ids))
        super().__init__(F(path), pks)
        self._path = path
        self._numbers = ",".join(map(str, pks))
        self._mask = _bits(pks)

    def resolve_expression(
        self,
        query: Any = None,  # Any: Django names no type for it
        allow_joins: bool = True,
        reuse: set[str] | None = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Self:
        if query is None or LOOKUP_SEP in self._path:
            return super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        # A column of the query's own table needs no way to it: the general search for one takes longer than all the rest.
        resolved = self.copy()
        resolved.is_summary = summarize
        resolved.lhs = _own_field(query.model, self._path).get_col(query.get_initial_alias())
        return resolved

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        rule, params = self._rule(compiler, connection)
        return self._is_one(rule), params

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        rule, params = self._rule(compiler, connection)
        # One constant to read instead of some dozens.
        is_one = self._is_one(rule) if len(self.rhs) == 1 else f"{rule} = ANY('{{{self._numbers}}}'::bigint[])"
        if len(self.rhs) == 1 or params or LOOKUP_SEP in self._path or not compiler.query.order_by:
            return is_one, params
        # In the order of an index only a range is tested before the row itself is fetched. The bounds say nothing new, but would be
        # reckoned with a second time: within COALESCE the list is taken to hold for every other row.
        return f"({rule} >= {self.rhs[0]} AND {rule} <= {self.rhs[-1]} AND COALESCE({is_one}, FALSE))", params

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        rule, params = self._rule(compiler, connection)
        condition = self._is_one(rule)
        if len(self.rhs) > 1 and self._mask and not params and _is_led_elsewhere(compiler.query):
            # A list is a table of its own, made by each query and searched for each row.
            condition = f"({' | '.join(self._mask).replace(RULE, rule)}) & 1"
        # Without figures about a table thirty rules are taken for three hundred rows, and half of the archive read to find fifty files.
        return f"likelihood({condition}, 0.5)", params

    def _is_one(self, rule: str) -> str:
        return f"{rule} = {self._numbers}" if len(self.rhs) == 1 else f"{rule} IN ({self._numbers})"

    def _rule(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """Return the column of the rule. Raises EmptyResultSet where no rule will do: nothing is found then, without a query."""
        if not self.rhs:
            raise EmptyResultSet
        sql, params = self.process_lhs(compiler, connection)
        return sql, tuple(params)


@lru_cache(maxsize=512)
def has_rule(path: str, rule_ids: frozenset[int]) -> HasRule:
    """Return the condition. It depends on nothing but what is asked for, and is never changed: a viewer's next query takes it again."""
    return HasRule(path, rule_ids)


@lru_cache(maxsize=64)
def _own_field(model: type[Model], name: str) -> Field[Any, Any]:  # Any: what it holds
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _bits(pks: Sequence[int]) -> tuple[str, ...]:
    """Return terms whose union has its last bit set for these keys and for no other number; nothing where too many would be needed.

    A term is a number of 63 bits, never negative, shifted right by as much as the rule is beyond its first key. A shift by more than it
    has leaves nothing, and one by less than nothing is one to the left, which clears the last bit: each term knows its own keys only.
    """
    if not pks or pks[0] < 0 or pks[-1] >= TERMS_MOST * TERM_BITS:
        return ()
    terms: dict[int, int] = {}
    for pk in pks:
        first = pk - pk % TERM_BITS
        terms[first] = terms.get(first, 0) | 1 << pk - first
    return tuple(f"({bits} >> {RULE} - {first})" if first else f"({bits} >> {RULE})" for first, bits in terms.items())


def _is_led_elsewhere(query: Query) -> bool:
    """Whether a query comes to its rows by an order or by their keys, so that an index of rules is of no use to it."""
    if query.order_by:
        return True
    fields = (getattr(getattr(one, "lhs", None), "target", None) for one in query.where.children)
    return any(getattr(field, "unique", False) for field in fields)


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
