"""Bringing the lists of a record back to what a snapshot holds: rows that are there still are changed, others made or taken away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model, QuerySet

from archive.history import presence, snapshots
from archive.history.snapshots import Snapshot
from archive.models import Item, ItemAgent, ItemPlace, ItemRelation, RecordKind, Subject

Row = Mapping[str, Any]  # Any: JSON
Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Left:
    """Something of a snapshot that does not come back: what it was called, and a code that says why."""

    part: str
    name: str
    code: str


def value_of(model: type[Model], name: str, plain: Any) -> Any:  # Any: JSON, and values of many columns
    """Return a plain value of a snapshot as its column takes it."""
    column: Field[Any, Any] = model._meta.get_field(name.removesuffix("_id"))  # type: ignore[assignment]  # a column of ours
    if isinstance(plain, str) and column.get_internal_type() in {"DateField", "DecimalField"}:
        return column.to_python(plain)
    return plain


def keys_of_ties(name: str, rows: Sequence[Row], left: list[Left]) -> list[int]:
    """Return the keys under which tied rows are there now; those that are gone are written into `left`."""
    found = presence.present(presence.KINDS[name], (row["key"] for row in rows))
    left += [Left(name, str(row["name"]), "gone") for row in rows if row["key"] not in found]
    return list(dict.fromkeys(found[row["key"]] for row in rows if row["key"] in found))


def write_credits(item: Item, rows: Sequence[Row], left: list[Left]) -> None:
    """Write who took part. About four queries, and one a changed row."""
    found = presence.present(RecordKind.AGENT, (row["agent"] for row in rows))
    left += [Left("credits", str(row["name"]), "gone") for row in rows if row["agent"] not in found]
    wanted: dict[Key, Row] = {}
    for row in rows:
        if row["agent"] in found:
            wanted.setdefault((found[row["agent"]], row["role"]), {"position": row["position"]})
    _rewrite(ItemAgent.objects.filter(item=item), ("agent_id", "role"), wanted, item=item)


def write_places(item: Item, rows: Sequence[Row], left: list[Left]) -> None:
    """Write where it is from. As many queries."""
    found = presence.present(RecordKind.PLACE, (row["place"] for row in rows))
    left += [Left("located", str(row["name"]), "gone") for row in rows if row["place"] not in found]
    wanted: dict[Key, Row] = {}
    for row in rows:
        if row["place"] in found:
            said = {column: row[column] for column in ("as_recorded", "precision", "position")}
            wanted.setdefault((found[row["place"]], row["role"]), said)
    _rewrite(ItemPlace.objects.filter(item=item), ("place_id", "role"), wanted, item=item)


def write_relations(item: Item, rows: Sequence[Row], seen: QuerySet[Item]) -> None:
    """Write the relations to items that the person may see; those to others stay as they are."""
    others = dict(seen.filter(pid__in=[row["other"] for row in rows]).values_list("pid", "pk"))
    wanted: dict[Key, Row] = {}
    for row in rows:
        if row["other"] in others:
            said = {"notes": row["notes"], "position": row["position"]}
            wanted.setdefault((others[row["other"]], row["kind"]), said)
    theirs = ItemRelation.objects.filter(item=item, other__in=seen.order_by().values("pk"))
    _rewrite(theirs, ("other_id", "kind"), wanted, item=item)


def _rewrite(rows: QuerySet[Any], columns: tuple[str, str], wanted: Mapping[Key, Row], *, item: Item) -> None:
    """Make the rows be those that are wanted, by the two columns that name each: gone ones first, so that nothing is there twice."""
    there = {tuple(getattr(row, column) for column in columns): row for row in rows}
    for key, row in there.items():
        if key not in wanted:
            row.delete()
    for key, said in wanted.items():
        row = there.get(key)
        if row is None:
            rows.model.objects.create(item=item, **dict(zip(columns, key, strict=True)), **said)
        elif any(getattr(row, column) != value for column, value in said.items()):
            rows.filter(pk=row.pk).update(**said)


# --- Authorities -----------------------------------------------------------------------------------------------------------


def write_parts(record: Model, snapshot: Snapshot, names: Iterable[str], left: list[Left]) -> None:
    """Write the lists of an authority anew: the rows below a place, the ties of a subject."""
    kind = snapshots.kind_of(record)
    for name in names:
        rows = snapshot.get(name, [])
        if name in snapshots.TIES.get(kind, ()):
            keys = [key for key in keys_of_ties(name, rows, left) if key != record.pk]
            getattr(record, name).set(Subject.objects.filter(pk__in=keys))
        elif name in snapshots.PARTS.get(kind, {}):
            _write_part(record, name, rows, left)


def _write_part(record: Model, name: str, rows: Sequence[Row], left: list[Left]) -> None:
    manager = getattr(record, name)
    tied = next((column for column in ("parent_id", "after_id") if rows and column in rows[0]), "")
    found = presence.present(RecordKind.PLACE, (row[tied] for row in rows)) if tied else {}
    manager.all().delete()
    made: list[Key] = []
    for row in rows:
        if tied and (row[tied] not in found or found[row[tied]] == record.pk):
            left.append(Left(name, str(row[tied]), "gone"))
            continue
        values = {column: value_of(manager.model, column, value) for column, value in row.items()}
        if tied:
            values[tied] = found[row[tied]]
        key = tuple(str(value) for value in values.values())
        if key not in made:
            made.append(key)
            manager.create(**values)


def lies_above(record: Model, parent_id: int) -> bool:
    """Return whether a record lies somewhere above the one that is to be its parent: it would lie in itself. A query a step."""
    rows = type(record)._default_manager
    seen: set[int] = set()
    at: int | None = parent_id
    while at is not None and at not in seen:
        if at == record.pk:
            return True
        seen.add(at)
        at = rows.filter(pk=at).values_list("parent_id", flat=True).first()
    return False
