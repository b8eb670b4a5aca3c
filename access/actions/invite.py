"""Invite somebody by a code that is shown once, withdraw the invitation, take it up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit
from access.actions.appoint import appoint
from access.actions.belong import add_member, tell_of_manager
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.make_demo_staff import one_time_password
from access.actions.membership_log import told
from access.actions.rights import manages, refuse_past, refuse_self, require_manager_for, require_steward_for
from access.models import Community, CommunityMembership, Invitation, Protocol, User
from access.roles import CommunityRole, ProtocolRole


@dataclass(frozen=True)
class Place:
    """What an invitation offers: a role in a community and, where `protocol` is given, one in it, both until `until`."""

    community: Community
    role: str = CommunityRole.MEMBER
    protocol: Protocol | None = None
    protocol_role: str = ProtocolRole.MEMBER
    until: datetime | None = None


def invite(
    place: Place, *, valid_until: datetime, actor: User, reason: str = "", now: datetime
) -> tuple[Invitation, str]:
    """Return the invitation and its code, which is kept nowhere: only its digest is. Whoever may give the roles may invite to them.

    Raises NotAllowed, ActionRefused("over_already", "not_its_protocol").
    """
    _require_place(place, actor, now=now)
    refuse_past(valid_until, now=now)
    refuse_past(place.until, now=now)
    if place.protocol is not None and not place.protocol.communities.filter(pk=place.community.pk).exists():
        raise ActionRefused("not_its_protocol")
    code = one_time_password()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            code_digest=_digest(code),
            community=place.community,
            community_role=place.role,
            protocol=place.protocol,
            protocol_role=place.protocol_role,
            reason=reason,
            membership_until=place.until,
            made_by=actor,
            valid_until=valid_until,
        )
        _record("invite", invitation, actor=actor, reason=reason, now=now, after=_offered(invitation))
    return invitation, code


def withdraw_invitation(invitation: Invitation, *, actor: User, reason: str = "", now: datetime) -> None:
    """Make the code worthless: by who made it or a manager of the community. Raises NotAllowed, ActionRefused("invitation_used")."""
    is_own = actor.is_active and actor.pk == invitation.made_by_id
    if not is_own and not manages(actor, invitation.community, now=now):
        raise NotAllowed
    with transaction.atomic():
        open_ones = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
        if open_ones.update(withdrawn_at=now) != 1:
            raise ActionRefused("invitation_used")
        _record("withdraw_invitation", invitation, actor=actor, reason=reason, now=now, before=_offered(invitation))


def redeem_invitation(code: str, *, user: User, now: datetime) -> Invitation:
    """Give a signed-in person the place that the code offers, and return the invitation. Whoever made it must still be able to.

    Raises ActionRefused("invitation_not_valid") for a code that is unknown, used, withdrawn or over, and for who is blocked in the
    community: nobody can tell which; ActionRefused("own_role") for who made it themselves.
    """
    with transaction.atomic():
        open_ones = Invitation.objects.filter(code_digest=_digest(code), used_at=None, withdrawn_at=None)
        found = open_ones.filter(valid_until__gt=now).select_related("community", "protocol", "made_by").first()
        if found is None or not user.is_active:
            raise ActionRefused("invitation_not_valid")
        if open_ones.filter(pk=found.pk).update(used_by=user, used_at=now) != 1:
            raise ActionRefused("invitation_not_valid")
        try:
            _take_place(found, user, now=now)
        except ActionRefused as error:
            if error.code == "own_role":
                raise
            raise ActionRefused("invitation_not_valid") from error
        _record("redeem_invitation", found, actor=user, reason=found.reason, now=now, after=_offered(found))
    found.refresh_from_db()
    return found


def _take_place(invitation: Invitation, user: User, *, now: datetime) -> None:
    maker = invitation.made_by
    if maker is None:
        raise NotAllowed
    held = CommunityMembership.objects.filter(community=invitation.community, user=user, is_blocked=False).first()
    is_in = held is not None and (held.valid_until is None or now < held.valid_until)
    if held is None or not is_in:
        add_member(
            invitation.community,
            user,
            role=invitation.community_role,
            valid_until=invitation.membership_until,
            actor=maker,
            reason=invitation.reason,
            now=now,
        )
    else:
        _widen(held, invitation, maker, now=now)
    if invitation.protocol is not None:
        appoint(
            invitation.protocol,
            user,
            role=invitation.protocol_role,
            valid_until=invitation.membership_until,
            actor=maker,
            reason=invitation.reason,
            now=now,
        )


def _widen(held: CommunityMembership, invitation: Invitation, maker: User, *, now: datetime) -> None:
    """Who is a member already loses nothing by a second invitation: the higher role and the later end hold."""
    by_administrator = require_manager_for(maker, invitation.community_role, invitation.community, now=now)
    refuse_self(maker, held.user)
    before, until = told(held), invitation.membership_until
    if invitation.community_role == CommunityRole.MANAGER:
        held.role = CommunityRole.MANAGER
    if held.valid_until is not None:
        held.valid_until = None if until is None else max(held.valid_until, until)
    held.save(update_fields=["role", "valid_until"])
    if by_administrator:
        tell_of_manager(held, maker, reason=invitation.reason, now=now)
    audit.record(
        actor=maker,
        verb="change_member",
        target_pid=invitation.community.pid,
        now=now,
        detail={"account": held.user_id, "membership": held.pk},
        reason=invitation.reason,
        before=before,
        after=told(held),
    )


def _require_place(place: Place, actor: User, *, now: datetime) -> None:
    require_manager_for(actor, place.role, place.community, now=now)
    if place.protocol is not None:
        require_steward_for(actor, place.protocol_role, place.protocol, now=now)


def _digest(code: str) -> str:
    """Return what is kept of a code, however it was typed: in capitals, with blanks instead of hyphens."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _offered(invitation: Invitation) -> dict[str, object]:
    until = invitation.membership_until
    return {
        "role": invitation.community_role,
        "protocol": invitation.protocol.pid if invitation.protocol else "",
        "protocol_role": invitation.protocol_role if invitation.protocol else "",
        "until": until.isoformat() if until else "",
    }


def _record(
    verb: str,
    invitation: Invitation,
    *,
    actor: User,
    reason: str,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target_pid=invitation.community.pid,
        now=now,
        detail={"invitation": invitation.pk},
        reason=reason,
        before=before,
        after=after,
    )
