"""What somebody looks after: the communities that they manage and the protocols in which they may do something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, Q

from access import standings
from access.belonging import is_blocked
from access.models import Community, CommunityMembership, Protocol, ProtocolMembership, User
from access.roles import Ability, CommunityRole, ProtocolRole


@dataclass(frozen=True)
class Stewardship:
    """`communities`: keys of those that a person manages; `held`: their abilities by the pid of the protocol."""

    communities: frozenset[int] = frozenset()
    held: Mapping[str, frozenset[Ability]] = field(default_factory=dict)

    @property
    def protocols(self) -> frozenset[str]:
        """Return the pids of the protocols of which the person is a steward."""
        return self.may(Ability.MANAGE_MEMBERS)

    def may(self, ability: Ability) -> frozenset[str]:
        """Return the pids of the protocols in which the person has this ability."""
        return frozenset(pid for pid, allowed in self.held.items() if ability in allowed)

    def __bool__(self) -> bool:
        return bool(self.communities or self.protocols)


def stewardship_of(user: User, *, now: datetime) -> Stewardship:
    """Return what a person looks after at this moment; nothing for a suspended account. At most seven queries, and one for who has no
    role anywhere."""
    if not user.is_active or not has_any_role(user, now=now):
        return Stewardship()
    return Stewardship(managed_communities(user, now=now), standings.abilities(user, now=now))


def has_any_role(user: User, *, now: datetime) -> bool:
    """Return whether a person was given a role that looks after something; whether it counts, the others here say. One query."""
    live = _live(now)
    manages = CommunityMembership.objects.filter(live, user=user, role=CommunityRole.MANAGER, is_blocked=False)
    unable = (ProtocolRole.MEMBER, ProtocolRole.AFFILIATE)
    sits = ProtocolMembership.objects.filter(live, user=user).exclude(role__in=unable)
    return User.objects.filter(Exists(manages) | Exists(sits), pk=user.pk).exists()


def managed_communities(user: User, *, now: datetime) -> frozenset[int]:
    """Return the keys of the communities of which a person is a manager, unblocked and unexpired. Two queries."""
    if not user.is_active:
        return frozenset()
    held = CommunityMembership.objects.filter(user=user).values_list(
        "community_id", "role", "is_blocked", "valid_until"
    )
    rows = list(held)
    blocked = frozenset(key for key, _role, is_blocked_here, _until in rows if is_blocked_here)
    managed = {
        key
        for key, role, is_blocked_here, until in rows
        if role == CommunityRole.MANAGER and not is_blocked_here and (until is None or now < until)
    }
    if not managed or not blocked:
        return frozenset(managed)
    parents, person = _parents(), standings.belonging_of(user, now=now)
    return frozenset(key for key in managed if not is_blocked(person, (key,), parents))


def is_member_of(user: User, protocol: Protocol, *, now: datetime) -> bool:
    """Return whether a person belongs to one of a protocol's communities and is blocked in none of them. Four queries."""
    communities = frozenset(protocol.communities.values_list("pk", flat=True))
    person = standings.belonging_of(user, now=now)
    return bool(person.communities & communities) and not is_blocked(person, communities, _parents())


def is_blocked_in(user: User, community: Community, *, now: datetime) -> bool:
    """Return whether a person is blocked in a community or in a larger one that it is part of. Three queries."""
    return is_blocked(standings.belonging_of(user, now=now), (community.pk,), _parents())


def stewards_of(protocol: Protocol, *, now: datetime) -> list[User]:
    """Return the people who are stewards of a protocol and count as such at this moment. Five queries for each."""
    held = protocol.memberships.filter(_live(now), role=ProtocolRole.STEWARD).select_related("user").order_by("pk")
    people = [one.user for one in held if one.user.is_active]
    return [one for one in people if protocol.pid in stewardship_of(one, now=now).protocols]


def managers_of(community: Community, *, now: datetime) -> list[User]:
    """Return the people who are managers of a community and count as such at this moment. Two queries for each."""
    held = community.memberships.filter(_live(now), role=CommunityRole.MANAGER).select_related("user").order_by("pk")
    return [one.user for one in held if community.pk in managed_communities(one.user, now=now)]


def _live(now: datetime) -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=now)


def _parents() -> dict[int, int | None]:
    return dict(Community.objects.values_list("pk", "parent_id"))
