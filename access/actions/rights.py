"""Who may change communities and protocols. The software itself (`actor` None: a command on the server) may do everything."""

from __future__ import annotations

from datetime import datetime

from access.actions.errors import ActionRefused, NotAllowed
from access.models import Community, Protocol, User
from access.roles import Ability, CommunityRole, ProtocolRole
from access.standings import abilities
from access.stewardship import managed_communities


def is_administrator(actor: User | None) -> bool:
    """Return whether the actor is an administrator of the library. That is no membership of any community."""
    return actor is None or (actor.is_active and actor.is_staff and actor.is_superuser)


def manages(actor: User | None, community: Community, *, now: datetime) -> bool:
    """Return whether the actor is a manager of the community at this moment. Two queries at most."""
    return actor is None or community.pk in managed_communities(actor, now=now)


def may_in(actor: User | None, ability: Ability, protocol: Protocol, *, now: datetime) -> bool:
    """Return whether the actor has an ability in the protocol at this moment. Five queries."""
    return actor is None or ability in abilities(actor, now=now, protocols=[protocol.pid]).get(
        protocol.pid, frozenset()
    )


def require_administrator(actor: User | None) -> None:
    """Raise NotAllowed unless the actor is an administrator."""
    if not is_administrator(actor):
        raise NotAllowed


def require_manager_for(actor: User | None, role: str, community: Community, *, now: datetime) -> bool:
    """Return whether the actor gives this role in a community as an administrator; raise NotAllowed if in no way at all.

    Managers give every role; an administrator makes managers, of whom there is none at first, and they do the rest.
    """
    if manages(actor, community, now=now):
        return False
    if role == CommunityRole.MANAGER and is_administrator(actor):
        return True
    raise NotAllowed


def require_steward_for(actor: User | None, role: str, protocol: Protocol, *, now: datetime) -> bool:
    """Return whether the actor gives this role in a protocol as an administrator; raise NotAllowed if in no way at all.

    Stewards give every role. A protocol without a steward gets its first from a manager of one of its communities or an administrator.
    """
    if may_in(actor, Ability.MANAGE_MEMBERS, protocol, now=now):
        return False
    if role == ProtocolRole.STEWARD:
        if is_administrator(actor):
            return True
        if actor is not None and _may_give_first(actor, protocol, now=now):
            return False
    raise NotAllowed


def refuse_self(actor: User | None, user: User) -> None:
    """Raise ActionRefused("own_role"): nobody gives a role to themselves or takes a block off themselves."""
    if actor is not None and actor.pk == user.pk:
        raise ActionRefused("own_role")


def refuse_past(valid_until: datetime | None, *, now: datetime) -> None:
    """Raise ActionRefused("over_already") for an end that has come already."""
    if valid_until is not None and valid_until <= now:
        raise ActionRefused("over_already")


def _may_give_first(actor: User, protocol: Protocol, *, now: datetime) -> bool:
    communities = frozenset(protocol.communities.values_list("pk", flat=True))
    if not communities & managed_communities(actor, now=now):
        return False
    return not protocol.memberships.filter(role=ProtocolRole.STEWARD).exists()
