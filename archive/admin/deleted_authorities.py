"""Authorities that were deleted: the bin shows them, and makes them again under their old keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from archive.actions.permissions import allows
from archive.admin.base import actor_of
from archive.history import recording, snapshots
from archive.languages import pick_text
from archive.models import RecordKind, Revision

MOST = 200


@dataclass(frozen=True)
class Deleted:
    """One deleted authority, as the bin shows it."""

    revision: Revision
    kind: str
    name: str
    who: str


def deleted(request: HttpRequest, language: str) -> list[Deleted]:
    """Return the authorities that were deleted last and are not there again, of kinds that this person may make. A query, and one for each
    kind."""
    kinds = [kind for kind in snapshots.MODELS if kind != RecordKind.ITEM and may_make(request, kind)]
    later = Revision.objects.filter(kind=OuterRef("kind"), key=OuterRef("key"), number__gt=OuterRef("number"))
    found = Revision.objects.filter(verb="delete", kind__in=kinds).exclude(Exists(later)).exclude(snapshot={})
    rows = list(found.select_related("actor").order_by("-at", "-pk")[:MOST])
    there = _there(rows)
    return [
        Deleted(one, str(snapshots.MODELS[one.kind]._meta.verbose_name), name_of(one, language), recording.who(one))
        for one in rows
        if (one.kind, one.key) not in there
    ]


def may_make(request: HttpRequest, kind: str) -> bool:
    """Return whether this person may make authorities of a kind."""
    return allows(actor_of(request), f"archive.add_{snapshots.MODELS[kind]._meta.model_name}")


def name_of(revision: Revision, language: str) -> str:
    """Return what an authority was called when this revision was made. No query."""
    names = revision.snapshot.get("names", []) or revision.snapshot.get("fields", {}).get("names", [])
    if revision.kind == RecordKind.PLACE:
        shown = [one["text"] for one in names if one["kind"] != "hidden"]
        return shown[0] if shown else str(revision.snapshot["fields"]["slug"])
    return pick_text(names, language) or str(revision.snapshot["fields"]["slug"])


def _there(rows: Sequence[Revision]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for kind in {one.kind for one in rows}:
        keys = [one.key for one in rows if one.kind == kind]
        live = snapshots.MODELS[kind]._default_manager.filter(pk__in=keys).values_list("pk", flat=True)
        found |= {(kind, str(pk)) for pk in live}
    return found
