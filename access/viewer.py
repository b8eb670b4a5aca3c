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


@dataclass(frozen=True)
class Decision:
    """A viewer, and the first moment after `decided_at` at which a date may make another of them; None where no date will."""

    viewer: Viewer
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Return whether no date lies between the decision and this moment."""
        return self.viewer.decided_at <= now and (self.until is None or now < self.until)


def make_viewer(standing: Standing, *, now: datetime, user_id: int | None = None) -> Viewer:
    """Return the viewer of this standing. Costs one query: rules are few, since equal policies share a row."""
    return _viewer(standing, AccessRule.objects.policies(), now=now, user_id=user_id)


def visitor(*, now: datetime) -> Viewer:
    """Return the viewer who has not signed in. One query, and one more where a rule names protocols."""
    return decide(None, Standing(), now=now).viewer


def viewer_for(user: User | AnonymousUser, *, now: datetime, is_on_site: bool = False) -> Viewer:
    """Return the viewer of a request's user, at an enrolled device or not. A suspended account is a visitor.

    One query for a visitor, two for an account; where a rule names protocols one more, or three (four for who is blocked).
    """
    return decide(*standing_of(user, is_on_site=is_on_site), now=now).viewer


def partner_viewer(account: User, *, now: datetime) -> Viewer:
    """Return the viewer of a partner's program: what is open to everybody, and what stewards opened to its account.

    It is no registered reader, never on site and never of the staff, whatever its account may be. Queries as of an account.
    """
    return decide(account, Standing(), now=now).viewer


def standing_of(user: User | AnonymousUser, *, is_on_site: bool) -> tuple[User | None, Standing]:
    """Return as whom a request's user asks, and what is known of them before the database is asked what they are in."""
    if not isinstance(user, User) or not user.is_active:
        return None, Standing(is_on_site=is_on_site)
    return user, Standing(is_registered=True, is_staff=user.is_staff, is_on_site=is_on_site)


def decide(user: User | None, standing: Standing, *, now: datetime) -> Decision:
    """Return the viewer of this account (None: a visitor) and standing, and how long that holds while nothing is written. Nothing else of
    the account counts but its key. Queries as of `viewer_for`."""
    policies = AccessRule.objects.policies()
    named = {pid for policy in policies.values() for clause in policy.clauses for pid in clause.protocols}
    protocols = standings.protocols_for(user, named, now=now)
    standing = replace(standing, protocols=protocols.held)
    dates = [*protocols.dates]
    dates += [date for one in policies.values() for date in (one.opens_at, one.closes_at) if date and date > now]
    if user is None:
        return Decision(_viewer(standing, policies, now=now), min(dates, default=None))
    viewer = _viewer(standing, policies, now=now, user_id=user.pk)
    granted = standings.granted_to(user, now=now)
    shut = {
        pk
        for pk, policy in policies.items()
        if any(not protocols.shut.isdisjoint(clause.protocols) for clause in policy.clauses)
    }
    viewer = replace(viewer, granted=granted.pids, in_emergency=granted.in_emergency, shut_rule_ids=frozenset(shut))
    return Decision(viewer, min([*dates, *granted.dates], default=None))


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
