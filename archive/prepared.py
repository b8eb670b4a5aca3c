"""Questions that many pages ask, put into SQL once a process: Django takes ten times as long to write such a statement as the database to
answer it.

What comes back are the rows that the queryset itself would give. Nothing that was read is kept, only how it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import JSONField, Model, QuerySet
from django.db.models.query import RelatedPopulator, get_related_populators

from access.viewer import Viewer

M = TypeVar("M", bound=Model)
Key = Any  # Any: a number or a text, as its column wants it
# Lists are asked for in a few lengths, the rest filled up with the last key again.
LENGTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
# One for each set of rules that somebody satisfies: there are some dozens of them.
STATEMENTS_MOST = 400
# No row has such a key, and no statement such a value of its own.
_FIRST_MARK = -7_462_519_038_114_000


@dataclass(frozen=True)
class _Statement:
    """A statement with the places of its keys among its parameters, and how a row becomes an object."""

    sql: str
    params: tuple[Any, ...]  # Any: what the driver takes
    places: tuple[tuple[int, int], ...]  # (parameter, key)
    width: int
    converters: tuple[tuple[int, tuple[Any, Any]], ...]  # Any: Django's own, untyped
    lists: frozenset[int]  # columns of JSON
    model: type[Model]
    columns: slice
    names: tuple[str, ...]
    populators: tuple[RelatedPopulator, ...]
    annotations: tuple[tuple[str, int], ...]


def known(viewer: Viewer | None) -> Viewer:
    """Return the viewer of a question that needs one. Raises TypeError where it was asked without."""
    if viewer is None:
        raise TypeError("What is closed to some is read for a viewer.")
    return viewer


class Prepared(Generic[M]):
    """A question for rows by some keys, of which `ask` is the queryset: without prefetches, and with the keys as whole values (`__in`).

    Where it is asked for a viewer, `ask` may look at nothing of them but by `visible_to` and `seen_items`.
    """

    def __init__(self, ask: Callable[[Sequence[Key], Viewer | None], QuerySet[M]]) -> None:
        self._ask = ask
        self._statements: dict[tuple[int, bool, frozenset[int] | None], _Statement | None] = {}
        _EVERY.add(self)

    def rows(self, keys: Sequence[Key], viewer: Viewer | None = None) -> list[M]:
        """Return the rows, in the order of the queryset. No query without keys, else one."""
        if not keys:
            return []
        if len(keys) > LENGTHS[-1] or (viewer is not None and not viewer.is_judged_by_rules):
            return list(self._ask(keys, viewer))
        length = next(one for one in LENGTHS if one >= len(keys))
        statement = self._statement(length, isinstance(keys[0], str), viewer)
        if statement is None:
            return []
        params = list(statement.params)
        for place, number in statement.places:
            params[place] = keys[min(number, len(keys) - 1)]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            return [self._made(statement, row) for row in cursor.fetchall()]

    def first(self, keys: Sequence[Key], viewer: Viewer | None = None) -> M | None:
        """Return the first of the rows, None where there is none."""
        return next(iter(self.rows(keys, viewer)), None)

    def _statement(self, length: int, is_text: bool, viewer: Viewer | None) -> _Statement | None:
        """Return the statement; None where the database need not be asked, since the viewer satisfies no rule."""
        asked = (length, is_text, None if viewer is None else viewer.rule_ids)
        if asked not in self._statements:
            if len(self._statements) >= STATEMENTS_MOST:
                self._statements = {}
            marks: list[Key] = [_FIRST_MARK - number for number in range(length)]
            if is_text:
                marks = [str(mark) for mark in marks]
            self._statements[asked] = _prepared(self._ask(marks, viewer), marks)
        return self._statements[asked]

    def forget(self) -> None:
        """Put its statements together anew."""
        self._statements = {}

    @staticmethod
    def _made(statement: _Statement, read: Sequence[Any]) -> Any:  # Any: one of the statement's model
        row = list(read[: statement.width])
        for place, (conversions, expression) in statement.converters:
            value = row[place]
            if value == "[]" and place in statement.lists:
                # Most of what is kept as JSON is an empty list.
                row[place] = []
                continue
            for convert in conversions:
                value = convert(value, expression, connection)
            row[place] = value
        made = statement.model.from_db(connection.alias, statement.names, row[statement.columns])
        for populator in statement.populators:
            populator.populate(row, made)
        for name, place in statement.annotations:
            setattr(made, name, row[place])
        return made


_EVERY: WeakSet[Prepared[Any]] = WeakSet()


def forget() -> None:
    """Put all statements together anew. For tests that change how that is done."""
    for question in _EVERY:
        question.forget()


def _prepared(queryset: QuerySet[Any], marks: Sequence[Key]) -> _Statement | None:  # Any: any model
    """Return the statement as Django writes it. The way from a row to an object is that of `django.db.models.query.ModelIterable`."""
    compiler = queryset.query.get_compiler(using=queryset.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    select, info = compiler.select, compiler.klass_info
    if info is None:
        raise TypeError("A question is prepared for whole rows.")
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    expressions = [entry[0] for entry in select[: compiler.col_count]]
    places = {mark: number for number, mark in enumerate(marks)}
    filled = tuple(
        (place, places[param]) for place, param in enumerate(params) if isinstance(param, int | str) and param in places
    )
    if len({number for _place, number in filled}) != len(marks):
        raise TypeError("The keys of a prepared question are not all among its parameters.")
    return _Statement(
        sql=sql,
        params=tuple(params),
        places=filled,
        width=len(expressions),
        converters=tuple(compiler.get_converters(expressions).items()),
        lists=frozenset(place for place, one in enumerate(expressions) if isinstance(one.output_field, JSONField)),
        model=info["model"],
        columns=slice(first, last),
        names=tuple(entry[0].target.attname for entry in select[first:last]),
        populators=tuple(get_related_populators(info, select, connection.alias)),  # type: ignore[call-arg]  # the stubs are of a later Django
        annotations=tuple((compiler.annotation_col_map or {}).items()),
    )


class Kept(QuerySet[M]):
    """Rows that were read already, where a relation looks for what was prefetched. What is asked of them further is a query of its own."""

    def _chain(self) -> QuerySet[M]:
        return self.model._default_manager.filter(pk__in=[row.pk for row in self._result_cache or ()])


def keep(owner: Model, name: str, rows: Sequence[M], model: type[M]) -> None:
    """Let a relation of a row give these rows, as if they had been prefetched."""
    kept: Any = Kept(model=model)  # Any: what is set is Django's own
    kept._result_cache = list(rows)
    kept._prefetch_done = True
    _prefetched(owner)[name] = kept


def has_kept(owner: Model, name: str) -> bool:
    """Return whether a relation of a row was read already, by `keep` or by Django."""
    return name in _prefetched(owner)


def _prefetched(owner: Model) -> dict[str, object]:
    """Return where Django's own prefetching lays what it read of a row."""
    found: dict[str, object] = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    return found
