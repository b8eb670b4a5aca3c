"""Move an item between its states: submit for review, publish, withdraw, back to draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from access import audit
from access.models import User
from archive import visibility
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.models import Item, ItemState
from archive.texts import is_storable

# From which states one may come, and what right it takes.
MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    ItemState.IN_REVIEW: (frozenset({ItemState.DRAFT}), "archive.change_item"),
    ItemState.PUBLISHED: (
        frozenset({ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.WITHDRAWN}),
        "archive.publish_item",
    ),
    ItemState.WITHDRAWN: (frozenset({ItemState.PUBLISHED}), "archive.publish_item"),
    ItemState.DRAFT: (frozenset({ItemState.IN_REVIEW, ItemState.WITHDRAWN}), "archive.change_item"),
}


def move_item(item: Item, state: str, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Move the item and its visibility in one transaction. Raises NotAllowed, ActionRefused("untitled", "wrong_state", "unreadable").

    `reason` is for the log; it is never shown to outsiders.
    """
    sources, permission = MOVES[state]
    require(actor, permission)
    if state == ItemState.PUBLISHED and not item.titles:
        raise ActionRefused("untitled")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    with transaction.atomic():
        changes: dict[str, object] = {"state": state, "modified_at": now, "version": F("version") + 1}
        if state == ItemState.PUBLISHED:
            changes |= {"published_at": Coalesce("published_at", now), "withdrawn_at": None}
        if state == ItemState.WITHDRAWN:
            changes["withdrawn_at"] = now
        moved = Item.objects.filter(pk=item.pk, state__in=sources).update(**changes)
        if moved != 1:
            raise ActionRefused("wrong_state")
        item.refresh_from_db()
        visibility.remember(item, now=now)
        visibility.apply(item)
        audit.record(
            actor=actor,
            verb=f"move_to_{state}",
            target_pid=item.pid,
            now=now,
            detail={"reason": reason} if reason else None,
        )
    return item


def publish_item(item: Item, *, actor: User | None, now: datetime) -> Item:
    """Open the item to those whom its chosen rule names."""
    return move_item(item, ItemState.PUBLISHED, actor=actor, now=now)


def withdraw_item(item: Item, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Close the item to everybody but staff, at once."""
    return move_item(item, ItemState.WITHDRAWN, actor=actor, now=now, reason=reason)
