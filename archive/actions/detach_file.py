"""Take a file off an item."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive import visibility
from archive.actions.access_rights import protocol_clauses, require_taking_off
from archive.actions.permissions import require
from archive.history import recording
from archive.models import Item, ItemFile, ItemState
from archive.models.file import COMPANION_ROLES
from media_pipeline import intakes


def detach_file(file: ItemFile, *, actor: User | None, now: datetime) -> None:
    """Remove the tie between an item and a file; the master stays in the store. Raises NotAllowed, ActionRefused("protocol_keeps").

    What readers have seen is only taken away by somebody who may publish, and what lies under a protocol by who may edit it there. An
    upload that still goes on is ended.
    """
    item = file.item
    was_never_shown = (
        item.state in {ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.EDITS_NEEDED} or file.master is None
    )
    require(actor, "archive.change_item" if was_never_shown else "archive.publish_item")
    clauses = protocol_clauses(file.effective_rule.policy)
    is_own = actor is not None and file.added_by_id == actor.pk
    require_taking_off(clauses, is_own=is_own, was_never_shown=was_never_shown, actor=actor, now=now)
    with transaction.atomic():
        master = file.master.sha256 if file.master else ""
        detail = {"file": file.pid, "sha256": master}
        # In the order in which archive.receivers locks: the intake, the item, its files.
        if file.intake is not None:
            intakes.end(file.intake, now=now)
        Item.objects.filter(pk=item.pk).update(modified_at=now)
        if master:
            # By what its bytes are known it can be attached again.
            recording.record(item, "receive_file", actor=None, now=now, even_of_bytes=True)
        ItemFile.objects.filter(pk=file.pk).delete()
        if file.role not in COMPANION_ROLES and ItemFile.objects.filter(item=item, role__in=COMPANION_ROLES).exists():
            # What stood beside it belongs to another recording now, or to none.
            visibility.apply(item)
        audit.record(actor=actor, verb="detach_file", target_pid=item.pid, now=now, detail=detail)
        recording.record(item, "detach_file", actor=actor, now=now)
