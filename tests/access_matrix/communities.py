"""The communities and protocols of the matrix. All of them keep to themselves: their names are planted words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from access.models import Community, CommunityMembership, Protocol, ProtocolMembership, User
from access.roles import ProtocolRole
from archive.languages import of
from tests.access_matrix import people
from tests.access_matrix.planted import word

# Communities; PART is a part of A, APART is nobody's.
A, PART, B, APART = "a", "part", "b", "apart"
# Protocols, by the pid that rules name.
OF_A, OF_B, OPEN, LOCKED, OF_PART, OF_APART = (f"mxpr000000{number}" for number in range(6))
_PROTOCOLS: Mapping[str, tuple[str, Mapping[str, bool]]] = {
    OF_A: (A, {}),
    OF_B: (B, {}),
    OPEN: (A, {"is_open": True}),
    LOCKED: (A, {"is_locked": True}),
    OF_PART: (PART, {}),
    OF_APART: (APART, {}),
}
ALL_PROTOCOLS = frozenset(_PROTOCOLS)
MEMBERS: Mapping[str, frozenset[str]] = {
    A: people.OF_A | {people.FORMER_A},
    PART: frozenset({people.MEMBER_A, people.BLOCKED_A}),
    B: people.OF_B,
    APART: people.NO_ONE,
}


def pid_of(place: str) -> str:
    """Return the pid of a community."""
    return f"mxcm000000{list(MEMBERS).index(place)}"


def words() -> Mapping[str, tuple[str, ...]]:
    """Return the planted words of each community and of its protocols."""
    named = ("name", "statement", "contact", "protocol", "description")
    return {place: tuple(word(f"community {place}", name) for name in named) for place in MEMBERS}


def words_closed_to(viewer: str) -> tuple[str, ...]:
    """Return the words of communities that a viewer must not learn of. All staff know them: they choose among them."""
    strange = (place for place, members in MEMBERS.items() if viewer not in members | people.STAFF)
    return tuple(one for place in strange for one in words()[place])


def make() -> None:
    """Make the communities and their protocols, and put everybody where they stand."""
    places: dict[str, Community] = {}
    for place in MEMBERS:
        name, statement, contact, _protocol, _description = words()[place]
        parent = places[A] if place == PART else None
        places[place] = Community.objects.create(
            name=name, statements=of(vi=statement), contact=contact, parent=parent, pid=pid_of(place)
        )
    for pid, (place, settings) in _PROTOCOLS.items():
        *_others, name, description = words()[place]
        made = Protocol.objects.create(pid=pid, name=f"{name} {pid}", description=description, **settings)
        made.communities.add(places[place])
    _stand()


def _stand() -> None:
    """A role counts only with its community, until its day, and never against a block."""
    just_now = timezone.now() - timedelta(seconds=1)
    _joins(people.MEMBER_A, (A, PART), (OF_A, LOCKED, OF_PART))
    _joins(people.MEMBER_B, (B,), (OF_B,))
    _joins(people.MEMBER_AB, (A, B), (OF_A, OF_B))
    _joins(people.DEVICE_A, (A,), (OF_A,))
    _joins(people.PARTNER_A, (A,), (OF_A,))
    _joins(people.CATALOGUER_A, (A,), (OF_A,))
    _joins(people.STEWARD_A, (A,), (OF_A, LOCKED), role=ProtocolRole.STEWARD)
    _joins(people.LEFT_A, (), (OF_A, LOCKED, OF_PART), role=ProtocolRole.STEWARD)
    _joins(people.SUSPENDED, (A, B), (OF_A, OF_B, LOCKED), role=ProtocolRole.STEWARD)
    _joins(people.BLOCKED_A, (A, PART), (OF_A, LOCKED, OF_PART), role=ProtocolRole.STEWARD)
    _rows(people.BLOCKED_A, A).update(is_blocked=True)
    _joins(people.FORMER_A, (A, B), (OF_A, OF_B))
    _rows(people.FORMER_A, B).update(valid_until=just_now)
    ProtocolMembership.objects.filter(user=people.account(people.FORMER_A), protocol__pid=OF_A).update(
        valid_until=just_now
    )


def _joins(
    viewer: str, communities: Collection[str], protocols: Collection[str], role: str = ProtocolRole.MEMBER
) -> None:
    user: User = people.account(viewer)
    for place in communities:
        CommunityMembership.objects.create(community=Community.objects.get(pid=pid_of(place)), user=user)
    for pid in protocols:
        ProtocolMembership.objects.create(protocol=Protocol.objects.get(pid=pid), user=user, role=role)


def _rows(viewer: str, place: str) -> QuerySet[CommunityMembership]:
    return CommunityMembership.objects.filter(user=people.account(viewer), community__pid=pid_of(place))
