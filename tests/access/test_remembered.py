"""A remembered viewer is the one that would be decided now: after every kind of change, by whomever, and on every date."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access import policy, remembered
from access.models import AccessRule, Community, CommunityMembership, Grant, Protocol, ProtocolMembership, User
from access.policy import Standing
from access.viewer import Viewer, decide, standing_of

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
PID = "00000000001"


@dataclass
class World:
    """Two communities, one within the other, a protocol of the smaller one with a rule, and a member of it."""

    larger: Community
    smaller: Community
    protocol: Protocol
    member: User
    place: CommunityMembership
    role: ProtocolMembership
    grant: Grant


@pytest.fixture
def world(now: datetime) -> World:
    larger = Community.objects.create(name="Huyện")
    smaller = Community.objects.create(name="Làng", parent=larger)
    protocol = Protocol.objects.create(name="Người trong làng")
    protocol.communities.add(smaller)
    for one in (policy.PUBLIC, policy.REGISTERED, policy.ONSITE, policy.of_protocols([protocol.pid])):
        AccessRule.objects.intern(one)
    AccessRule.objects.intern(policy.of(policy.Level.PUBLIC, opens_at=now + 3 * DAY))
    AccessRule.objects.intern(policy.of(policy.Level.PUBLIC, closes_at=now + 4 * DAY))
    member = User.objects.create_user("thanh-vien")
    place = CommunityMembership.objects.create(community=smaller, user=member, valid_until=now + 5 * DAY)
    role = ProtocolMembership.objects.create(protocol=protocol, user=member, valid_until=now + 6 * DAY)
    grant = Grant.objects.create(
        target_pid=PID, user=member, reason="x", granted_at=now + DAY, valid_until=now + 2 * DAY
    )
    return World(larger, smaller, protocol, member, place, role, grant)


@dataclass
class Asking:
    """What one request is told, and what it would be told if nothing was remembered."""

    user: User | None
    standing: Standing

    def told(self, now: datetime) -> Viewer:
        return remembered.viewer(self.user, self.standing, now=now)

    def decided(self, now: datetime) -> Viewer:
        return decide(self.user, self.standing, now=now).viewer

    def is_remembered(self, now: datetime) -> bool:
        """Whether it is told a second time without a query, while nothing is written: one PostgreSQL is written to by other tests, too."""
        while True:
            state = remembered.state_now()
            self.told(now)
            with CaptureQueriesContext(connection) as seen:
                self.told(now)
            if state is None or state == remembered.state_now():
                return len(seen) == 0


def askings(member: User) -> list[Asking]:
    people: list[tuple[User | None, Standing]] = [
        (None, Standing()),
        (None, Standing(is_on_site=True)),
        standing_of(User.objects.get(pk=member.pk), is_on_site=False),
        (member, Standing()),  # as a partner's program
    ]
    return [Asking(*one) for one in people]


def first_query() -> None:
    """A session of PostgreSQL is asked for the state of things once it is open."""
    connection.ensure_connection()


def _rows(change: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change, params)


CHANGES: dict[str, Callable[[World, datetime], object]] = {
    "a rule is made": lambda _world, _now: AccessRule.objects.intern(policy.STAFF),
    "a rule is damaged": lambda _world, _now: _rows("UPDATE access_accessrule SET digest = 'x' WHERE id = 1"),
    "rules are removed": lambda _world, _now: _rows("DELETE FROM access_accessrule"),
    "a membership ends": lambda world, now: CommunityMembership.objects.filter(pk=world.place.pk).update(
        valid_until=now - DAY
    ),
    "a membership is removed": lambda world, _now: world.place.delete(),
    "a block": lambda world, _now: CommunityMembership.objects.filter(pk=world.place.pk).update(is_blocked=True),
    "a block in the larger community": lambda world, _now: CommunityMembership.objects.bulk_create(
        [CommunityMembership(community=world.larger, user=world.member, is_blocked=True)], ignore_conflicts=True
    ),
    "a role is removed by hand": lambda _world, _now: _rows("DELETE FROM access_protocolmembership"),
    "a protocol is opened": lambda world, _now: Protocol.objects.filter(pk=world.protocol.pk).update(is_open=True),
    "a protocol is locked by hand": lambda world, _now: _rows("UPDATE access_protocol SET is_locked = %s", True),
    "a protocol leaves its community": lambda world, _now: world.protocol.communities.clear(),
    "a community moves": lambda world, _now: Community.objects.filter(pk=world.smaller.pk).update(parent=None),
    "a grant begins": lambda world, now: Grant.objects.filter(pk=world.grant.pk).update(granted_at=now - DAY),
    "a grant is withdrawn": lambda world, now: Grant.objects.filter(pk=world.grant.pk).update(withdrawn_at=now),
    "an emergency": lambda world, now: Grant.objects.create(
        target_pid="x", user=world.member, reason="x", is_break_glass=True, granted_at=now, valid_until=now + DAY
    ),
    "an account is suspended": lambda world, _now: User.objects.filter(pk=world.member.pk).update(is_active=False),
    "somebody joins the staff": lambda world, _now: User.objects.filter(pk=world.member.pk).update(is_staff=True),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_nobody_is_told_what_was_before_a_change(kind: str, world: World, now: datetime) -> None:
    first_query()
    for one in askings(world.member):
        assert one.is_remembered(now)

    CHANGES[kind](world, now)

    for one in askings(world.member):
        assert one.told(now) == one.decided(now)
        assert one.is_remembered(now)


def test_what_another_connection_commits_counts_at_once_and_not_before(world: World, now: datetime) -> None:
    first_query()
    stranger = Asking(None, Standing())
    before = stranger.told(now)
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Protocol.objects.filter(pk=world.protocol.pk).update(is_open=True)
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(20)
    assert stranger.told(now) == before
    go_on.set()
    thread.join()

    assert stranger.told(now) == stranger.decided(now) != before


def test_within_a_transaction_nothing_is_remembered(world: World, now: datetime) -> None:
    first_query()
    stranger = Asking(None, Standing())
    before = stranger.told(now)

    with transaction.atomic():
        Protocol.objects.filter(pk=world.protocol.pk).update(is_open=True)
        within = stranger.told(now)
        assert within == stranger.decided(now) != before
        transaction.set_rollback(True)

    assert stranger.told(now) == stranger.decided(now) == before


def test_every_date_counts_at_its_moment(world: World, now: datetime) -> None:
    first_query()
    moments = [now + days * DAY + step for days in range(8) for step in (-timedelta.resolution, timedelta(0))]
    seen = set()

    for moment in [*moments, *reversed(moments)]:
        for one in askings(world.member):
            told = one.told(moment)
            assert told == one.decided(moment)
            seen.add((told.rule_ids, told.granted))
    assert len(seen) > len(askings(world.member)) + 5  # dates did change something


def test_who_asks_is_asked_for_by_key_and_standing(world: World, now: datetime) -> None:
    first_query()
    told = [one.told(now) for one in askings(world.member)]
    again = [one.told(now) for one in askings(world.member)]

    assert again == told
    assert len({(one.user_id, one.standing) for one in told}) == len(told)


@given(steps=st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(-1, 7)), max_size=8))
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_it_is_what_would_be_decided(
    steps: list[tuple[str, int]], world: World, now: datetime
) -> None:
    first_query()
    for kind, days in steps:
        if "removed" not in kind:
            CHANGES[kind](world, now)
        for one in askings(world.member):
            moment = now + days * DAY
            assert one.told(moment) == one.decided(moment)
