"""What a form of the desk says, in the words of snapshots, and the way back: what shall stand in its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet

from access import policy
from access.policy import Policy
from archive import languages
from archive.admin import access_choice
from archive.history import snapshots
from archive.history.comparing import Row, key_of_row
from archive.models import Item, RecordKind

Value = Any  # JSON
Form = Any  # a form of any model
# How columns of rows are called in snapshots, and the fields that hold them.
ROW_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "credits": {"agent": "agent", "role": "role", "position": "position"},
    "located": {
        "place": "place", "role": "role", "as_recorded": "as_recorded", "precision": "precision", "position": "position",
    },
    "relations": {"other": "other", "kind": "kind", "notes": "notes", "position": "position"},
    "files": {"role": "role", "label": "label", "captions": "captions", "position": "position"},
}  # fmt: skip


def parts_of_form(form: Form, kind: str) -> dict[str, Value]:
    """Return what a checked form says of each part of a record that it holds. A field that does not read is what was typed."""
    found: dict[str, Value] = {}
    for name in form.fields:
        part = part_of_field(name, kind)
        if part == "access":
            found.setdefault("access", policy.to_json(form.policy) if hasattr(form, "policy") else None)
        elif part:
            found[part] = (
                plain(form.cleaned_data[name], name, form) if name in form.cleaned_data else form[name].value()
            )
    return found


def part_of_field(name: str, kind: str) -> str:
    """Return which part of a snapshot a field of the form holds; empty for none."""
    columns = snapshots.ITEM_FIELDS if kind == RecordKind.ITEM else snapshots.FIELDS[kind]
    ties = (*snapshots.ITEM_TIES, "rights") if kind == RecordKind.ITEM else snapshots.TIES.get(kind, ())
    if name in access_choice.FIELDS:
        return "access" if kind == RecordKind.ITEM else ""
    if name in columns or name in ties:
        return name
    return f"{name}_id" if f"{name}_id" in columns else ""


def plain(value: Value, name: str, form: Form) -> Value:
    """Return a cleaned value as snapshots hold it."""
    if isinstance(value, QuerySet):
        return [{"key": row.pk, "name": str(row)} for row in sorted(value, key=lambda row: row.pk)]
    if isinstance(value, Model):
        return {"key": value.pk, "name": str(value)} if name == "rights" else value.pk
    if isinstance(value, Decimal):
        places = getattr(form.fields[name], "decimal_places", None)
        return str(value if places is None else round(value, places))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if (
        isinstance(value, list)
        and value
        and all(isinstance(one, dict) and set(one) == {"lang", "value"} for one in value)
    ):
        return languages.clean(value)
    return value


# --- Rows ------------------------------------------------------------------------------------------------------------------


def rows_of_formset(formset: Any, name: str, kind: str) -> list[dict[str, Value]]:
    """Return the rows that a checked formset says, in the order that it says, without those that are to be deleted."""
    rows = [row for form in formset.forms if (row := row_of_form(form, name, kind)) is not None]
    return sorted(rows, key=lambda row: row.get("position") or 0)


def row_of_form(form: Form, name: str, kind: str) -> dict[str, Value] | None:
    """Return the row of one form; None for an empty one, and for one that is to be deleted."""
    cleaned = getattr(form, "cleaned_data", {})
    if cleaned.get("DELETE") or (form.instance.pk is None and not form.has_changed()):
        return None
    row: dict[str, Value] = {}
    for column, field in columns_of(name, kind).items():
        if field in form.fields:
            row[column] = _row_value(column, cleaned.get(field), field, form)
        else:
            row[column] = _row_value(column, getattr(form.instance, field, None), field, form)
    if name == "files":
        row |= {"pid": form.instance.pid, "name": form.instance.original_name, "access": _file_access(form)}
    elif named := next((cleaned.get(one) for one in ("agent", "place", "other") if cleaned.get(one) is not None), None):
        row["name"] = str(named)
    return row


def columns_of(name: str, kind: str) -> Mapping[str, str]:
    """Return the columns of a list's rows in snapshots, and the fields that hold each."""
    if name in ROW_COLUMNS:
        return ROW_COLUMNS[name]
    return {column: column.removesuffix("_id") for column in snapshots.PARTS[kind][name]}


