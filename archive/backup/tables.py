"""Rows to lines of JSON and back, the same for every database: what SQLite wrote PostgreSQL reads, and the reverse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

# Made again after a restore, of no use on another machine, or, as letters that wait, done a second time there.
LEFT_OUT = frozenset(
    {
        "access.signinattempts",
        "archive.formdraft",
        "archive.letter",
        "archive.passage",
        "archive.passageset",
        "archive.searchchange",
        "archive.searchentry",
        "archive.searchlog",
        "interop_oai.harvestbody",
        "interop_oai.harvestmembership",
        "interop_oai.harvestsearchhit",
        "interop_oai.harvestset",
        "interop_oai.harvestwaiting",
        "media_pipeline.derivative",
        "media_pipeline.job",
        "sessions.session",
    }
)

# SQLite takes at most 999 values in one statement in its older builds.
VALUES_AT_ONCE = 900

Model = type[models.Model]


class WrongRow(Exception):
    """A line is not a row of its table."""


@dataclass(frozen=True)
class Written:
    """What a table's file holds."""

    rows: int
    sha256: str


def tables(apps: Apps) -> list[Model]:
    """Every model that is carried, what is referred to before what refers to it; many-to-many tables included."""
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.managed and model._meta.label_lower not in LEFT_OUT
    }
    ordered: dict[str, Model] = {}

    def add(model: Model, above: frozenset[str]) -> None:
        label = model._meta.label_lower
        if label in ordered or label in above:
            return
        for field in model._meta.local_concrete_fields:
            related = field.related_model
            if isinstance(related, type) and related._meta.label_lower in found:
                add(related, above | {label})
        ordered[label] = model

    for label in sorted(found):
        add(found[label], frozenset())
    return list(ordered.values())


def fields_of(model: Model) -> list[models.Field[Any, Any]]:  # Any: fields of every kind
    return list(model._meta.local_concrete_fields)


def lines(model: Model) -> Iterator[bytes]:
    """One line a row, ordered by the primary key. The same rows give the same bytes from every database."""
    names = [field.attname for field in fields_of(model)]
    # The manager may hide rows from readers; what is kept is kept whole.
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        yield line_of(dict(zip(names, row, strict=True)))


def line_of(row: dict[str, object]) -> bytes:
    # Sorted: PostgreSQL's jsonb does not keep the order of keys.
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
    return text.encode() + b"\n"


def plain(value: object) -> str:
    """A value that JSON does not know, as the field's own to_python reads it. Microseconds are kept."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"no plain form for {type(value).__name__}")


def write_table(model: Model, path: Path) -> Written:
    total = hashlib.sha256()
    rows = 0
    with path.open("wb") as file:
        for line in lines(model):
            file.write(line)
            total.update(line)
            rows += 1
    return Written(rows, total.hexdigest())


def digest_of_table(model: Model) -> Written:
    """What `write_table` would say now, without writing."""
    total = hashlib.sha256()
    rows = 0
    for line in lines(model):
        total.update(line)
        rows += 1
    return Written(rows, total.hexdigest())


def read_row(model: Model, line: bytes) -> models.Model:
    """An unsaved instance. Raises WrongRow for anything that is not a row of the model: nothing is guessed."""
    try:
        given = json.loads(line)
        fields = {field.attname: field for field in fields_of(model)}
        if not isinstance(given, dict) or set(given) != set(fields):
            raise WrongRow(f"{model._meta.label}: the columns differ")
        return model(**{name: fields[name].to_python(value) for name, value in given.items()})
    except ValueError as error:
        raise WrongRow(f"{model._meta.label}: {error}") from error


def fill_table(model: Model, rows: Iterable[bytes]) -> None:
    """Replaces whatever the table holds. Call inside a transaction: references are checked when it is committed."""
    model._base_manager.all()._raw_delete(connection.alias)
    fields = fields_of(model)
    at_once = max(1, VALUES_AT_ONCE // len(fields))
    waiting = iter(rows)
    while batch := list(islice(waiting, at_once)):
        instances = [read_row(model, line) for line in batch]
        # raw: values as they were, where save() or pre_save() would set a date of today.
        model._base_manager._insert(instances, fields=fields, using=connection.alias, raw=True)  # type: ignore[attr-defined]


def set_sequences(filled: Iterable[Model]) -> None:
    """Lets the database count on from the rows that came with their own numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            cursor.execute(statement)


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the database as it was at the first, while others go on writing."""
    if connection.vendor == "sqlite":
        usual = getattr(connection, "transaction_mode", None)
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # IMMEDIATE would keep every writer out
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
        return
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
