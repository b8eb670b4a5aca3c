"""Hide a published item at once, because somebody asked for it or took a consent back; whether it stays hidden is decided later
(docs/adr/0012)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from access import audit
from access.models import Petition, User
from archive import consent_records, visibility
from archive.history import recording
from archive.models import ConsentRecord, Item, ItemState


def suspend_item(
    item: Item, *, actor: User | None, now: datetime, petition: Petition | None = None, reason: str = ""
) -> bool:
    """Close an item to readers; returns whether it was open until now. What asks for it, a request or a consent taken back, is the right
    to it: hiding never waits for a permission.

    Call inside the transaction that takes in what asks. About ten queries.
    """
    with transaction.atomic():
        open_now = Item.objects.filter(pk=item.pk, state=ItemState.PUBLISHED, suspended_at=None)
        if open_now.update(suspended_at=now, modified_at=now, version=F("version") + 1) != 1:
            return False
        item.refresh_from_db()
        visibility.remember(item, now=now)
        visibility.apply(item)
        audit.record(
            actor=actor,
            verb="suspend_item",
            target_pid=item.pid,
            now=now,
            detail={"petition": petition.pid} if petition else None,
            reason=reason,
            before={"suspended_at": None},
            after={"suspended_at": now.isoformat()},
        )
    return True


def resume_item(item: Item, *, petition: Petition, actor: User | None, now: datetime) -> bool:
    """Show an item again as its rule says; returns whether it is. Not while another request that hides it waits, and not where a consent
    that was taken back is why it is hidden.

    Call inside the transaction that settles the request, after it is settled. About twelve queries.
    """
    with transaction.atomic():
        held = Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
        if held.suspended_at is None or not _is_hidden_for_nothing_else(held, held.suspended_at, petition, now=now):
            return False
        changes = {"suspended_at": None, "modified_at": now, "version": F("version") + 1}
        Item.objects.filter(pk=item.pk).update(**changes)
        item.refresh_from_db()
        visibility.apply(item)
        audit.record(
            actor=actor,
            verb="resume_item",
            target_pid=item.pid,
            now=now,
            detail={"petition": petition.pid},
            before={"suspended_at": held.suspended_at.isoformat()},
            after={"suspended_at": None},
        )
    return True


def _is_hidden_for_nothing_else(item: Item, since: datetime, petition: Petition, *, now: datetime) -> bool:
    hiding = Petition.objects.filter(target_pid=item.pid, hid_target=True)
    if hiding.filter(state__in=Petition.PENDING).exclude(pk=petition.pk).exists():
        return False
    # A request hides at the moment at which it comes in. What was hidden at another one, something else has hidden.
    if not hiding.filter(received_at=since).exists():
        return False
    # A consent that is taken back meanwhile finds the item hidden already. What was published without one, with a reason, comes back.
    withdrawn = ConsentRecord.objects.filter(items=item, withdrawn_at__gte=since).exists()
    return not (withdrawn and consent_records.lacking(item, day=timezone.localdate(now)))


def take_down_item(item: Item, *, petition: Petition, actor: User | None, now: datetime) -> None:
    """Withdraw an item for good, as a request asked that was granted. Call inside the transaction that grants it, which checked the right.

    About ten queries.
    """
    with transaction.atomic():
        held = Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
        before = {"state": held.state, "suspended_at": held.suspended_at.isoformat() if held.suspended_at else None}
        changes: dict[str, object] = {"suspended_at": None, "modified_at": now, "version": F("version") + 1}
        if held.state == ItemState.PUBLISHED:
            # What was hidden until now is gone since then.
            changes |= {"state": ItemState.WITHDRAWN, "withdrawn_at": held.suspended_at or now}
        visibility.remember(item, now=now)
        Item.objects.filter(pk=item.pk).update(**changes)
        item.refresh_from_db()
        visibility.apply(item)
        audit.record(
            actor=actor,
            verb="take_down_item",
            target_pid=item.pid,
            now=now,
            detail={"petition": petition.pid},
            before=before,
            after={"state": item.state, "suspended_at": None},
        )
        recording.record(item, "take_down_item", actor=actor, now=now)
