"""Writing the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from access.audit_chain import refuse_inexact
from access.audit_sealing import seal_after_commit
from access.models import AuditEntry, User
from access.models.audit import SOFTWARE, VISITOR


def record(
    *,
    actor: User | None,
    verb: str,
    target_pid: str,
    now: datetime,
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    is_visitor: bool = False,
) -> None:
    """Add one entry, in the caller's transaction. Without an actor it is the software itself (a command, a worker), or a visitor.

    What a person did is sealed right after the commit. What the software did waits for the sweep of the minute, so that a load of a million
    files does not take a second transaction for each.
    `before` and `after` are what changed of who may see what: identifiers, roles, dates, digests of rules; never titles or texts of items.
    Raises TypeError for values that databases do not give back as they were.
    """
    refuse_inexact([detail, before, after])
    AuditEntry.objects.create(
        at=now,
        actor=actor,
        actor_name=actor.get_username() if actor else VISITOR if is_visitor else SOFTWARE,
        verb=verb,
        target_pid=target_pid,
        detail=dict(detail or {}),
        reason=reason,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
    if actor is not None:
        seal_after_commit()


def record_many(*, actor: User | None, verb: str, details: Mapping[str, Mapping[str, object]], now: datetime) -> None:
    """Add one entry for each of many targets (by pid, with its detail), as `record` does, in one statement."""
    refuse_inexact(list(details.values()))
    name = actor.get_username() if actor else SOFTWARE
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, actor=actor, actor_name=name, verb=verb, target_pid=pid, detail=dict(detail))
        for pid, detail in details.items()
    )
    if actor is not None:
        seal_after_commit()


def is_of_the_software_alone(target_pid: str) -> bool:
    """Return whether the log knows the target, and no person in its story. One query."""
    actors = (
        AuditEntry.objects.filter(target_pid=target_pid).order_by().values_list("actor_id", "actor_name").distinct()
    )
    alone: set[tuple[int | None, str]] = {(None, SOFTWARE)}
    return set(actors) == alone
