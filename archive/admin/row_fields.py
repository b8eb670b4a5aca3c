"""Form fields of short rows kept as JSON: codes in other lists, numbers in other schemes. Rows can be written without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.admin.values import SPARE_ROWS, sent_texts
from archive.languages import canonical
from archive.texts import is_storable

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CELL_CHARS_MOST = 300
Row = dict[str, str]


@dataclass(frozen=True)
class Column:
    """One part of a row. `choices`: only these; `suggestions` are offered beside anything else."""

    key: str
    label: StrPromise
    required: bool = True
    choices: Mapping[str, StrPromise] | None = None
    suggestions: Sequence[str] = ()


class RowsWidget(forms.Widget):
    """One line a row, a field a column; with JavaScript a button that takes the row away and one that adds another."""

    def __init__(self, columns: Sequence[Column], *, add: StrPromise, attrs: Any = None) -> None:  # Any: Django's own
        super().__init__(attrs)
        self.columns, self.add = columns, add

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # Any: Django's own
        rows = [row for row in value or [] if isinstance(row, dict)]
        cells = [
            [(column, str(row.get(column.key, ""))) for column in self.columns] for row in [*rows, *[{}] * SPARE_ROWS]
        ]
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "rows": cells,
            "filled": len(rows),
            "columns": self.columns,
            "add": self.add,
        }
        return render_to_string("desk/widgets/rows.html", context)

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> list[Row]:  # Any: Django's own
        parts = [sent_texts(data, f"{name}-{column.key}") for column in self.columns]
        rows = [
            dict(zip((column.key for column in self.columns), row, strict=True)) for row in zip(*parts, strict=False)
        ]
        return [row for row in rows if any(text.strip() for text in row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:  # Any: Django's own
        return f"{name}-{self.columns[0].key}" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-{self.columns[0].key}-0"


class RowsField(forms.Field):
    """A list of rows, each with all columns as canonical texts; empty rows are left out."""

    def __init__(self, columns: Sequence[Column], *, add: StrPromise, **kwargs: Any) -> None:  # Any: Django's own
        kwargs.setdefault("widget", RowsWidget(columns, add=add))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.columns = columns

    def to_python(self, value: Any) -> list[Row]:  # Any: as in Django
        return [self._row(row) for row in value or []]

    def _row(self, row: Row) -> Row:
        cleaned = {column.key: canonical(row.get(column.key, "")).strip() for column in self.columns}
        for column in self.columns:
            text = cleaned[column.key]
            if not is_storable(text):
                raise ValidationError(_("Characters that cannot be read are not allowed. Write the text again."))
            if column.required and not text:
                told = " ".join(filter(None, cleaned.values()))
                raise ValidationError(
                    _("“%(field)s” is empty beside “%(row)s”."), params={"field": column.label, "row": told[:40]}
                )
            if len(text) > CELL_CHARS_MOST or (column.choices is not None and text and text not in column.choices):
                raise ValidationError(
                    _("“%(text)s” is not allowed as “%(field)s”."), params={"text": text[:40], "field": column.label}
                )
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as in Django
        try:
            return list(initial or []) != self.to_python(data)
        except ValidationError:
            return True


IDENTIFIER_SCHEMES = ("isbn", "issn", "ismn", "doi", "call number", "accession number", "legal deposit", "old number")
CODE_SCHEMES = ("iso639-3", "glottolog", "gso", "wikidata", "viaf", "isni", "lcsh", "geonames", "fast")
MATCHES = {
    "exactMatch": _("the same"),
    "closeMatch": _("nearly the same"),
    "broadMatch": _("broader there"),
    "narrowMatch": _("narrower there"),
    "relatedMatch": _("related there"),
}


def identifiers_field(**kwargs: Any) -> RowsField:  # Any: Django's own field arguments
    """Return the field of numbers in other schemes: [{"scheme", "value"}]."""
    columns = (Column("scheme", _("scheme"), suggestions=IDENTIFIER_SCHEMES), Column("value", _("number")))
    return RowsField(columns, add=_("Add a number"), **kwargs)


def codes_field(**kwargs: Any) -> RowsField:  # Any: Django's own field arguments
    """Return the field of codes in other lists: [{"scheme", "version", "code"}]."""
    columns = (
        Column("scheme", _("scheme"), suggestions=CODE_SCHEMES),
        Column("version", _("version"), required=False),
        Column("code", _("code")),
    )
    return RowsField(columns, add=_("Add a code"), **kwargs)


class MatchesField(RowsField):
    """The same heading in other schemes, by their addresses: [{"relation", "uri"}] (SKOS mapping properties)."""

    def __init__(self, **kwargs: Any) -> None:  # Any: Django's own field arguments
        columns = (Column("relation", _("how near"), choices=MATCHES), Column("uri", _("address")))
        super().__init__(columns, add=_("Add an address"), **kwargs)

    def _row(self, row: Row) -> Row:
        cleaned = super()._row(row)
        if not cleaned["uri"].startswith(("https://", "http://")) or " " in cleaned["uri"]:
            raise ValidationError(
                _("“%(text)s” is no address: it begins with https:// or http://."), params={"text": cleaned["uri"][:80]}
            )
        return cleaned
