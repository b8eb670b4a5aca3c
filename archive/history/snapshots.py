"""The whole of a record as plain JSON, and what of it differs. A snapshot names rows by key and by words: rows may be gone when it is read.

An item: {"fields": {column: value}, "rights", "peoples", "subjects", "collections", "communities", "labels": [{"key", "name"}], "credits",
"located", "relations", "files": [{…}], "access": policy, "state"}. An authority: {"fields": {…}} and its lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet

from access import policy
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    People,
    Place,
    RecordKind,
    RightsStatement,
    Subject,
)

Snapshot = dict[str, Any]  # Any: JSON

# What a person writes of an item. The rest follows from it, or belongs to the machine.
ITEM_FIELDS = (
    "kind", "template", "own_values", "identifier", "other_identifiers", "titles", "alternative_titles", "descriptions", "contents",
    "extents", "mediums", "provenances", "sources", "orthography_notes", "languages", "date_edtf", "date_as_written", "issued_edtf",
    "issued_as_written", "period_edtf", "period_as_written", "rights_holders", "rights_note", "rights_statements", "origin_statements",
    "sensitivity_note", "depicts_person", "restriction_reasons",
)  # fmt: skip
# Ties from an item to rows that have a name of their own.
ITEM_TIES = ("peoples", "subjects", "collections", "communities", "labels")
# Ties that carry more than their two ends.
ITEM_LISTS = ("credits", "located", "relations", "files")

_AUTHORITY = ("slug", "names", "variants", "hidden_variants", "notes", "codes")
FIELDS: Mapping[str, tuple[str, ...]] = {
    RecordKind.PEOPLE: (*_AUTHORITY, "languages", "parent_id"),
    RecordKind.AGENT: (
        *_AUTHORITY, "kind", "born_edtf", "died_edtf", "name_is_withheld", "shown_as", "withheld_note",
    ),
    RecordKind.SUBJECT: (*_AUTHORITY, "scheme", "notation", "matches"),
    RecordKind.COLLECTION: (*_AUTHORITY, "descriptions", "parent_id"),
    RecordKind.RIGHTS: (*_AUTHORITY, "uri", "family", "requires_origin", "position"),
    RecordKind.PLACE: ("slug", "kind", "latitude", "longitude", "valid_from", "valid_to", "precision", "notes"),
}  # fmt: skip
# Rows below an authority: how they are called there, and their columns.
PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    RecordKind.PLACE: {
        "names": ("text", "lang", "kind", "valid_from", "valid_to"),
        "codes": ("scheme", "code", "valid_from", "valid_to"),
        "parents": ("parent_id", "valid_from", "valid_to"),
        "successors": ("after_id", "on_date", "kind", "legal_basis", "is_partial"),
    },
}
TIES: Mapping[str, tuple[str, ...]] = {RecordKind.SUBJECT: ("broader", "related")}
MODELS: Mapping[str, type[Model]] = {
    RecordKind.ITEM: Item,
    RecordKind.PEOPLE: People,
    RecordKind.AGENT: Agent,
    RecordKind.SUBJECT: Subject,
    RecordKind.COLLECTION: Collection,
    RecordKind.RIGHTS: RightsStatement,
    RecordKind.PLACE: Place,
}
_KINDS = {model: kind for kind, model in MODELS.items()}


def kind_of(record: Model) -> str:
    """Return what kind of record a row is. Raises KeyError for a row without a history."""
    return str(_KINDS[type(record)])


def key_of(record: Model) -> str:
    """Return what the history calls a row: an item's pid, an authority's primary key."""
    return record.pid if isinstance(record, Item) else str(record.pk)


def of(record: Model) -> Snapshot:
    """Return the snapshot of a record as the database has it. An item: ten queries; a place: five; others: two at most."""
    if isinstance(record, Item):
        return _of_item(record)
    kind = kind_of(record)
    taken: Snapshot = {"fields": {name: _plain(getattr(record, name)) for name in FIELDS[kind]}}
    for name, columns in PARTS.get(kind, {}).items():
        rows = getattr(record, name).order_by("pk").values(*columns)
        taken[name] = [{column: _plain(value) for column, value in row.items()} for row in rows]
    for name in TIES.get(kind, ()):
        taken[name] = [_tie(row) for row in getattr(record, name).order_by("pk")]
    return taken


def _of_item(item: Item) -> Snapshot:
    taken = bare_item(item)
    for name in ITEM_TIES:
        taken[name] = [_tie(row) for row in getattr(item, name).order_by("pk")]
    taken["credits"] = _credits(item.credits.select_related("agent").order_by("position", "pk"))
    taken["located"] = _located(
        item.located.select_related("place").prefetch_related("place__names").order_by("position", "pk")
    )
    taken["relations"] = [
        {"other": one.other.pid, "kind": one.kind, "notes": one.notes, "position": one.position}
        for one in item.relations.select_related("other").order_by("position", "pk")
    ]
    files = item.files.select_related("master", "chosen_rule", "beside").order_by("position", "pk")
    taken["files"] = [of_file(one) for one in files]
    return taken


def _credits(rows: Iterable[ItemAgent]) -> list[dict[str, Any]]:  # Any: JSON
    return [{"agent": one.agent_id, "name": str(one.agent), "role": one.role, "position": one.position} for one in rows]


def _located(rows: Iterable[ItemPlace]) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {
            "place": one.place_id,
            "name": str(one.place),
            "role": one.role,
            "as_recorded": one.as_recorded,
            "precision": one.precision,
            "position": one.position,
        }
        for one in rows
    ]


def part_of_many(items: QuerySet[Item], name: str) -> dict[Item, Any]:  # Any: JSON
    """Return rights, peoples, subjects, collections, credits or located of each of these items, as their snapshots hold it, by item.

    Up to four queries, however many items there are.
    """
    if name == "rights":
        return {one: None if one.rights is None else _tie(one.rights) for one in items.select_related("rights")}
    if name == "credits":
        return {one: _credits(_in_order(one.credits.all())) for one in items.prefetch_related("credits__agent")}
    if name == "located":
        found = items.prefetch_related("located__place__names")
        return {one: _located(_in_order(one.located.all())) for one in found}
    tied = items.prefetch_related(name)
    return {one: [_tie(row) for row in sorted(getattr(one, name).all(), key=lambda row: row.pk)] for one in tied}


def _in_order(rows: Iterable[Any]) -> list[Any]:  # Any: rows with a position
    return sorted(rows, key=lambda one: (one.position, one.pk))


def of_new_item(
    item: Item, ties: Mapping[str, Iterable[Model]], credits: Iterable[ItemAgent], located: Iterable[ItemPlace]
) -> Snapshot:
    """Return the snapshot of an item that was written a moment ago with these ties and nothing else, as `of` would. No query, if `rights`
    and `chosen_rule`, and what its ties point at, are there."""
    taken = bare_item(item)
    for name, rows in ties.items():
        taken[name] = [_tie(row) for row in sorted(rows, key=lambda row: row.pk)]
    taken["credits"] = _credits(credits)
    taken["located"] = _located(located)
    return taken


def of_file(file: ItemFile) -> dict[str, Any]:  # Any: JSON
    """Return what the snapshot of an item holds of one of its files. Two queries, unless master and rule are there."""
    return {
        "pid": file.pid,
        "name": file.original_name,
        "role": file.role,
        "label": file.label,
        "captions": file.captions,
        "position": file.position,
        "language": file.language,
        "beside": file.beside.pid if file.beside else None,
        "poster_choice": file.poster_choice,
        "sha256": file.master.sha256 if file.master else None,
        "access": policy.to_json(file.chosen_rule.policy) if file.chosen_rule else None,
    }


def bare_item(item: Item) -> Snapshot:
    """Return the snapshot of an item that has neither ties nor files yet, as a load of many makes them. No query, if `rights` and
    `chosen_rule` are there."""
    return {
        "fields": {name: _plain(getattr(item, name)) for name in ITEM_FIELDS},
        "rights": None if item.rights is None else _tie(item.rights),
        **{name: [] for name in (*ITEM_TIES, *ITEM_LISTS)},
        "access": policy.to_json(item.chosen_rule.policy),
        "state": item.state,
        "is_binned": item.binned_at is not None,
    }


def _tie(row: Model) -> dict[str, Any]:  # Any: JSON
    return {"key": row.pk, "name": str(row)}


def _plain(value: object) -> Any:  # Any: JSON
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


# What snapshots of files did not hold at first: nothing said in one is the same as nothing held in the other.
_LATER = frozenset({"language", "beside", "poster_choice"})


def _is_unsaid(name: str, value: object) -> bool:
    return name in _LATER and value in (None, "")


_Reader = Callable[[Snapshot], object]


def differing(before: Snapshot, after: Snapshot) -> list[str]:
    """Return the names of what differs, as `parts_of` names it, in the order of the later one. Names of tied rows alone do not count:
    a people that was renamed did not change the item. Pure."""
    old, new = parts_of(before), parts_of(after)
    names = list(dict.fromkeys([*new, *old]))
    return [name for name in names if compared(old.get(name)) != compared(new.get(name))]


def parts_of(snapshot: Snapshot) -> dict[str, Any]:  # Any: JSON
    """Return a snapshot flat: each column by its name, each list by its own. Pure."""
    return {**snapshot.get("fields", {}), **{name: part for name, part in snapshot.items() if name != "fields"}}


def compared(part: Any) -> Any:  # Any: JSON
    """Return a part as it counts where snapshots are compared: names of tied rows and bytes do not, nor sorts of nothing. Pure."""
    if isinstance(part, list):
        return [compared(one) for one in part]
    if isinstance(part, dict) and ({"key", "agent", "place"} & set(part)):
        return {name: value for name, value in part.items() if name != "name"}
    if isinstance(part, dict) and "sha256" in part:
        # The bytes come when they come; that they came is no change that somebody made.
        return {name: value for name, value in part.items() if name != "sha256" and not _is_unsaid(name, value)}
    return part or None
