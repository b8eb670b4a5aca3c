"""Which tables tell of which items: the one description for all that has to hear of a change (`archive.search.triggers`,
`interop.oai.triggers`). Who listens says which columns matter to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from access.models import Community
from archive.models import Collection, Item, ItemAgent, ItemFile, ItemPlace, Label, People, Subject
from media_pipeline.models import Derivative, Intake, Master

# Each row of these is a part of one item, named in the column.
OF_ITEM = "item_id"
PARTS: Mapping[str, type[models.Model]] = {"file": ItemFile, "credit": ItemAgent, "located": ItemPlace}


@dataclass(frozen=True)
class Between:
    """A table between items and headings: a row says that one item has one heading."""

    table: str
    heading: type[models.Model]
    key: str  # its column of the heading


def _between(field: str, heading: type[models.Model]) -> Between:
    through = getattr(Item, field).through
    key = next(one.column for one in through._meta.concrete_fields if one.related_model is heading)
    return Between(str(through._meta.db_table), heading, str(key))


# By the field of the item.
BETWEEN: Mapping[str, Between] = {
    field: _between(field, heading)
    for field, heading in (
        ("peoples", People),
        ("subjects", Subject),
        ("collections", Collection),
        ("communities", Community),
        ("labels", Label),
    )
}
# What a file is made of and what is made of it, each with its column of which a file knows the value, and how the file calls that.
OF_FILE: Mapping[str, tuple[type[models.Model], str, str]] = {
    "master": (Master, "id", "master_id"),
    "derivative": (Derivative, "master_id", "master_id"),
    "intake": (Intake, "id", "intake_id"),
}


def table(model: type[models.Model]) -> str:
    return str(model._meta.db_table)


def items_having(field: str, heading: str = "{row}.id") -> str:
    """Return the query for the items that have a heading. `heading`: an expression; {row} stands for the row that changed."""
    between = BETWEEN[field]
    return f"SELECT {OF_ITEM} FROM {between.table} WHERE {between.key} = {heading}"  # noqa: S608  # names of our own tables


def items_showing(name: str) -> str:
    """Return the query for the items whose files have to do with a row of what `OF_FILE` calls so."""
    _model, own, column = OF_FILE[name]
    return f"SELECT {OF_ITEM} FROM {table(ItemFile)} WHERE {column} = {{row}}.{own}"  # noqa: S608  # as above
