"""What an item lacks of what its template asks for before readers see it."""

from __future__ import annotations

from archive.item_templates import TEMPLATES, missing
from archive.models import Item

RELATIONS = ("credits", "located", "peoples", "subjects", "collections", "communities")


def missing_of(item: Item) -> list[str]:
    """Return the names of what the item's template requires and it lacks: fields of the item, then "own.<key>". Six queries at most; none
    without a template."""
    template = TEMPLATES.get(item.template)
    if template is None:
        return []
    values: dict[str, object] = {"own": item.own_values}
    for name in template.required:
        if name in RELATIONS:
            values[name] = list(getattr(item, name).order_by().values_list("pk", flat=True)[:1])
        else:
            values[name] = getattr(item, name)
    return missing(item.template, values)
