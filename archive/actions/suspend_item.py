"""Hide an item from readers at once, until somebody decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from access import audit
from access.models import User
from archive import visibility
from archive.models import Item


def suspend_item(item: Item, *, actor: User | None, now: datetime, reason: str) -> Item:
    """Close a published item to everybody but staff whom its rule lets in; does nothing to one that is hidden already.

    Whoever calls this has settled that it is to be hidden: no permission is asked for, since hiding must never wait for one.
    """
    with transaction.atomic():
        # Before the moment is written: what everybody could see until now leaves a tombstone.
        visibility.remember(item, now=now)
        hidden = Item.objects.filter(pk=item.pk, suspended_at=None).update(
            suspended_at=now, modified_at=now, version=F("version") + 1
        )
        item.refresh_from_db()
        if hidden:
            visibility.apply(item)
            audit.record(actor=actor, verb="suspend_item", target_pid=item.pid, now=now, reason=reason)
    return item