def _row_value(column: str, value: Value, field: str, form: Form) -> Value:
    if isinstance(value, Item):
        return value.pid
    if isinstance(value, Model):
        return value.pk
    return plain(value, field, form) if field in form.fields else _plain_column(value)


def _plain_column(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _file_access(form: Form) -> Value:
    """Return the rule of its own that the form of a file says; as it is, where it says nothing."""
    chosen: Policy | None = getattr(form, "_policy", form.current) if form.may_protect else form.current
    return None if chosen is None else policy.to_json(chosen)


# --- The way back ----------------------------------------------------------------------------------------------------------


def initial_of(values: Mapping[str, Value], sent: Form, kind: str) -> dict[str, Value]:
    """Return what shall stand in the fields of a fresh form: `values` by part, taken from what was sent where it is the same."""
    said = parts_of_form(sent, kind)
    found: dict[str, Value] = {}
    for name in sent.fields:
        part = part_of_field(name, kind)
        if part in values:
            is_sent = values[part] == said.get(part)
            found[name] = sent_value(sent, name) if is_sent else values[part]
    return found


def sent_value(form: Form, name: str) -> Value:
    """Return what somebody sent in one field, as a fresh form takes it."""
    value = form.cleaned_data.get(name, None) if name in form.cleaned_data else form[name].value()
    if isinstance(value, QuerySet):
        return [row.pk for row in value]
    return value.pk if isinstance(value, Model) else value


def fill_formset(formset: Any, rows: Sequence[Row], sent: Any, name: str, kind: str) -> None:
    """Let a fresh formset show these rows: those that are there as they shall be, others to be deleted, and new ones after them."""
    columns = columns_of(name, kind)
    by_key = {key_of_row(name, row): row for row in rows}
    sent_by_key = {
        key_of_row(name, row): form for form in sent.forms if (row := row_of_form(form, name, kind)) is not None
    }
    there = {key_of_row(name, _row_of_instance(form, name, kind)) for form in formset.initial_forms}
    new = [_initial_of_row(row, columns) for key, row in by_key.items() if key not in there]
    if new and name != "files":
        formset.extra, formset.initial_extra = formset.extra + len(new), new
        del formset.forms  # made again, with the new ones
    for form in formset.initial_forms:
        key = key_of_row(name, _row_of_instance(form, name, kind))
        if key not in by_key:
            form.initial["DELETE"] = True
            continue
        form.initial |= _initial_of_row(by_key[key], columns)
        if name == "files" and key in sent_by_key and by_key[key]["access"] == _file_access(sent_by_key[key]):
            sent_row = sent_by_key[key]
            form.initial |= {one: sent_value(sent_row, one) for one in access_choice.FIELDS if one in form.fields}


def _row_of_instance(form: Form, name: str, kind: str) -> dict[str, Value]:
    instance = form.instance
    if name == "files":
        return {"pid": instance.pid}
    row: dict[str, Value] = {}
    for column, field in columns_of(name, kind).items():
        value = getattr(instance, field)
        row[column] = (
            value.pid if isinstance(value, Item) else value.pk if isinstance(value, Model) else _plain_column(value)
        )
    return row


def _initial_of_row(row: Row, columns: Mapping[str, str]) -> dict[str, Value]:
    found = {field: row[column] for column, field in columns.items() if column in row}
    if "other" in found:
        found["other"] = Item.objects.filter(pid=found["other"]).values_list("pk", flat=True).first()
    return found


def lists_of(formsets: Sequence[Any], kind: str) -> Iterator[tuple[str, Any]]:
    """Yield the formsets that are lists of the record's snapshots, by their names."""
    known = {*snapshots.ITEM_LISTS} if kind == RecordKind.ITEM else {*snapshots.PARTS.get(kind, {})}
    for formset in formsets:
        if formset.prefix in known:
            yield formset.prefix, formset
