"""Save what a person changed in an item's description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from access import audit
from access.models import User
from archive import dates
from archive.actions.errors import ActionRefused, StaleVersion
from archive.actions.permissions import require, require_words
from archive.history import recording
from archive.models import Item, ItemState
from archive.search import indexing


def save_item(
    item: Item,
    *,
    read_version: int,
    changed: Sequence[str],
    actor: User | None,
    now: datetime,
    relations: Sequence[str] = (),
    relate: Callable[[], object] | None = None,
    verb: str = "change",
    reason: str = "",
) -> Item:
    """Write the changed fields of an item that was read at `read_version`. Raises StaleVersion when somebody saved since, NotAllowed,
    ActionRefused("published_words", "origin_needed"), DateError; then nothing is written. Relations (named for the log) are
    saved by `relate`, in the same transaction. `verb`: what the log and the history call it; what is in the bin is saved by nobody."""
    require(actor, "archive.change_item")
    days = dates.read(item.date_edtf)
    if "kind" in changed:
        # A person has said it: the content does not change it any more.
        item.kind_is_guess, changed = False, [*changed, "kind_is_guess"]
    item.date_first, item.date_last = days.first, days.last
    item.modified_at = now
    with transaction.atomic():
        held = Item.objects.filter(pk=item.pk, version=read_version, binned_at=None).update(version=F("version") + 1)
        if held != 1:
            raise StaleVersion
        # A move raises the version, so that the state is the one that was read.
        require_words(item.state, actor)
        _require_origin(item, changed)
        item.version = read_version + 1
        item.save(update_fields={*changed, "date_first", "date_last", "modified_at"} - {"version"})
        audit.record(
            actor=actor,
            verb=f"{verb}_item",
            target_pid=item.pid,
            now=now,
            reason=reason,
            detail={"fields": sorted({*changed, *relations} - {"kind_is_guess"})},
        )
        if relate is not None:
            relate()
        indexing.refresh(item)
        recording.record(item, verb, actor=actor, now=now, reason=reason)
    return item


def _require_origin(item: Item, changed: Sequence[str]) -> None:
    """Raise where what readers see would be without the statement of origin that its rights ask for."""
    if item.state != ItemState.PUBLISHED or not {"rights", "origin_statements"} & set(changed):
        return
    if item.rights is not None and item.rights.requires_origin and not item.origin_statements:
        raise ActionRefused("origin_needed")
