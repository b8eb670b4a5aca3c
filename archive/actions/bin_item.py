"""Put an item into the bin, and take it out again (docs/adr/0015)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from access import audit
from access.models import User
from archive import visibility
from archive.actions.delete_item import may_be_deleted
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.history import recording
from archive.models import Item
from archive.texts import is_storable


def bin_item(item: Item, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Put a draft that no reader has ever seen into the bin: from then on nobody finds it but in the bin's own screen.

    Raises NotAllowed, ActionRefused("was_open", "binned", "unreadable"). About twelve queries.
    """
    require(actor, "archive.change_item")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    with transaction.atomic():
        held = _held(item)
        if held.binned_at is not None:
            raise ActionRefused("binned")
        if not may_be_deleted(held):
            raise ActionRefused("was_open")
        return _move(item, "bin_item", binned_at=now, actor=actor, now=now, reason=reason)


def unbin_item(item: Item, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Take an item out of the bin, as it was when it went in. Raises NotAllowed, ActionRefused("not_binned", "unreadable")."""
    require(actor, "archive.change_item")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    with transaction.atomic():
        if _held(item).binned_at is None:
            raise ActionRefused("not_binned")
        return _move(item, "unbin_item", binned_at=None, actor=actor, now=now, reason=reason)


def _held(item: Item) -> Item:
    found = Item.objects.select_for_update(of=("self",), no_key=True).filter(pk=item.pk).first()
    if found is None:
        raise ActionRefused("not_binned")
    return found


def _move(item: Item, verb: str, *, binned_at: datetime | None, actor: User | None, now: datetime, reason: str) -> Item:
    # The version goes up: a form that was open meanwhile does not save over it.
    Item.objects.filter(pk=item.pk).update(binned_at=binned_at, modified_at=now, version=F("version") + 1)
    item.refresh_from_db()
    visibility.apply(item)
    audit.record(actor=actor, verb=verb, target_pid=item.pid, now=now, reason=reason)
    recording.record(item, verb, actor=actor, now=now, reason=reason)
    return item
