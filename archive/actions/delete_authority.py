"""Delete an authority that nothing uses. Its last revision holds it, and a restore makes it again (docs/adr/0015)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from access import audit
from access.models import User
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.history import recording, snapshots
from archive.models import Place
from archive.models.authority import Authority
from archive.texts import is_storable
from archive.uses import uses_of


def delete_authority(record: Authority | Place, *, actor: User | None, now: datetime, reason: str = "") -> None:
    """Delete an authority. Raises NotAllowed, ActionRefused("in_use", "gone", "unreadable"), archive.uses.UnknownTie."""
    model = type(record)
    require(actor, f"archive.delete_{model._meta.model_name}")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    with transaction.atomic():
        # Held: nobody can be tied to it between the question and the deletion.
        held: Any = (
            model._default_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
        )  # Any: one of six
        if held is None:
            raise ActionRefused("gone")
        if uses_of(held).is_used:
            raise ActionRefused("in_use")
        write_last(held, "delete", snapshots.of(held), actor=actor, now=now, reason=reason)
        audit.record(
            actor=actor, verb=f"delete_{model._meta.model_name}", target_pid=held.slug[:32], now=now, reason=reason
        )
        held.delete()


def write_last(
    record: Authority | Place, verb: str, taken: snapshots.Snapshot, *, actor: User | None, now: datetime, reason: str
) -> None:
    """Write the revision with which a record goes."""
    number = recording.next_number(snapshots.kind_of(record), snapshots.key_of(record))
    recording.append(record, taken, verb, number=number, actor=actor, now=now, reason=reason)
