"""Fields of its own that an item's template gives it, as readers see them. No query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive import vocabularies
from archive.item_templates import TEMPLATES, OwnField
from archive.languages import LangValue
from archive.models import Item


@dataclass(frozen=True)
class Own:
    """One field with its value: `texts` in languages, or `value` as it is stored."""

    field: OwnField
    texts: Sequence[LangValue] = ()
    value: str | int | float | None = None

    @property
    def label(self) -> str:
        """What the field is called, in the active language."""
        return str(self.field.label)

    @property
    def named(self) -> str:
        """The value as people read it, in the active language: the name of a choice or a language; a number without its unit."""
        if self.field.form == "choice":
            return str(self.field.choices.get(str(self.value), self.value))
        if self.field.check == "language":
            return vocabularies.language(str(self.value))
        return "" if self.value is None else str(self.value)


def of_item(item: Item) -> list[Own]:
    """Return the fields that the item's template has and that are filled, in the template's order.

    What is kept of a field that no template has any more is for staff: nobody can say what it means.
    """
    template = TEMPLATES.get(item.template)
    if template is None:
        return []
    shown = []
    for field in template.own:
        value = item.own_values.get(field.key)
        if field.form == "text" and isinstance(value, list) and value:
            shown.append(Own(field, texts=value))
        elif field.form != "text" and isinstance(value, str | int | float) and value != "":
            shown.append(Own(field, value=value))
    return shown
