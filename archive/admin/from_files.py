"""The panel "From the files" on the form of an item: what its files say of themselves, for the fields that it could fill.

Read from the files that the form shows, which are those that the person may see (docs/adr/0009).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive.models import ItemFile
from archive.said_by_files import Proposal, proposals

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FILES_AT_MOST = 20
LABELS: Mapping[str, StrPromise] = {
    "titles": _("Titles"),
    "creators": _("Who made it"),
    "date_as_written": _("Date"),
    "descriptions": _("Descriptions"),
    "rights_statements": _("Rights in words"),
    "rights_holders": _("Holder of the rights"),
    "languages": _("Languages of the content"),
    "places": _("Names of places"),
    "position": _("Where it was made"),
}
NOTES: Mapping[str, StrPromise] = {
    "creators": _("People are chosen from the list of persons: copy the name."),
    "places": _("Places are chosen from the list of places: copy the name."),
    "position": _("For your eyes: a position is never shown to readers, and not taken into the description."),
}


@dataclass(frozen=True)
class Group:
    """What is said for one field. `is_used`: a button can fill the field."""

    field: str
    label: StrPromise
    note: StrPromise | str
    is_used: bool
    lines: Sequence[tuple[Proposal, str]]


def groups(files: Iterable[ItemFile]) -> list[Group]:
    """Return what the first files say, by field; each value once, with the name of the file that says it first. No query."""
    lines: dict[tuple[str, str], tuple[Proposal, str]] = {}
    for file in list(files)[:FILES_AT_MOST]:
        for one in proposals(file.master.embedded if file.master else []):
            lines.setdefault((one.field, one.use.casefold()), (one, file.original_name))
    return [
        Group(field, label, NOTES.get(field, ""), field not in NOTES, found)
        for field, label in LABELS.items()
        if (found := [line for (named, _use), line in lines.items() if named == field])
    ]
