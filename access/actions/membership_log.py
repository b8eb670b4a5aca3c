"""What the log keeps of memberships and roles: identifiers, roles and ends."""

from __future__ import annotations

from datetime import datetime

from access import audit
from access.models import CommunityMembership, ProtocolMembership, User


def told(membership: CommunityMembership | ProtocolMembership) -> dict[str, object]:
    """Return what a membership or role is, for `before` and `after`."""
    until = membership.valid_until
    kept: dict[str, object] = {"role": membership.role, "until": until.isoformat() if until else ""}
    if isinstance(membership, CommunityMembership):
        kept["is_blocked"] = membership.is_blocked
    return kept


def record(
    verb: str,
    membership: CommunityMembership | ProtocolMembership,
    *,
    actor: User | None,
    reason: str,
    before: dict[str, object] | None,
    now: datetime,
) -> None:
    """Write down what a membership or role became. Call in the transaction."""
    of = membership.community if isinstance(membership, CommunityMembership) else membership.protocol
    audit.record(
        actor=actor,
        verb=verb,
        target_pid=of.pid,
        now=now,
        detail={"account": membership.user_id, "membership": membership.pk},
        reason=reason,
        before=before,
        after=told(membership),
    )
