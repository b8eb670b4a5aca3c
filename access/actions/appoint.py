"""Give people roles in a protocol, change them, end them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from access import audit
from access.actions import membership_log
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.notices import tell_stewards
from access.actions.rights import may_in, refuse_past, refuse_self, require_steward_for
from access.models import Protocol, ProtocolMembership, User
from access.roles import Ability, ProtocolRole
from access.stewardship import is_member_of, stewards_of


def appoint(
    protocol: Protocol,
    user: User,
    *,
    role: str = ProtocolRole.MEMBER,
    valid_until: datetime | None = None,
    actor: User | None,
    reason: str = "",
    now: datetime,
) -> ProtocolMembership:
    """Return a member's role in the protocol; one that is there already, or was once, is renewed. Stewards may; an administrator may
    appoint stewards, and the others read of it.

    Raises NotAllowed, ActionRefused("own_role", "over_already", "not_of_community", "has_role").
    """
    by_administrator = require_steward_for(actor, role, protocol, now=now)
    refuse_self(actor, user)
    refuse_past(valid_until, now=now)
    with transaction.atomic():
        if not is_member_of(user, protocol, now=now):
            raise ActionRefused("not_of_community")
        rows = ProtocolMembership.objects.select_for_update(no_key=True)
        held = rows.filter(protocol=protocol, user=user, role=role).first()
        if by_administrator and held is not None and (held.valid_until is None or now < held.valid_until):
            # An administrator appoints stewards and shortens nobody's time.
            raise ActionRefused("has_role")
        before = None if held is None else membership_log.told(held)
        membership = held or ProtocolMembership(protocol=protocol, user=user, role=role)
        membership.valid_until, membership.reason, membership.made_by = valid_until, reason, actor
        membership.save()
        if by_administrator and actor is not None:
            _tell(membership, actor, reason=reason, now=now)
        membership_log.record("appoint", membership, actor=actor, reason=reason, before=before, now=now)
    return membership


def change_role(
    membership: ProtocolMembership,
    *,
    role: str,
    valid_until: datetime | None,
    actor: User | None,
    reason: str = "",
    now: datetime,
) -> ProtocolMembership:
    """Give a member of a protocol another role instead, or another end. Raises NotAllowed, ActionRefused("own_role", "over_already",
    "has_role", "not_of_community", "gone")."""
    if not may_in(actor, Ability.MANAGE_MEMBERS, membership.protocol, now=now):
        raise NotAllowed
    refuse_self(actor, membership.user)
    refuse_past(valid_until, now=now)
    with transaction.atomic():
        held = _held_or_gone(membership)
        if not is_member_of(held.user, held.protocol, now=now):
            raise ActionRefused("not_of_community")
        if held.protocol.memberships.filter(user=held.user, role=role).exclude(pk=held.pk).exists():
            raise ActionRefused("has_role")
        before = membership_log.told(held)
        held.role, held.valid_until, held.reason = role, valid_until, reason
        held.save(update_fields=["role", "valid_until", "reason"])
        membership_log.record("change_role", held, actor=actor, reason=reason, before=before, now=now)
    return held


def end_role(membership: ProtocolMembership, *, actor: User | None, reason: str = "", now: datetime) -> None:
    """Take a role in a protocol away: by a steward, or by who has it. Raises NotAllowed, ActionRefused("gone")."""
    is_own = actor is not None and actor.pk == membership.user_id and actor.is_active
    if not is_own and not may_in(actor, Ability.MANAGE_MEMBERS, membership.protocol, now=now):
        raise NotAllowed
    with transaction.atomic():
        held = _held_or_gone(membership)
        before, pk = membership_log.told(held), held.pk
        held.delete()
        audit.record(
            actor=actor,
            verb="end_role",
            target_pid=membership.protocol.pid,
            now=now,
            detail={"account": membership.user_id, "membership": pk},
            reason=reason,
            before=before,
        )


def _held_or_gone(membership: ProtocolMembership) -> ProtocolMembership:
    rows = ProtocolMembership.objects.select_for_update(of=("self",), no_key=True).select_related("protocol", "user")
    held = rows.filter(pk=membership.pk).first()
    if held is None:
        raise ActionRefused("gone")
    return held


def _tell(membership: ProtocolMembership, actor: User, *, reason: str, now: datetime) -> None:
    others = [one for one in stewards_of(membership.protocol, now=now) if one.pk != membership.user_id]
    text = _("The administrator %(who)s made %(account)s a steward of the protocol. Reason: %(reason)s")
    words = {"who": actor.get_username(), "account": membership.user.get_username(), "reason": reason or "–"}
    tell_stewards(membership.protocol, text % words, others=others, now=now)
