"""The truth table, the pure code and the database agree on who sees what in worlds drawn at random, and no restriction ever shows more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access import policy, standings
from access.belonging import Belonging, ProtocolFacts, protocols_of, roles_in
from access.models import AccessRule, Community, CommunityMembership, ProtocolMembership, User
from access.models import Grant as GrantRow
from access.models import Protocol as ProtocolRow
from access.policy import Level, Policy, Sharing, Standing
from access.roles import ABILITIES
from access.viewer import Viewer, viewer_for
from archive import visibility
from archive.models import Item as ItemRow
from archive.models import ItemFile
from media_pipeline.models import Intake
from tests.access import truth_table
from tests.access.drawn_worlds import CROWD, restrictions, worlds
from tests.access.truth_table import Person, Place, Rule, Seen, World

NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
# The profile says one hundred examples, and thousands with --long.
EXAMPLES = settings().max_examples
MANY = settings(max_examples=2 * EXAMPLES)
ONE_BY_ONE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
worlds_and_restrictions = worlds().flatmap(lambda world: st.tuples(st.just(world), restrictions(world)))


def moment(day: int | None) -> datetime | None:
    return None if day is None else NOW + timedelta(days=day)


def policy_of(rule: Rule) -> Policy:
    """Return the policy that says what a rule says, put together as the desk does."""
    found = policy.of(Level.PUBLIC, opens_at=moment(rule.opens), closes_at=moment(rule.closes))
    for one in rule.conditions:
        names = [f"protocol-{number}" for number in one.protocols]
        more = (
            policy.of_protocols(names, Sharing(one.sharing)) if one.level == "protocol" else policy.of(Level(one.level))
        )
        found = policy.meet(found, more)
    return found


# What the pure code says.


def belonging_of(person: Person) -> Belonging:
    places = {number: place for number, place in enumerate(person.places) if place is not None}
    roles = {
        f"protocol-{number}": frozenset(role for role, until in held if truth_table.lasts(until))
        for number, held in enumerate(person.roles)
    }
    return Belonging(
        communities=frozenset(
            number for number, one in places.items() if not one.is_blocked and truth_table.lasts(one.until)
        ),
        blocked=frozenset(number for number, one in places.items() if one.is_blocked),
        roles={pid: held for pid, held in roles.items() if held},
    )


def facts_of(world: World) -> list[ProtocolFacts]:
    return [
        ProtocolFacts(f"protocol-{number}", one.is_open, one.is_locked, one.communities)
        for number, one in enumerate(world.protocols)
    ]


def standing_of(world: World, person: Person) -> Standing:
    who = truth_table.asking(person)
    return Standing(
        is_registered=who.has_account,
        is_staff=who.account == "staff",
        is_on_site=who.is_on_site,
        protocols=protocols_of(belonging_of(who), facts_of(world), dict(enumerate(world.parents))),
    )


def seen_by_policies(world: World) -> Seen:
    """Return what the pure code shows, which knows of no grants."""
    items = [visibility.of_item(policy_of(one.rule), one.state, is_suspended=one.is_suspended) for one in world.items]
    files = [
        visibility.of_file(None if one.rule is None else policy_of(one.rule), items[one.item]) for one in world.files
    ]
    rules = {f"item-{number}": rule for number, rule in enumerate(items)}
    rules |= {f"file-{number}": rule for number, rule in enumerate(files)}
    return frozenset(
        (number, name)
        for number, person in enumerate(world.people)
        for name, rule in rules.items()
        if rule.permits(standing_of(world, person), now=NOW)
    )


def without_grants(world: World) -> World:
    return replace(world, people=tuple(replace(person, grants=()) for person in world.people))


@pytest.mark.pure
@MANY
@given(worlds().map(without_grants))
def test_the_policies_show_what_the_table_shows_and_roles_count_where_it_says_so(world: World) -> None:
    parents = dict(enumerate(world.parents))

    assert seen_by_policies(world) == truth_table.seen(world)
    for person in world.people:
        for number, facts in enumerate(facts_of(world)):
            assert roles_in(belonging_of(person), facts, parents) == truth_table.roles_of(world, person, number)


@pytest.mark.pure
@MANY
@given(worlds_and_restrictions)
def test_a_restriction_never_shows_more(both: tuple[World, World]) -> None:
    world, narrower = both

    assert truth_table.seen(narrower) <= truth_table.seen(world)
    assert seen_by_policies(narrower) <= seen_by_policies(world)


@pytest.mark.pure
@given(worlds())
def test_who_is_more_to_the_library_sees_no_less(world: World) -> None:
    """A visitor, the same with an account, and the same on the staff; but who is blocked may see less than a visitor."""
    person = world.people[-1]
    if person.is_blocked_somewhere:
        person = replace(person, places=tuple(None for _place in person.places))
    ladder = [replace(person, account=account) for account in ("suspended", "reader", "staff")]

    steps = [seen_by(replace(world, people=(one,))) for one in ladder]

    assert steps[0] <= steps[1] <= steps[2]


@pytest.mark.pure
@given(worlds())
def test_who_is_blocked_everywhere_counts_as_a_member_of_nothing(world: World) -> None:
    kept = tuple(replace(one, communities=one.communities or frozenset({0})) for one in world.protocols)
    blocked = replace(world.people[-1], account="reader", places=(Place(True, None),) * len(world.parents))

    assert not standing_of(replace(world, protocols=kept), blocked).protocols


def seen_by(world: World) -> Seen:
    return seen_by_policies(without_grants(world))


# What the database says.


def write(world: World) -> list[User | AnonymousUser]:
    """Write the world into rows, or change in place the rows of another of the same size; return its people."""
    places = [Community.objects.update_or_create(pid=f"place-{n}")[0] for n in range(len(world.parents))]
    for place, parent in zip(places, world.parents, strict=True):
        Community.objects.filter(pk=place.pk).update(parent=None if parent is None else places[parent])
    protocols = []
    for number, one in enumerate(world.protocols):
        modes = {"is_open": one.is_open, "is_locked": one.is_locked}
        row, _made = ProtocolRow.objects.update_or_create(pid=f"protocol-{number}", defaults=modes)
        row.communities.set([places[here] for here in one.communities])
        protocols.append(row)
    CommunityMembership.objects.all().delete()
    ProtocolMembership.objects.all().delete()
    GrantRow.objects.all().delete()
    people = [write_person(number, person, places, protocols) for number, person in enumerate(world.people)]
    write_items(world)
    return people


def write_person(
    number: int, person: Person, places: list[Community], protocols: list[ProtocolRow]
) -> User | AnonymousUser:
    if person.account == "visitor":
        return AnonymousUser()
    is_what = {"is_active": person.account != "suspended", "is_staff": person.account == "staff"}
    user, _made = User.objects.update_or_create(username=f"person-{number}", defaults=is_what)
    CommunityMembership.objects.bulk_create(
        CommunityMembership(user=user, community=place, is_blocked=held.is_blocked, valid_until=moment(held.until))
        for place, held in zip(places, person.places, strict=True)
        if held is not None
    )
    ProtocolMembership.objects.bulk_create(
        ProtocolMembership(user=user, protocol=protocol, role=role, valid_until=moment(until))
        for protocol, held in zip(protocols, person.roles, strict=True)
        for role, until in held
    )
    GrantRow.objects.bulk_create(
        GrantRow(
            user=user,
            target_pid=one.target,
            granted_at=NOW + timedelta(days=one.begins),
            valid_until=moment(one.until),
            withdrawn_at=NOW if one.is_withdrawn else None,
        )
        for one in person.grants
    )
    return user


def write_items(world: World) -> None:
    nobody = AccessRule.objects.nobody()
    intake, _made = Intake.objects.get_or_create(pid="intake", size_bytes=1, created_at=NOW, touched_at=NOW)
    items = []
    for number, one in enumerate(world.items):
        facts: dict[str, object] = {
            "state": one.state,
            "suspended_at": NOW if one.is_suspended else None,
            "chosen_rule": AccessRule.objects.intern(policy_of(one.rule)),
        }
        new = {"effective_rule": nobody, "created_at": NOW, "modified_at": NOW, "published_at": NOW, **facts}
        items.append(ItemRow.objects.update_or_create(pid=f"item-{number}", defaults=facts, create_defaults=new)[0])
    for number, file in enumerate(world.files):
        chosen: dict[str, object] = {
            "chosen_rule": None if file.rule is None else AccessRule.objects.intern(policy_of(file.rule))
        }
        new = {"item": items[file.item], "effective_rule": nobody, "intake": intake, "created_at": NOW, **chosen}
        ItemFile.objects.update_or_create(pid=f"file-{number}", defaults=chosen, create_defaults=new)
    for item in items:
        visibility.apply(item)


def viewers(world: World, people: list[User | AnonymousUser]) -> list[Viewer]:
    return [
        viewer_for(user, now=NOW, is_on_site=person.is_on_site)
        for user, person in zip(people, world.people, strict=True)
    ]


def seen_in_sql(world: World) -> Seen:
    """Write the world and return what `visible_to` shows its people."""
    found: set[tuple[int, str]] = set()
    for number, viewer in enumerate(viewers(world, write(world))):
        found |= {(number, pid) for pid in ItemRow.objects.visible_to(viewer).values_list("pid", flat=True)}
        found |= {(number, pid) for pid in ItemFile.objects.visible_to(viewer).values_list("pid", flat=True)}
    return frozenset(found)


@pytest.mark.django_db
def test_the_database_shows_each_of_a_crowd_what_the_table_shows() -> None:
    """Every account and block before every state, rule and grant."""
    assert seen_in_sql(CROWD) == truth_table.seen(CROWD)


@pytest.mark.django_db
@ONE_BY_ONE
@given(worlds_and_restrictions)
def test_the_database_shows_what_the_table_shows_and_nothing_more_after_a_restriction(
    both: tuple[World, World],
) -> None:
    """The restriction is made in the rows as they stand, so that nothing remembered of before may show."""
    with transaction.atomic():
        shown = [seen_in_sql(world) for world in both]
        transaction.set_rollback(True)

    assert shown == [truth_table.seen(world) for world in both]
    assert shown[1] <= shown[0]


@pytest.mark.django_db
@settings(ONE_BY_ONE, max_examples=EXAMPLES // 2)
@given(worlds())
def test_the_database_gives_abilities_to_those_whose_roles_count(world: World) -> None:
    with transaction.atomic():
        people = write(world)
        held = {n: standings.abilities(user, now=NOW) for n, user in enumerate(people) if isinstance(user, User)}
        transaction.set_rollback(True)

    for number, abilities in held.items():
        who = truth_table.asking(world.people[number])
        allowed = {
            f"protocol-{protocol}": frozenset(
                ability for role in truth_table.roles_of(world, who, protocol) for ability in ABILITIES[role]
            )
            for protocol in range(len(world.protocols))
        }
        assert abilities == {pid: some for pid, some in allowed.items() if some}
