"""What a history says, in words: fields, values, rows of lists, and what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import policy
from access.log_sentences import SENTENCES
from access.models.rule import describe
from archive.history import snapshots
from archive.history.comparing import Change, Mark, RowChange, TextChange
from archive.models import FileRole, ItemPlace, ItemRelation, ItemState, Place, PlaceName, PlaceSuccession
from archive.vocabularies import RELATORS, RESTRICTION_REASONS, language

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Value = Any  # JSON


LABELS: Mapping[str, StrPromise] = {
    "credits": gettext_lazy("Who took part"),
    "located": gettext_lazy("Places"),
    "relations": gettext_lazy("Relations to other items"),
    "files": gettext_lazy("Files"),
    "access": gettext_lazy("Access"),
    "is_binned": gettext_lazy("in the bin"),
    "names": gettext_lazy("Names"),
    "codes": gettext_lazy("codes"),
    "parents": gettext_lazy("lies in"),
    "successors": gettext_lazy("what became of it"),
    "merged_into": gettext_lazy("merged into"),
}
VERBS: Mapping[str, StrPromise] = {
    "create": gettext_lazy("made it"),
    "change": gettext_lazy("changed it"),
    "receive_file": gettext_lazy("received the bytes of a file"),
    "restore": gettext_lazy("brought back what it was"),
    "merge": gettext_lazy("merged it into another"),
    "merge_in": gettext_lazy("merged another into it"),
    "retie": gettext_lazy("named what two records became that were merged"),
    "delete": gettext_lazy("deleted it"),
}
MARKS: Mapping[Mark, StrPromise] = {
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "changed": gettext_lazy("changed"),
    "moved": gettext_lazy("moved"),
    "same": gettext_lazy("unchanged"),
}
COLUMNS: Mapping[str, StrPromise] = {
    "role": gettext_lazy("role"),
    "label": gettext_lazy("number or name of the page"),
    "captions": gettext_lazy("captions"),
    "language": gettext_lazy("language"),
    "beside": gettext_lazy("belongs to the recording"),
    "poster_choice": gettext_lazy("still picture"),
    "access": gettext_lazy("access"),
    "as_recorded": gettext_lazy("as recorded"),
    "precision": gettext_lazy("shown to the public"),
    "notes": gettext_lazy("notes"),
    "kind": gettext_lazy("kind"),
}
CHOICES: Mapping[tuple[str, str], Mapping[str, Any]] = {  # Any: lazy texts
    ("credits", "role"): RELATORS,
    ("located", "role"): dict(ItemPlace.PlaceRole.choices),
    ("located", "precision"): dict(Place.Precision.choices),
    ("relations", "kind"): dict(ItemRelation.RelationKind.choices),
    ("files", "role"): dict(FileRole.choices),
    ("names", "kind"): dict(PlaceName.NameKind.choices),
    ("successors", "kind"): dict(PlaceSuccession.ChangeKind.choices),
}


@dataclass(frozen=True)
class Words:
    """What the reader of one page of history knows: names of protocols by pid, of communities and labels by key, of places by key."""

    kind: str
    protocols: Mapping[str, str] = field(default_factory=dict)
    communities: Mapping[int, str] | None = None
    labels: Mapping[int, str] | None = None
    others: Mapping[str, str] = field(default_factory=dict)  # of rows that a snapshot names by key alone: "parent_id 7"

    def field(self, name: str) -> str:
        """Return what a field is called at the desk."""
        model = snapshots.MODELS[self.kind]
        if name in LABELS and (self.kind == "place" or name not in {"names", "codes"}):
            return str(LABELS[name])
        try:
            return str(getattr(model._meta.get_field(name.removesuffix("_id")), "verbose_name", name))
        except FieldDoesNotExist:
            return name

    def value(self, name: str, value: Value) -> str:
        """Return one value as plain text; nothing for none."""
        if name == "access":
            return "" if value is None else describe(policy.from_json(value), self.protocols)
        if name == "rights":
            return "" if value is None else str(value["name"])
        if name == "restriction_reasons":
            return ", ".join(str(RESTRICTION_REASONS[one][0]) if one in RESTRICTION_REASONS else one for one in value)
        if name == "languages" and isinstance(value, list):
            return ", ".join(str(language(one)) for one in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name.endswith("_id") and value is not None:
            return self.others.get(f"{name} {value}", _("one that is gone"))
        if isinstance(value, list | tuple):
            return "\n".join(self.row(name, one) if isinstance(one, dict) else str(one) for one in value)
        if isinstance(value, dict):
            return "\n".join(f"{key}: {_plain(part)}" for key, part in value.items())
        return "" if value is None else str(self._choice(name, value))

    def _choice(self, name: str, value: Value) -> object:
        model: type[Model] = snapshots.MODELS[self.kind]
        if name == "state":
            return dict(ItemState.choices).get(value, value)
        try:
            choices = dict(getattr(model._meta.get_field(name), "flatchoices", ()) or ())
        except FieldDoesNotExist:
            return value
        return choices.get(value, value)

    def row(self, name: str, row: Mapping[str, Value]) -> str:
        """Return one row of a list in a line."""
        if set(row) == {"lang", "value"}:
            return f"{row['lang']}: {row['value']}"
        if name in {"communities", "labels"}:
            known = self.communities if name == "communities" else self.labels
            another = _("another community") if name == "communities" else _("another label")
            return str(row["name"] if known is None else known.get(row["key"], another))
        told = [self._named(row)] if self._named(row) else []
        told += [self.column(name, column, row[column]) for column in row if column not in _NAMING]
        return ", ".join(one for one in told if one)

    def _named(self, row: Mapping[str, Value]) -> str:
        for column in ("parent_id", "after_id"):
            if column in row:
                return self.others.get(f"{column} {row[column]}", _("one that is gone"))
        return str(row.get("name") or row.get("text") or "")

    def column(self, name: str, column: str, value: Value) -> str:
        """Return one value of a row as plain text."""
        if column == "access":
            return self.value("access", value)
        if column == "beside":
            return "" if value is None else self.others.get(f"beside {value}", _("a file of this item"))
        if column in {"captions", "notes"}:
            return "; ".join(f"{one['lang']}: {one['value']}" for one in value or [])
        return _plain(CHOICES.get((name, column), {}).get(value, value) if isinstance(value, str) else value)


# What stands first in a line, or says nothing to people.
_NAMING = frozenset(
    {"name", "text", "key", "agent", "place", "other", "pid", "parent_id", "after_id", "position", "sha256"}
)


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else ""
    return "" if value is None else str(value)


@dataclass(frozen=True)
class ShownRow:
    """One row of a list that differs, in words."""

    mark: Mark
    said: str
    text: str
    columns: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True)
class Shown:
    """One field that differs, in words. One of `texts`, `rows` and the pair of values is filled."""

    name: str
    label: str
    before: str = ""
    after: str = ""
    texts: Sequence[tuple[str, TextChange]] = ()
    rows: Sequence[ShownRow] = ()
    may_restore: bool = False


def shown(change: Change, words: Words, *, may_restore: Callable[[str], bool] = lambda _name: False) -> Shown:
    """Return a difference in words."""
    label, may = words.field(change.name), may_restore(change.name)
    if change.name == "files":
        known = [row for row in [*(change.before or []), *(change.after or [])] if "pid" in row]
        words = replace(words, others={**words.others, **{f"beside {row['pid']}": row["name"] for row in known}})
    if change.name in {"rights", "access", "state", "restriction_reasons"} or _has_choices(change, words):
        before, after = words.value(change.name, change.before), words.value(change.name, change.after)
        return Shown(change.name, label, before, after, may_restore=may)
    if change.texts:
        return Shown(
            change.name,
            label,
            texts=[(str(language(one.lang)) if one.lang else "", one) for one in change.texts],
            may_restore=may,
        )
    if change.rows:
        return Shown(change.name, label, rows=[_row(change.name, one, words) for one in change.rows], may_restore=may)
    before, after = words.value(change.name, change.before), words.value(change.name, change.after)
    return Shown(change.name, label, before, after, may_restore=may)


def _has_choices(change: Change, words: Words) -> bool:
    try:
        return bool(getattr(snapshots.MODELS[words.kind]._meta.get_field(change.name), "choices", None))
    except FieldDoesNotExist:
        return False


def _row(name: str, change: RowChange, words: Words) -> ShownRow:
    columns = [
        (
            str(COLUMNS.get(column, column)),
            words.column(name, column, (change.before or {}).get(column)),
            words.column(name, column, (change.after or {}).get(column)),
        )
        for column in change.columns
    ]
    return ShownRow(change.mark, str(MARKS[change.mark]), words.row(name, change.row), columns)


def did(verb: str) -> str:
    """Return what a revision's verb says."""
    return str(VERBS.get(verb) or SENTENCES.get(verb) or verb)


def named_elsewhere(kind: str, shots: Sequence[snapshots.Snapshot]) -> dict[str, str]:
    """Return the names of rows that these snapshots of an authority call by key alone. One query for each sort of them."""
    found: dict[str, str] = {}
    for column in ("parent_id", "after_id"):
        keys = {shot["fields"][column] for shot in shots if shot.get("fields", {}).get(column)}
        keys |= {
            row[column]
            for shot in shots
            for part in ("parents", "successors")
            for row in shot.get(part, [])
            if column in row
        }
        if keys:
            rows = snapshots.MODELS[kind]._default_manager.filter(pk__in=keys)
            found |= {f"{column} {row.pk}": str(row) for row in rows}
    return found


def policies_in(shots: Sequence[snapshots.Snapshot]) -> list[policy.Policy]:
    """Return the rules that these snapshots of an item name."""
    bodies = [shot["access"] for shot in shots if shot.get("access")]
    bodies += [one["access"] for shot in shots for one in shot.get("files", []) if one["access"]]
    return [policy.from_json(body) for body in bodies]
