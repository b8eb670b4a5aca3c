"""Reading from the database what somebody is in, and what is granted to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from access.belonging import NOBODYS, Belonging, ProtocolFacts, protocols_of, roles_in, shut_to
from access.models import Community, CommunityMembership, Grant, ProtocolMembership, User
from access.roles import Ability, abilities_of


def belonging_of(user: User, *, now: datetime) -> Belonging:
    """Return what a person is in at this moment. A block never expires by itself. Two queries."""
    return _belonging(user, now)[0]


def _belonging(user: User, now: datetime) -> tuple[Belonging, frozenset[datetime]]:
    """Return it, and the dates to come on which something of it is over."""
    communities: set[int] = set()
    blocked: set[int] = set()
    dates: set[datetime] = set()
    places = CommunityMembership.objects.filter(user=user).order_by()
    for key, is_blocked, until in places.values_list("community_id", "is_blocked", "valid_until"):
        if is_blocked:
            blocked.add(key)
        elif until is None or now < until:
            communities.add(key)
            dates.update(() if until is None else (until,))
    roles: dict[str, frozenset[str]] = {}
    held = ProtocolMembership.objects.filter(_not_over(now), user=user)
    for pid, role, until in held.order_by().values_list("protocol__pid", "role", "valid_until"):
        roles[pid] = roles.get(pid, frozenset()) | {role}
        dates.update(() if until is None else (until,))
    return Belonging(frozenset(communities), frozenset(blocked), roles), frozenset(dates)


@dataclass(frozen=True)
class Protocols:
    """Protocols by pid, as one person finds them: those they count as a member of, and those that no grant opens to them. `dates` are those
    to come on which that may change by itself."""

    held: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    dates: frozenset[datetime] = frozenset()


def protocols_for(user: User | None, named: Collection[str], *, now: datetime) -> Protocols:
    """Return how somebody finds the named protocols; None: a visitor. No query when none is named, one for a visitor, three for an
    account, and one more where they are blocked."""
    if not named:
        return Protocols()
    person, dates = (NOBODYS, frozenset[datetime]()) if user is None else _belonging(user, now)
    facts, parents = _facts(named), _parents() if person.blocked else {}
    return Protocols(protocols_of(person, facts, parents), shut_to(person, facts, parents), dates)


def member_protocols(user: User | None, named: Collection[str], *, now: datetime) -> frozenset[str]:
    """Return those of the named protocols that somebody counts as a member of. Queries as `protocols_for`."""
    return protocols_for(user, named, now=now).held


def abilities(
    user: User, *, now: datetime, protocols: Collection[str] | None = None
) -> Mapping[str, frozenset[Ability]]:
    """Return what a person may do, by the pid of the protocol; those of all protocols, or of the named ones. Four queries."""
    if not user.is_active:
        return {}
    person = belonging_of(user, now=now)
    parents = _parents()
    known = _facts(protocols) if protocols is None or protocols else []
    found = {one.pid: abilities_of(roles_in(person, one, parents)) for one in known}
    return {pid: allowed for pid, allowed in found.items() if allowed}


@dataclass(frozen=True)
class Granted:
    """Pids of what is open to one person alone: by a steward's or the library's grant, and by an emergency that was announced. `dates` are
    those to come on which that may change by itself."""

    pids: frozenset[str] = frozenset()
    in_emergency: frozenset[str] = frozenset()
    dates: frozenset[datetime] = frozenset()


def granted_to(user: User, *, now: datetime) -> Granted:
    """Return what is granted to a person at this moment. One query."""
    held = Grant.objects.filter(_not_over(now), user=user, withdrawn_at=None)
    pids: dict[bool, set[str]] = {False: set(), True: set()}
    dates: set[datetime] = set()
    for pid, is_emergency, since, until in held.order_by().values_list(
        "target_pid", "is_break_glass", "granted_at", "valid_until"
    ):
        if since <= now:
            pids[is_emergency].add(pid)
        dates.update(date for date in (since, until) if date is not None and date > now)
    return Granted(frozenset(pids[False]), frozenset(pids[True]), frozenset(dates))


def _not_over(now: datetime) -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=now)


# Asked by almost every request: Django would take longer to write it than the database to answer.
_FACTS = """
    SELECT one.pid, one.is_open, one.is_locked, kept.community_id FROM access_protocol one
    LEFT JOIN access_protocol_communities kept ON kept.protocol_id = one.id
"""


def _facts(pids: Collection[str] | None) -> list[ProtocolFacts]:
    wanted = [] if pids is None else sorted(pids)
    where = f"WHERE one.pid IN ({', '.join(['%s'] * len(wanted))})" if wanted else ""
    modes: dict[str, tuple[bool, bool]] = {}
    places: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"{_FACTS} {where}", wanted)
        for pid, is_open, is_locked, community in cursor.fetchall():
            modes[pid] = (bool(is_open), bool(is_locked))
            places.setdefault(pid, set()).update(() if community is None else (community,))
    return [ProtocolFacts(pid, *mode, frozenset(places[pid])) for pid, mode in modes.items()]


def _parents() -> dict[int, int | None]:
    return dict(Community.objects.order_by().values_list("pk", "parent_id"))
