"""The viewer: who asks, as the set of rules that they satisfy at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from access.models import AccessRule, User
from access.policy import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Viewer:
    """Someone who asks. `rule_ids` are the rules satisfied at `decided_at`: a viewer is made for each request and good for that one."""

    standing: Standing
    rule_ids: frozenset[int]
    decided_at: datetime
    user_id: int | None = None
    # When each satisfied rule that opens on a date did so: a record under it is news to a harvester since then.
    opened_at: Mapping[int, datetime] = field(default_factory=dict, hash=False)

    @property
    def is_staff(self) -> bool:
        return self.standing.is_staff


def make_viewer(standing: Standing, *, now: datetime, user_id: int | None = None) -> Viewer:
    """Return the viewer of this standing. Costs one query: rules are few, since equal policies share a row."""
    satisfied: set[int] = set()
    opened: dict[int, datetime] = {}
    for rule in AccessRule.objects.all():
        policy = rule.policy
        if policy.permits(standing, now=now):
            satisfied.add(rule.pk)
            if policy.opens_at is not None:
                opened[rule.pk] = policy.opens_at
    return Viewer(
        standing=standing,
        rule_ids=frozenset(satisfied),
        decided_at=now,
        user_id=user_id,
        opened_at=opened,
    )


def visitor(*, now: datetime) -> Viewer:
    """Return the viewer who has not signed in. One query."""
    return make_viewer(Standing(), now=now)


def viewer_for(user: User | AnonymousUser, *, now: datetime) -> Viewer:
    """Return the viewer of a request's user. A suspended account is a visitor. One query."""
    if not isinstance(user, User) or not user.is_active:
        return visitor(now=now)
    return make_viewer(Standing(is_registered=True, is_staff=user.is_staff), now=now, user_id=user.pk)
