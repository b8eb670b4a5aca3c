"""The viewer: who asks, as the set of rules that they satisfy at this moment and what is granted to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from access import standings
from access.models import AccessRule, User
from access.policy import Policy, Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Viewer:
    """Someone who asks. `rule_ids` are the rules satisfied at `decided_at`: a viewer is made for each request and good for that one.

    `granted` are pids of items and files that were opened to this person alone, but for what lies under `shut_rule_ids`: rules that name a
    protocol that is locked, or whose community blocks this person. `in_emergency` are those that an announced emergency opened.
    """

    standing: Standing
    rule_ids: frozenset[int]
    decided_at: datetime
    user_id: int | None = None
    # When each satisfied rule that opens on a date did so: a record under it is news to a harvester since then.
    opened_at: Mapping[int, datetime] = field(default_factory=dict, hash=False)
    granted: frozenset[str] = frozenset()
    in_emergency: frozenset[str] = frozenset()
    shut_rule_ids: frozenset[int] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.standing.is_staff

    @property
    def is_stranger(self) -> bool:
        """Whether this is a visitor of whom nothing is known. What open protocols let in counts for them as for everybody."""
        known = self.standing
        return self.user_id is None and not (known.is_registered or known.is_staff or known.is_on_site)

    @property
    def is_judged_by_rules(self) -> bool:
        """Whether `rule_ids` alone decide what this viewer may see: nothing is granted to them, and no emergency opens anything."""
        return not (self.granted or self.in_emergency)


def make_viewer(standing: Standing, *, now: datetime, user_id: int | None = None) -> Viewer:
    """Return the viewer of this standing. Costs one query: rules are few, since equal policies share a row."""
    return _viewer(standing, AccessRule.objects.policies(), now=now, user_id=user_id)


def visitor(*, now: datetime) -> Viewer:
    """Return the viewer who has not signed in. One query, and one more where a rule names protocols."""
    return _asking(None, Standing(), now=now)


def viewer_for(user: User | AnonymousUser, *, now: datetime, is_on_site: bool = False) -> Viewer:
    """Return the viewer of a request's user, at an enrolled device or not. A suspended account is a visitor.

    One query for a visitor, two for an account; where a rule names protocols one more, or three (four for who is blocked).
    """
    if not isinstance(user, User) or not user.is_active:
        return _asking(None, Standing(is_on_site=is_on_site), now=now)
    standing = Standing(is_registered=True, is_staff=user.is_staff, is_on_site=is_on_site)
    return _asking(user, standing, now=now)


def partner_viewer(account: User, *, now: datetime) -> Viewer:
    """Return the viewer of a partner's program: what is open to everybody, and what stewards opened to its account.

    It is no registered reader, never on site and never of the staff, whatever its account may be. Queries as of an account.
    """
    return _asking(account, Standing(), now=now)


def _asking(user: User | None, standing: Standing, *, now: datetime) -> Viewer:
    policies = AccessRule.objects.policies()
    named = {pid for policy in policies.values() for clause in policy.clauses for pid in clause.protocols}
    protocols = standings.protocols_for(user, named, now=now)
    standing = replace(standing, protocols=protocols.held)
    if user is None:
        return _viewer(standing, policies, now=now)
    viewer = _viewer(standing, policies, now=now, user_id=user.pk)
    granted = standings.granted_to(user, now=now)
    shut = {
        pk
        for pk, policy in policies.items()
        if any(not protocols.shut.isdisjoint(clause.protocols) for clause in policy.clauses)
    }
    return replace(viewer, granted=granted.pids, in_emergency=granted.in_emergency, shut_rule_ids=frozenset(shut))


def _viewer(
    standing: Standing,
    policies: Mapping[int, Policy],
    *,
    now: datetime,
    user_id: int | None = None,
) -> Viewer:
    satisfied = {pk for pk, policy in policies.items() if policy.permits(standing, now=now)}
    opened = {pk: moment for pk in satisfied if (moment := policies[pk].opens_at) is not None}
    return Viewer(
        standing=standing,
        rule_ids=frozenset(satisfied),
        decided_at=now,
        user_id=user_id,
        opened_at=opened,
    )
