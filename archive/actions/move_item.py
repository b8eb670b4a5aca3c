"""Move an item between its states: submit for review, publish, withdraw, back to draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from access import audit
from access.models import Petition, User
from archive import consent_records, visibility
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows, require
from archive.history import recording
from archive.models import Item, ItemState
from archive.texts import is_storable

WITHOUT_CONSENT = "archive.publish_without_consent"
# From which states one may come, and what right it takes.
MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    ItemState.IN_REVIEW: (frozenset({ItemState.DRAFT, ItemState.EDITS_NEEDED}), "archive.change_item"),
    ItemState.EDITS_NEEDED: (frozenset({ItemState.IN_REVIEW}), "archive.review_item"),
    ItemState.PUBLISHED: (
        frozenset({ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.EDITS_NEEDED, ItemState.WITHDRAWN}),
        "archive.publish_item",
    ),
    ItemState.WITHDRAWN: (frozenset({ItemState.PUBLISHED}), "archive.publish_item"),
    ItemState.DRAFT: (
        frozenset({ItemState.IN_REVIEW, ItemState.EDITS_NEEDED, ItemState.WITHDRAWN}),
        "archive.change_item",
    ),
}


def move_item(item: Item, state: str, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Move the item and its visibility in one transaction.

    Raises NotAllowed, ActionRefused("untitled", "wrong_state", "unreadable", "no_consent"). `reason` is for the log; it is never shown to
    outsiders. It lets somebody with that right, or a command, publish a person who has not consented.
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
            asked_at = _asked_to_hide_at(item)
            # Without a request that waits it was hidden for want of a consent that is there by now, or without which somebody with that
            # right publishes it. One that waits hides it also where another, that was granted, has withdrawn it meanwhile.
            changes["suspended_at"] = None if asked_at is None else Coalesce("suspended_at", asked_at)
        if state == ItemState.WITHDRAWN:
            changes["withdrawn_at"] = now
        before = (
            Item.objects.select_for_update(of=("self",), no_key=True).values_list("state", flat=True).get(pk=item.pk)
        )
        moved = Item.objects.filter(pk=item.pk, state__in=sources, binned_at=None).update(**changes)
        if moved != 1:
            raise ActionRefused("wrong_state")
        item.refresh_from_db()
        detail: dict[str, object] = {}
        if state == ItemState.PUBLISHED:
            detail |= _unconsented(item, actor=actor, now=now, reason=reason)
        visibility.remember(item, now=now)
        visibility.apply(item)
        audit.record(
            actor=actor,
            verb=f"move_to_{state}",
            target_pid=item.pid,
            now=now,
            detail=detail,
            reason=reason,
            before={"state": before},
            after={"state": state},
        )
        recording.record(item, f"move_to_{state}", actor=actor, now=now, reason=reason)
    return item


def _unconsented(item: Item, *, actor: User | None, now: datetime, reason: str) -> dict[str, object]:
    """Return what the log says of the persons who have not consented. Raises ActionRefused("no_consent") where that needs a right and a
    reason, and one of them is missing. The item's row is held: a consent that is withdrawn just now is seen here, or finds it published."""
    lacking = consent_records.lacking(item, day=timezone.localdate(now))
    if not lacking:
        return {}
    if not reason.strip() or not allows(actor, WITHOUT_CONSENT):
        raise ActionRefused("no_consent")
    return {"without_consent": len(lacking)}


def _asked_to_hide_at(item: Item) -> datetime | None:
    """Return when somebody first asked to take it down whom nobody has answered: then publishing it again does not open it."""
    waiting = Petition.objects.filter(target_pid=item.pid, hid_target=True, state__in=Petition.PENDING)
    return waiting.order_by("received_at").values_list("received_at", flat=True).first()


def publish_item(item: Item, *, actor: User | None, now: datetime) -> Item:
    """Open the item to those whom its chosen rule names."""
    return move_item(item, ItemState.PUBLISHED, actor=actor, now=now)


def withdraw_item(item: Item, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Close the item to everybody but staff, at once."""
    return move_item(item, ItemState.WITHDRAWN, actor=actor, now=now, reason=reason)
