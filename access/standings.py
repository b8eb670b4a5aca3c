"""Reading from the database what somebody is in, and what is granted to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from access.belonging import NOBODYS, Belonging, ProtocolFacts, protocols_of, roles_in
from access.models import Community, CommunityMembership, Grant, Protocol, ProtocolMembership, User
from access.roles import Ability, abilities_of


def belonging_of(user: User, *, now: datetime) -> Belonging:
    """Return what a person is in at this moment. A block never expires by itself. Two queries."""
    communities: set[int] = set()
    blocked: set[int] = set()
    places = CommunityMembership.objects.filter(user=user).order_by()
    for key, is_blocked, until in places.values_list("community_id", "is_blocked", "valid_until"):
        if is_blocked:
            blocked.add(key)
        elif until is None or now < until:
            communities.add(key)
    roles: dict[str, frozenset[str]] = {}
    held = ProtocolMembership.objects.filter(_not_over(now), user=user)
    for pid, role in held.order_by().values_list("protocol__pid", "role"):
        roles[pid] = roles.get(pid, frozenset()) | {role}
    return Belonging(frozenset(communities), frozenset(blocked), roles)


def member_protocols(user: User | None, named: Collection[str], *, now: datetime) -> frozenset[str]:
    """Return those of the named protocols that somebody counts as a member of; None: a visitor. No query when none is named, one for a
    visitor, three for an account, and one more where they are blocked."""
    if not named:
        return frozenset()
    person = NOBODYS if user is None else belonging_of(user, now=now)
    return protocols_of(person, _facts(named), _parents() if person.blocked else {})


def abilities(
    user: User, *, now: datetime, protocols: Collection[str] | None = None
) -> Mapping[str, frozenset[Ability]]:
    """Return what a person may do, by the pid of the protocol; those of all protocols, or of the named ones. Four queries."""
    if not user.is_active:
        return {}
    person = belonging_of(user, now=now)
    parents = _parents()
    found = {one.pid: abilities_of(roles_in(person, one, parents)) for one in _facts(protocols)}
    return {pid: allowed for pid, allowed in found.items() if allowed}


def granted_pids(user: User, *, now: datetime) -> frozenset[str]:
    """Return the pids of what is granted to a person at this moment. One query."""
    held = Grant.objects.filter(_not_over(now), user=user, withdrawn_at=None, granted_at__lte=now)
    return frozenset(held.order_by().values_list("target_pid", flat=True))


def _not_over(now: datetime) -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=now)


def _facts(pids: Collection[str] | None) -> list[ProtocolFacts]:
    chosen = Protocol.objects.order_by() if pids is None else Protocol.objects.filter(pid__in=pids).order_by()
    modes: dict[str, tuple[bool, bool]] = {}
    places: dict[str, set[int]] = {}
    for pid, is_open, is_locked, community in chosen.values_list("pid", "is_open", "is_locked", "communities"):
        modes[pid] = (is_open, is_locked)
        places.setdefault(pid, set()).update(() if community is None else (community,))
    return [ProtocolFacts(pid, *mode, frozenset(places[pid])) for pid, mode in modes.items()]


def _parents() -> dict[int, int | None]:
    return dict(Community.objects.order_by().values_list("pk", "parent_id"))
