"""Questions that many pages ask, put into SQL once a process: Django takes ten times as long to write such a statement as the database to
answer it.

What comes back are the rows that the queryset itself would give, as objects (`Prepared`) or as tuples (`PreparedTuples`). Nothing that was
read is kept, only how it is asked for. What a viewer may see stands in a statement as the rules that they satisfy, so that it is kept for
these very rules; for whom something was opened alone it is written each time.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

from access import statements
from access.policy import Standing
from access.viewer import Viewer

M = TypeVar("M", bound=Model)
Key = Any  # Any: a number or a text, as its column wants it
Row = Sequence[Any]  # Any: what the driver gives
Tuples = QuerySet[Any, Any]  # Any: of whatever model, by `values_list`
# Lists are asked for in a few lengths, the rest filled up with the last key again.
LENGTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
# A few hundred of each question: one for each set of rules that somebody satisfies, of which there are some dozens, and each length.
STATEMENTS_MOST = 4_000
# No row has such a key, and no statement such a value of its own.
_FIRST_MARK = -7_462_519_038_114_000
_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Maker:
    """How some columns of a row become an object, and what hangs on it. Without a `pk_at` there always is one."""

    model: type[Model]
    columns: slice
    names: tuple[str, ...]
    is_plain: bool
    pk_at: int | None = None
    related: tuple[_Maker, ...] = ()
    lay: Callable[[Any, Any], None] | None = None  # Any: the object that it hangs on, and it
    lay_back: Callable[[Any, Any], None] | None = None  # Any: as above, the other way round

    def made(self, row: Row) -> Any:  # Any: one of the model
        values = row[self.columns]
        if self.is_plain:
            # What `Model.__init__` does for such a model, which asks each field again whether its value was given.
            made = self.model.__new__(self.model)
            state = ModelState()
            state.db, state.adding = DEFAULT_DB_ALIAS, False
            made.__dict__["_state"] = state
            made.__dict__.update(zip(self.names, values, strict=True))
        else:
            made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)
        for one in self.related:
            one.hang(row, made)
        return made

    def hang(self, row: Row, on: Model) -> None:
        """Make what hangs on an object, and lay it there; None where there is none."""
        made = None if row[self.columns.start + (self.pk_at or 0)] is None else self.made(row)
        if self.lay is not None:
            self.lay(on, made)
        if made is not None and self.lay_back is not None:
            self.lay_back(made, on)


@dataclass(frozen=True)
class _Shape:
    """How a row of a statement becomes an object."""

    width: int
    converters: tuple[tuple[int, tuple[Any, Any]], ...]  # Any: Django's own, untyped
    json: tuple[int, ...]  # columns of it that come as text
    maker: _Maker
    annotations: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Statement:
    """A statement, and where among its parameters all of its keys stand in a row. `shape` is None where its rows stay tuples."""

    sql: str
    params: tuple[Any, ...]  # Any: what the driver takes
    starts: tuple[int, ...]
    length: int
    shape: _Shape | None

    def asked(self, keys: Sequence[Key]) -> Sequence[Row]:
        """Return the rows for some keys. One query."""
        params = list(self.params)
        if self.starts:
            filled = [*keys, *[keys[-1]] * (self.length - len(keys))]
            for start in self.starts:
                params[start : start + self.length] = filled
        with statements.repeated() as cursor:
            cursor.execute(self.sql, params)
            found: Sequence[Row] = cursor.fetchall()
        return found


def known(viewer: Viewer | None) -> Viewer:
    """Return the viewer of a question that needs one. Raises TypeError where it was asked without."""
    if viewer is None:
        raise TypeError("What is closed to some is read for a viewer.")
    return viewer


class _Question:
    """A question by some keys, of which `ask` is the queryset: without prefetches, and with the keys as whole values (`__in`).

    Where it is asked for a viewer, `ask` may look at nothing of them but by `visible_to` and `seen_items`.
    """

    def __init__(
        self, ask: Callable[[Sequence[Key], Viewer | None], QuerySet[Any, Any]]
    ) -> None:  # Any: each has its own
        self._ask = ask

    def _is_kept(self, keys: Sequence[Key], viewer: Viewer | None) -> bool:
        return len(keys) <= LENGTHS[-1] and (viewer is None or viewer.is_judged_by_rules)

    def _statement(self, keys: Sequence[Key], viewer: Viewer | None) -> _Statement | None:
        """Return the kept statement; None where the database need not be asked, since the viewer satisfies no rule."""
        length = LENGTHS[bisect_left(LENGTHS, len(keys))]
        rules = None if viewer is None else viewer.rule_ids
        asked = (self, length, isinstance(keys[0], str), rules)
        # Other threads may empty this at any moment.
        with suppress(KeyError):
            return _statements[asked]
        marks: list[Key] = [_FIRST_MARK - number for number in range(length)]
        if isinstance(keys[0], str):
            marks = [str(mark) for mark in marks]
        # Of whom it is made for nothing is known but the rules: it can hold nothing else of a viewer.
        anybody = None if rules is None else Viewer(Standing(), rules, decided_at=_NO_TIME)
        made = _written(self._ask(marks, anybody), marks)
        if len(_statements) >= STATEMENTS_MOST:
            _statements.clear()
        _statements[asked] = made
        return made


class Prepared(_Question, Generic[M]):
    """A question for rows of a model."""

    def __init__(self, ask: Callable[[Sequence[Key], Viewer | None], QuerySet[M]]) -> None:
        super().__init__(ask)

    def rows(self, keys: Sequence[Key], viewer: Viewer | None = None) -> list[M]:
        """Return the rows, in the order of the queryset. No query without keys, else one."""
        if not keys:
            return []
        if not self._is_kept(keys, viewer):
            return list(self._ask(keys, viewer))
        statement = self._statement(keys, viewer)
        if statement is None:
            return []
        if statement.shape is None:
            raise TypeError("This question is for whole rows.")
        # Not by `connection`, which asks at each look which one is meant.
        here, shape = connections[DEFAULT_DB_ALIAS], statement.shape
        return [_made(shape, row, here) for row in statement.asked(keys)]

    def first(self, keys: Sequence[Key], viewer: Viewer | None = None) -> M | None:
        """Return the first of the rows, None where there is none."""
        return next(iter(self.rows(keys, viewer)), None)


class PreparedTuples(_Question):
    """A question for columns (`values_list`), which come as the driver gives them: it is for texts and whole numbers."""

    def rows(self, keys: Collection[Key], viewer: Viewer | None = None) -> Sequence[Row]:
        """Return the rows, in the order of the queryset. One query, none without keys or rules."""
        if not keys:
            return ()
        asked = tuple(keys)
        is_kept = self._is_kept(asked, viewer)
        statement = self._statement(asked, viewer) if is_kept else _written(self._ask(asked, viewer), ())
        return () if statement is None else statement.asked(asked)


# What is known of all questions, whoever asks them: (question, length, whether its keys are texts, rules).
_statements: dict[tuple[_Question, int, bool, frozenset[int] | None], _Statement | None] = {}


def forget() -> None:
    """Put all statements together anew. For tests that change how that is done."""
    _statements.clear()


def _written(queryset: QuerySet[Any, Any], marks: Sequence[Key]) -> _Statement | None:  # Any: any model
    """Return the statement as Django writes it, None where it can have no rows. Raises TypeError where it lacks its keys, or has them in
    another order."""
    compiler = queryset.query.get_compiler(using=queryset.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    length = len(marks)
    starts = tuple(place for place, param in enumerate(params) if marks and param == marks[0])
    in_rows = all(list(params[start : start + length]) == list(marks) for start in starts)
    if marks and (not starts or not in_rows or sum(param in marks for param in params) != length * len(starts)):
        raise TypeError("The keys of a prepared question are not all among its parameters, one after another.")
    is_whole = issubclass(queryset._iterable_class, ModelIterable)
    return _Statement(sql, tuple(params), starts, length, _shape(compiler) if is_whole else None)


def _shape(compiler: Any) -> _Shape:  # Any: the stubs know no compiler's `klass_info`
    """Return how a row becomes an object, the way of `django.db.models.query.ModelIterable`."""
    select, info = compiler.select, compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    expressions = [entry[0] for entry in select[: compiler.col_count]]
    converters = compiler.get_converters(expressions)
    json_columns = {
        place for place, (_conversions, one) in converters.items() if isinstance(one, Col) and _is_json(one.target)
    }
    names = tuple(entry[0].target.attname for entry in select[first:last])
    related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs are of a later Django
    return _Shape(
        width=len(expressions),
        converters=tuple((place, found) for place, found in converters.items() if place not in json_columns),
        json=tuple(json_columns),
        maker=_Maker(
            info["model"],
            slice(first, last),
            names,
            _is_plain(info["model"], names),
            related=tuple(map(_hung, related)),
        ),
        annotations=tuple((compiler.annotation_col_map or {}).items()),
    )


def _hung(populator: Any) -> _Maker:  # Any: a RelatedPopulator, whose attributes the stubs do not know
    """Return how what hangs on another object is made. Raises TypeError for a parent of several tables, which nothing here has."""
    if populator.reorder_for_init is not None:
        raise TypeError("A prepared question reads no model of several tables.")
    names = tuple(populator.init_list)
    return _Maker(
        model=populator.model_cls,
        columns=slice(populator.cols_start, populator.cols_end),
        names=names,
        is_plain=_is_plain(populator.model_cls, names),
        pk_at=populator.pk_idx,
        related=tuple(map(_hung, populator.related_populators)),
        lay=populator.local_setter,
        lay_back=populator.remote_setter,
    )


def _is_plain(model: type[Model], names: Sequence[str]) -> bool:
    """Return whether nothing happens when an object of a model is made but that its values are laid down."""
    is_usual = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]  # a class method
    is_heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return is_usual and not is_heard and all(isinstance(getattr(model, name), DeferredAttribute) for name in names)


def _is_json(field: Any) -> bool:  # Any: a field of whatever sort
    return isinstance(field, JSONField) and type(field).from_db_value is JSONField.from_db_value and not field.decoder


def _made(shape: _Shape, read: Row, here: BaseDatabaseWrapper) -> Any:  # Any: one of the shape's model
    row = list(read[: shape.width])
    for place in shape.json:
        value = row[place]
        if value == "[]":
            # Most of what is kept as JSON is an empty list.
            row[place] = []
        elif value is not None:
            row[place] = json.loads(value)
    for place, (conversions, expression) in shape.converters:
        value = row[place]
        if value is not None:
            for convert in conversions:
                value = convert(value, expression, here)
            row[place] = value
    made = shape.maker.made(row)
    for name, place in shape.annotations:
        setattr(made, name, row[place])
    return made


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
