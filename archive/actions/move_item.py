"""Move an item between its states: send it to review, ask for edits, publish, withdraw, back to draft."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from access import audit
from access.models import Petition, User
from archive import consent_records, moves, visibility
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.permissions import allows, mover_of
from archive.completeness import missing_of
from archive.history import recording
from archive.models import Item, ItemState, Remark
from archive.texts import is_storable

MOVED_TO_REVIEW = f"move_to_{ItemState.IN_REVIEW}"
WITHOUT_CONSENT = "archive.publish_without_consent"


def move_item(item: Item, state: str, *, actor: User | None, now: datetime, reason: str = "") -> Item:
    """Move the item and its visibility in one transaction.

    Raises NotAllowed, ActionRefused("untitled", "wrong_state", "unreadable", "no_consent", "reason_missing", "unreviewed",
    "own_submission", "own_words", "origin_needed", "incomplete"). `reason` is kept with the item's conversation and in the log; it is
    never shown to outsiders. It lets somebody with that right, or a command, publish a person who has not consented.
    """
    if not mover_of(actor).may(moves.MOVES[state][1]):
        raise NotAllowed
    if state == ItemState.PUBLISHED and not item.titles:
        raise ActionRefused("untitled")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    if actor is not None and state in moves.ASK_WHY and not reason.strip():
        raise ActionRefused("reason_missing")
    with transaction.atomic():
        held = Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
        if held.binned_at is not None:
            raise ActionRefused("wrong_state")
        _require_move(held, state, actor=actor)
        if state == ItemState.PUBLISHED and actor is not None and missing_of(held):
            # Required marks block nothing before: a draft grows, and who reviews sees what is wanting.
            raise ActionRefused("incomplete")
        before = held.state
        Item.objects.filter(pk=item.pk).update(**_changes(item, state, actor=actor, now=now))
        item.refresh_from_db()
        if state == ItemState.PUBLISHED and item.rights is not None and item.rights.requires_origin:
            _require_origin(item)
        detail: dict[str, object] = {}
        if state == ItemState.PUBLISHED:
            detail |= _unconsented(item, actor=actor, now=now, reason=reason)
        visibility.remember(item, now=now)
        visibility.apply(item)
        if actor is not None:
            Remark.objects.create(
                item=item, author=actor, at=now, text=reason.strip(), moved_from=before, moved_to=state
            )
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


def _require_move(held: Item, state: str, *, actor: User | None) -> None:
    """Raise NotAllowed or ActionRefused where the rule does not let this person make the move. The item's row is held."""
    if (
        settings.TWO_PAIRS_OF_EYES
        and state == ItemState.PUBLISHED
        and recording.has_changed_since(held, actor, MOVED_TO_REVIEW)
    ):
        raise ActionRefused("own_words")
    code = moves.refusal(
        mover_of(actor),
        at=held.state,
        to=state,
        submitted_by=held.submitted_by_id,
        two_pairs_of_eyes=settings.TWO_PAIRS_OF_EYES,
    )
    if code is not None:
        raise ActionRefused(code)


def _changes(item: Item, state: str, *, actor: User | None, now: datetime) -> dict[str, object]:
    """Return the columns that the move writes."""
    changes: dict[str, object] = {"state": state, "modified_at": now, "version": F("version") + 1}
    if state == ItemState.IN_REVIEW:
        changes["submitted_by"] = actor
    if state == ItemState.PUBLISHED:
        changes |= {"published_at": Coalesce("published_at", now), "withdrawn_at": None}
        asked_at = _asked_to_hide_at(item)
        # Without a request that waits it was hidden for want of a consent that is there by now, or without which somebody with that
        # right publishes it. One that waits hides it also where another, that was granted, has withdrawn it meanwhile.
        changes["suspended_at"] = None if asked_at is None else Coalesce("suspended_at", asked_at)
    if state == ItemState.WITHDRAWN:
        changes["withdrawn_at"] = now
    return changes


def _require_origin(item: Item) -> None:
    """Raise ActionRefused("origin_needed") where nothing is said of whose folklore it is."""
    if not item.origin_statements:
        raise ActionRefused("origin_needed")


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
