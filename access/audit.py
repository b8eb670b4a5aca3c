"""Writing the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from access.models import AuditEntry, User


def record(
    *, actor: User | None, verb: str, target_pid: str, now: datetime, detail: Mapping[str, object] | None = None
) -> None:
    """Add one entry, in the caller's transaction. Without an actor it is the software itself (a command, a worker)."""
    AuditEntry.objects.create(
        at=now,
        actor=actor,
        actor_name=actor.get_username() if actor else "system",
        verb=verb,
        target_pid=target_pid,
        detail=dict(detail or {}),
    )
