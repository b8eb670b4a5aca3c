"""What uses an authority: every tie that leads to it, found through the models, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db.models import ForeignKey, ManyToOneRel, Model, Q, QuerySet

from archive.history import snapshots
from archive.models import Item, Place, RecordKind
from archive.models.authority import Authority

ITEM_LOOKUPS: Mapping[str, str] = {
    RecordKind.PEOPLE: "peoples",
    RecordKind.PLACE: "located__place",
    RecordKind.AGENT: "credits__agent",
    RecordKind.SUBJECT: "subjects",
    RecordKind.COLLECTION: "collections",
    RecordKind.RIGHTS: "rights",
}
# Which part of an item's snapshot names the authority.
ITEM_PARTS: Mapping[str, str] = {
    **ITEM_LOOKUPS,
    RecordKind.PLACE: "located",
    RecordKind.AGENT: "credits",
}


class UnknownTie(LookupError):
    """A model points at an authority in a way that neither deleting nor merging knows: say here what it is."""


@dataclass(frozen=True)
class Tie:
    """One column that leads to an authority. `role`: of an item, of another authority (`column` names it; empty: the row itself), a part of
    the authority itself, or something else that keeps it. `once_by`: with which columns a row is there once."""

    role: Literal["item", "record", "part", "other"]
    column: str = ""
    once_by: tuple[str, ...] = ()


TIES: Mapping[str, Tie] = {
    "archive.Item_peoples.people": Tie("item", once_by=("item",)),
    "archive.Item_subjects.subject": Tie("item", once_by=("item",)),
    "archive.Item_collections.collection": Tie("item", once_by=("item",)),
    "archive.Item.rights": Tie("item"),
    "archive.ItemAgent.agent": Tie("item", once_by=("item", "role")),
    "archive.ItemPlace.place": Tie("item", once_by=("item", "role")),
    "archive.ConsentRecord.agent": Tie("other"),
    "archive.People.parent": Tie("record"),
    "archive.Collection.parent": Tie("record"),
    "archive.Subject_broader.from_subject": Tie("part", once_by=("to_subject",)),
    "archive.Subject_broader.to_subject": Tie("record", "from_subject", once_by=("from_subject",)),
    "archive.Subject_related.from_subject": Tie("record", "to_subject", once_by=("to_subject",)),
    "archive.Subject_related.to_subject": Tie("part", once_by=("from_subject",)),
    "archive.ExhibitPiece.place": Tie("other"),
    "archive.PlaceName.place": Tie("part", once_by=("text", "lang", "valid_from", "valid_to")),
    "archive.PlaceCode.place": Tie("part", once_by=("scheme", "code", "valid_from", "valid_to")),
    "archive.PlaceParent.child": Tie("part", once_by=("parent", "valid_from", "valid_to")),
    "archive.PlaceParent.parent": Tie("record", "child", once_by=("child", "valid_from", "valid_to")),
    "archive.PlaceSuccession.before": Tie("part", once_by=("after", "on_date")),
    "archive.PlaceSuccession.after": Tie("record", "before", once_by=("before", "on_date")),
}


def ties_to(model: type[Model]) -> Iterator[tuple[type[Model], str, Tie]]:
    """Yield each column that leads to a model, with what it is. Raises UnknownTie for one that is not in `TIES`."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or not isinstance(relation.field, ForeignKey):
            continue  # a many-to-many relation leads here by the table between
        source: type[Model] = relation.related_model
        name = f"{source._meta.label}.{relation.field.name}"
        if name not in TIES:
            raise UnknownTie(name)
        yield source, relation.field.name, TIES[name]


@dataclass(frozen=True)
class Uses:
    """What uses an authority. `items`: all of them, whoever may see them."""

    items: QuerySet[Item]
    records: tuple[Any, ...]  # Any: other authorities
    is_kept_otherwise: bool

    @property
    def is_used(self) -> bool:
        """Return whether anything does. One query at most."""
        return bool(self.records) or self.is_kept_otherwise or self.items.exists()


def items_with(record: Authority | Place) -> QuerySet[Item]:
    """Return the items that name an authority, whoever may see them: for what the software does to all of them, never for a page."""
    return Item.objects.filter(**{ITEM_LOOKUPS[snapshots.kind_of(record)]: record.pk}).distinct()


def uses_of(record: Authority | Place) -> Uses:
    """Return what uses an authority. A query for each tie. Raises UnknownTie."""
    records: list[Model] = []
    is_kept = False
    for source, column, tie in ties_to(type(record)):
        rows = source._default_manager.filter(Q(**{column: record.pk}))
        if tie.role == "other":
            is_kept = is_kept or rows.exists()
        elif tie.role == "record":
            records += _records(source, rows, tie, own=record)
    return Uses(items_with(record), tuple(dict.fromkeys(records)), is_kept)


def _records(source: type[Model], rows: QuerySet[Any], tie: Tie, *, own: Model) -> list[Model]:
    if not tie.column:
        return list(rows)
    other = source._meta.get_field(tie.column).related_model
    model: Any = apps.get_model(other) if isinstance(other, str) else other  # Any: one of six models
    return list(model._default_manager.filter(pk__in=rows.values(tie.column)).exclude(pk=own.pk))
