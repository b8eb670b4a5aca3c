"""Save an authority: a people, a place, an agent, a subject, a collection, a statement of rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from access.models import User
from archive import former_addresses
from archive.actions.errors import StaleVersion
from archive.actions.permissions import require
from archive.history import recording
from archive.models import Place
from archive.models.authority import Authority
from archive.search import indexing


def save_authority(
    record: Authority | Place,
    *,
    save: Callable[[], object],
    read_version: int | None,
    actor: User | None,
    now: datetime,
    reason: str = "",
    verb: str = "",
) -> None:
    """Save an authority by the caller's `save`, which knows its columns and the rows below it, and write its revision.

    `read_version` is the version that the person read; None for a new record. `verb`: what the history calls it (empty: made or changed).
    Raises NotAllowed, StaleVersion; then nothing is written.
    """
    model = type(record)
    right = "add" if record.pk is None else "change"
    verb = verb or ("create" if right == "add" else "change")
    require(actor, f"archive.{right}_{model._meta.model_name}")
    with transaction.atomic():
        old_slug, before = "", None
        if record.pk is not None:
            before = indexing.searched_of(record)
            held = model._default_manager.filter(pk=record.pk)
            if read_version is not None:
                held = held.filter(version=read_version)
            if held.update(version=F("version") + 1) != 1:
                raise StaleVersion
            record.version, old_slug = model._default_manager.values_list("version", "slug").get(pk=record.pk)
        save()
        if before is not None and before != indexing.searched_of(record):
            # What was just hidden, or may not be spoken any more, must not be found any more, however many items name it.
            indexing.refresh_after_commit(indexing.items_named_by(record))
        former_addresses.moved(record, old_slug, now=now)
        recording.record(record, verb, actor=actor, now=now, reason=reason)
