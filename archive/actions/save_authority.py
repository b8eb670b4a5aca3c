"""Save an authority: a people, a place, an agent, a subject, a collection, a statement of rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from access.models import User
from archive import former_addresses
from archive.actions.errors import ActionRefused, StaleVersion
from archive.actions.permissions import allows, require
from archive.history import recording
from archive.models import Agent, ItemState, Place
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
    Raises NotAllowed, StaleVersion, ActionRefused("places_shown", "name_withheld"); then nothing is written.
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
        was = _kept_back(record)
        save()
        _require_telling(record, was, actor)
        if before is not None and before != indexing.searched_of(record):
            # What was just hidden, or may not be spoken any more, must not be found any more, however many items name it.
            indexing.refresh_after_commit(indexing.items_named_by(record))
        former_addresses.moved(record, old_slug, now=now)
        recording.record(record, verb, actor=actor, now=now, reason=reason)


def _kept_back(record: Authority | Place) -> int:
    """Return how much of a place, or of a name, the database keeps from readers now: 0 for nothing. One query for these two."""
    if isinstance(record, Place):
        precision = Place.objects.filter(pk=record.pk).values_list("precision", flat=True).first()
        return list(Place.Precision.values).index(precision or Place.Precision.EXACT)
    return int(isinstance(record, Agent) and Agent.objects.filter(pk=record.pk, name_is_withheld=True).exists())


def _require_telling(record: Authority | Place, was: int, actor: User | None) -> None:
    """Raise where readers of what is published would learn more of it by the hand of somebody who may not publish."""
    if was <= _kept_back(record) or allows(actor, "archive.publish_item"):
        return
    if indexing.items_named_by(record).filter(state=ItemState.PUBLISHED).exists():
        raise ActionRefused("places_shown" if isinstance(record, Place) else "name_withheld")
