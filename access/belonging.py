"""Which protocols somebody counts as a member of. Pure.

The truth table is Mukurtu's: an open protocol has everybody as a member, a strict one those who are named; members of a protocol must be
members of one of its communities; a block in a community or in one that it is part of overrides all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from access.roles import ProtocolRole


@dataclass(frozen=True)
class ProtocolFacts:
    """What counts of a protocol. `communities` are keys of communities."""

    pid: str
    is_open: bool = False
    is_locked: bool = False
    communities: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Belonging:
    """What one person is in at a moment: communities, communities where they are blocked, and roles by protocol pid.

    What has expired is left out by whoever makes this.
    """

    communities: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)


NOBODYS = Belonging()


def protocols_of(
    person: Belonging, protocols: Iterable[ProtocolFacts], parents: Mapping[int, int | None]
) -> frozenset[str]:
    """Return the pids of the protocols that this person counts as a member of. `parents`: the larger community of each."""
    return frozenset(one.pid for one in protocols if _is_member(person, one, parents))


def shut_to(person: Belonging, protocols: Iterable[ProtocolFacts], parents: Mapping[int, int | None]) -> frozenset[str]:
    """Return the pids of the protocols that are shut to this person whatever was granted to them: locked, or of who blocks them."""
    return frozenset(
        one.pid
        for one in protocols
        if is_blocked(person, one.communities, parents)
        or (one.is_locked and ProtocolRole.STEWARD not in roles_in(person, one, parents))
    )


def roles_in(person: Belonging, protocol: ProtocolFacts, parents: Mapping[int, int | None]) -> frozenset[str]:
    """Return the roles that count: none for who is blocked or left the community. Open or not makes no difference here."""
    if is_blocked(person, protocol.communities, parents) or not person.communities & protocol.communities:
        return frozenset()
    return person.roles.get(protocol.pid, frozenset())


def is_blocked(person: Belonging, communities: Iterable[int], parents: Mapping[int, int | None]) -> bool:
    """Return whether a person is blocked in one of these communities or in a larger one that it is part of."""
    if not person.blocked:
        return False
    return any(place in person.blocked for community in communities for place in _upwards(community, parents))


def _is_member(person: Belonging, protocol: ProtocolFacts, parents: Mapping[int, int | None]) -> bool:
    if is_blocked(person, protocol.communities, parents):
        return False
    roles = roles_in(person, protocol, parents)
    if protocol.is_locked:
        return ProtocolRole.STEWARD in roles
    return protocol.is_open or bool(roles)


def _upwards(community: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    # A ring, which the actions refuse, ends here all the same.
    seen: set[int] = set()
    place: int | None = community
    while place is not None and place not in seen:
        seen.add(place)
        yield place
        place = parents.get(place)
