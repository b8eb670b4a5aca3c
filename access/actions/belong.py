"""Take people into a community, change what they are to it, let them go, block them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from access import audit
from access.actions import membership_log
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.notices import tell_managers
from access.actions.rights import manages, refuse_past, refuse_self, require_manager_for
from access.models import Community, CommunityMembership, User
from access.roles import CommunityRole
from access.stewardship import is_blocked_in, managers_of


def add_member(
    community: Community,
    user: User,
    *,
    role: str = CommunityRole.MEMBER,
    valid_until: datetime | None = None,
    actor: User | None,
    reason: str = "",
    now: datetime,
) -> CommunityMembership:
    """Return the membership of somebody who was in the community not yet, or no longer. Managers may; an administrator may make managers,
    and the others read of it. Raises NotAllowed, ActionRefused("own_role", "over_already", "is_member", "is_blocked")."""
    by_administrator = require_manager_for(actor, role, community, now=now)
    refuse_self(actor, user)
    refuse_past(valid_until, now=now)
    with transaction.atomic():
        if is_blocked_in(user, community, now=now):
            raise ActionRefused("is_blocked")
        held = _held(community, user)
        if held is not None and (held.valid_until is None or now < held.valid_until):
            raise ActionRefused("is_member")
        before = None if held is None else membership_log.told(held)
        membership = held or CommunityMembership(community=community, user=user)
        membership.role, membership.valid_until, membership.reason = role, valid_until, reason
        membership.made_by = actor
        membership.save()
        if by_administrator and actor is not None:
            tell_of_manager(membership, actor, reason=reason, now=now)
        membership_log.record("add_member", membership, actor=actor, reason=reason, before=before, now=now)
    return membership


def change_member(
    membership: CommunityMembership,
    *,
    role: str,
    valid_until: datetime | None,
    actor: User | None,
    reason: str = "",
    now: datetime,
) -> CommunityMembership:
    """Give a member of a community another role or another end. Raises NotAllowed, ActionRefused("own_role", "over_already",
    "is_blocked", "gone")."""
    by_administrator = require_manager_for(actor, role, membership.community, now=now)
    refuse_self(actor, membership.user)
    refuse_past(valid_until, now=now)
    with transaction.atomic():
        held = _held_or_gone(membership)
        if held.is_blocked:
            raise ActionRefused("is_blocked")
        if by_administrator and held.role == CommunityRole.MANAGER:
            # An administrator makes managers and shortens nobody's time.
            raise NotAllowed
        before = membership_log.told(held)
        held.role, held.valid_until, held.reason = role, valid_until, reason
        held.save(update_fields=["role", "valid_until", "reason"])
        if by_administrator and actor is not None:
            tell_of_manager(held, actor, reason=reason, now=now)
        membership_log.record("change_member", held, actor=actor, reason=reason, before=before, now=now)
    return held


def end_member(membership: CommunityMembership, *, actor: User | None, reason: str = "", now: datetime) -> None:
    """Let somebody go: by a manager, or by themselves. With the membership ends, by itself, what their roles in the community's protocols
    gave. A block stays: it is taken off first. Raises NotAllowed, ActionRefused("is_blocked", "gone")."""
    is_own = actor is not None and actor.pk == membership.user_id and actor.is_active
    if not is_own and not manages(actor, membership.community, now=now):
        raise NotAllowed
    with transaction.atomic():
        held = _held_or_gone(membership)
        if held.is_blocked:
            raise ActionRefused("is_blocked")
        before, pk = membership_log.told(held), held.pk
        held.delete()
        audit.record(
            actor=actor,
            verb="end_member",
            target_pid=membership.community.pid,
            now=now,
            detail={"account": membership.user_id, "membership": pk},
            reason=reason,
            before=before,
        )


def block_member(
    community: Community, user: User, *, actor: User | None, reason: str, now: datetime
) -> CommunityMembership:
    """Keep somebody out of the community, its parts and all their protocols, the open ones too, whether they are a member or not.

    Raises NotAllowed, ActionRefused("own_role").
    """
    if not manages(actor, community, now=now):
        raise NotAllowed
    refuse_self(actor, user)
    with transaction.atomic():
        held = _held(community, user)
        before = None if held is None else membership_log.told(held)
        # Who was no member is none when the block is taken off.
        membership = held or CommunityMembership(community=community, user=user, valid_until=now, made_by=actor)
        membership.is_blocked, membership.reason = True, reason
        membership.save()
        membership_log.record("block_member", membership, actor=actor, reason=reason, before=before, now=now)
    return membership


def unblock_member(
    membership: CommunityMembership, *, actor: User | None, reason: str, now: datetime
) -> CommunityMembership:
    """Take a block off: they are again what they were before. Raises NotAllowed, ActionRefused("own_role", "gone")."""
    if not manages(actor, membership.community, now=now):
        raise NotAllowed
    refuse_self(actor, membership.user)
    with transaction.atomic():
        held = _held_or_gone(membership)
        before = membership_log.told(held)
        held.is_blocked, held.reason = False, reason
        held.save(update_fields=["is_blocked", "reason"])
        membership_log.record("unblock_member", held, actor=actor, reason=reason, before=before, now=now)
    return held


def _held(community: Community, user: User) -> CommunityMembership | None:
    rows = CommunityMembership.objects.select_for_update(of=("self",), no_key=True).select_related("community", "user")
    return rows.filter(community=community, user=user).first()


def _held_or_gone(membership: CommunityMembership) -> CommunityMembership:
    held = _held(membership.community, membership.user)
    if held is None:
        raise ActionRefused("gone")
    return held


def tell_of_manager(membership: CommunityMembership, actor: User, *, reason: str, now: datetime) -> None:
    """Let the other managers read that an administrator made somebody one of them. Call in the transaction."""
    others = [one for one in managers_of(membership.community, now=now) if one.pk != membership.user_id]
    text = _("The administrator %(who)s made %(account)s a manager of the community. Reason: %(reason)s")
    words = {"who": actor.get_username(), "account": membership.user.get_username(), "reason": reason or "–"}
    tell_managers(membership.community, text % words, others=others, now=now)
