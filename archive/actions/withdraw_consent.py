"""Take a consent back, as whoever gave it may at any time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from access import audit
from access.models import User
from archive import consent_records
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.actions.suspend_item import suspend_item
from archive.models import ConsentRecord, Item
from archive.texts import is_storable


def withdraw_consent(record: ConsentRecord, *, actor: User | None, now: datetime, reason: str) -> list[Item]:
    """Withdraw a consent and hide at once what is published without one of the same person by now; returns the hidden items. One that
    was over already hides as well: whoever takes it back wants that.

    Raises NotAllowed, ActionRefused("reason_missing", "unreadable", "consent_withdrawn").
    """
    require(actor, "archive.change_consentrecord")
    if not reason.strip():
        raise ActionRefused("reason_missing")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    with transaction.atomic():
        if ConsentRecord.objects.filter(pk=record.pk, withdrawn_at=None).update(withdrawn_at=now) != 1:
            raise ActionRefused("consent_withdrawn")
        record.refresh_from_db()
        # Held, so that whoever publishes one of them just now is seen by us, or sees what we wrote.
        items = list(
            Item.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=record.items.values("pk"))
            .order_by("pk")
        )
        day = timezone.localdate(now)
        hidden = [
            item
            for item in items
            if consent_records.lacks_of(record, item, day=day)
            # The reason may tell of a person; more people read the item's log than the consent's.
            and suspend_item(item, actor=actor, now=now, reason=f"consent {record.pid}")
        ]
        audit.record(
            actor=actor,
            verb="withdraw_consent",
            target_pid=record.pid,
            now=now,
            reason=reason,
            detail={"items": [item.pid for item in hidden]},
            before={"withdrawn_at": None},
            after={"withdrawn_at": now.isoformat()},
        )
    return hidden
