"""Small worlds drawn at random, and restrictions of them, to ask the truth table and the code about."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from hypothesis import strategies as st

from tests.access.truth_table import UNKNOWN, Condition, File, Grant, Item, Person, Place, Protocol, Rule, World

LEVELS = ("public", "registered", "onsite", "staff", "nobody")
STATES = ("draft", "in_review", "published", "withdrawn")
ROLES = ("member", "affiliate", "contributor", "steward")

# Most things stand and last, so that each drawn world shows something that one more restriction may hide.
_ends = st.sampled_from([None, None, None, 1, 0, -1])
_days = st.sampled_from([None, None, None, None, None, -1, 0, 1])
_rarely = st.sampled_from([False, False, False, True])
_places = st.sampled_from(
    [
        *[Place(False, None)] * 5,
        Place(False, 1),
        Place(False, 0),
        Place(False, -1),
        None,
        Place(True, None),
        Place(True, -1),
    ]
)
_role_lists = st.one_of(
    st.sampled_from([(("member", None),), (("steward", None),)]),
    st.lists(st.tuples(st.sampled_from(ROLES), _ends), max_size=2, unique_by=lambda one: one[0]).map(tuple),
)


def _conditions(protocols: int) -> st.SearchStrategy[Condition]:
    numbers = st.frozensets(st.sampled_from([*range(protocols)] * 4 + [UNKNOWN]), max_size=3)
    of_protocols = st.builds(Condition, st.just("protocol"), st.sampled_from(["any", "all"]), numbers)
    return st.one_of(of_protocols, of_protocols, st.builds(Condition, st.sampled_from(LEVELS)))


def rules(protocols: int) -> st.SearchStrategy[Rule]:
    one = _conditions(protocols).map(lambda only: (only,))
    conditions = st.one_of(one, one, st.tuples(_conditions(protocols), _conditions(protocols)))
    return st.builds(Rule, conditions, _days, _days)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a visitor and up to two accounts before up to three items and files, protocols and communities; rings of these, too."""
    communities = draw(st.integers(1, 3))
    others = [[other for other in range(communities) if other != number] for number in range(communities)]
    parents = tuple(draw(st.sampled_from([None, None, *wider])) for wider in others)
    one = st.integers(0, communities - 1)
    where = st.one_of(one.map(lambda here: frozenset({here})), st.frozensets(one, max_size=2))
    protocols = draw(st.lists(st.builds(Protocol, where, st.booleans(), _rarely), min_size=1, max_size=3))
    states = st.sampled_from([*["published"] * 5, *STATES])
    items = draw(st.lists(st.builds(Item, rules(len(protocols)), states, _rarely), min_size=1, max_size=3))
    of_items = st.integers(0, len(items) - 1)
    files = draw(st.lists(st.builds(File, of_items, st.none() | rules(len(protocols))), max_size=3))
    targets = [f"item-{number}" for number in range(len(items))] + [f"file-{number}" for number in range(len(files))]
    grants = st.builds(Grant, st.sampled_from(targets), st.sampled_from([-1, -1, 0, 1]), _ends, _rarely)
    accounts = st.builds(
        Person,
        st.sampled_from(["reader", "reader", "staff", "suspended"]),
        st.booleans(),
        st.tuples(*[_places] * communities),
        st.tuples(*[_role_lists] * len(protocols)),
        st.lists(grants, max_size=3).map(tuple),
    )
    people = [draw(st.builds(Person, is_on_site=st.booleans())), *draw(st.lists(accounts, min_size=1, max_size=2))]
    return World(parents, tuple(protocols), tuple(people), tuple(items), tuple(files))


def _crowd() -> World:
    """Return a world in which everything stands beside everything once: what few drawn worlds would hold."""
    closed, mine = Rule((Condition("nobody"),)), Rule((Condition("protocol", "all", frozenset({0})),))
    items = [Item(rule, state, hidden) for rule in (closed, mine) for state in STATES for hidden in (False, True)]
    files = [File(number, rule) for number in range(len(items)) for rule in (None, closed)]
    things = [f"item-{number}" for number in range(len(items))] + [f"file-{number}" for number in range(len(files))]
    granted = tuple(Grant(name, -1, None, False) for name in things)
    inside, outside, blocked, once_blocked = Place(False, None), None, Place(True, None), Place(True, -1)
    roles = ((("member", None),), (("steward", None),), (("member", None),))
    people = [Person(), Person(is_on_site=True)]
    for account in ("reader", "staff", "suspended"):
        people += [
            Person(account, False, (inside, outside, outside), roles),
            Person(account, False, (inside, outside, once_blocked), roles),
            Person(account, False, (inside, blocked, outside), roles),
            Person(account, False, (once_blocked, outside, outside), roles),
            Person(account, False, (outside, outside, outside), ((), (), ()), granted),
            Person(account, False, (blocked, outside, outside), roles, granted[::2]),
        ]
    protocols = tuple(
        Protocol(frozenset({0}), is_open, is_locked)
        for is_open, is_locked in ((False, False), (False, True), (True, False))
    )
    levels = [Rule((Condition(level),)) for level in LEVELS]
    of_protocols = [
        Rule((Condition("protocol", sharing, names),))
        for sharing in ("any", "all")
        for names in (frozenset({1}), frozenset({2}), frozenset({0, 1}), frozenset({0, 1, 2}), frozenset({0, UNKNOWN}))
    ]
    dated = [
        Rule((Condition("public"),), opens, closes) for opens, closes in ((0, None), (1, None), (None, 0), (None, 1))
    ]
    items += [Item(rule, "published", False) for rule in (*levels, *of_protocols, *dated)]
    return World((2, None, None), protocols, tuple(people), tuple(items), tuple(files))


CROWD = _crowd()


# Restrictions.

T = TypeVar("T")


def _with(values: tuple[T, ...], number: int, value: T) -> tuple[T, ...]:
    return (*values[:number], value, *values[number + 1 :])


def _sooner(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def narrower_rules(rule: Rule, protocols: int) -> st.SearchStrategy[Rule]:
    """Draw the rule with one thing more to satisfy, or one way fewer."""
    day = st.sampled_from([-1, 0, 1])
    ways = [
        _conditions(protocols).map(lambda more: replace(rule, conditions=(*rule.conditions, more))),
        day.map(lambda opens: replace(rule, opens=opens if rule.opens is None else max(opens, rule.opens))),
        day.map(lambda closes: replace(rule, closes=_sooner(rule.closes, closes))),
    ]
    for number, one in enumerate(rule.conditions):
        if one.level == "protocol" and one.protocols:
            ways.append(_narrower_condition(rule, number, protocols))
    return st.one_of(ways)


def _narrower_condition(rule: Rule, number: int, protocols: int) -> st.SearchStrategy[Rule]:
    """Draw the rule with one more protocol to be in under `all`, one fewer under `any`, or with `all` for `any`."""
    old = rule.conditions[number]
    if old.sharing == "all":
        changed = [old.protocols | {name} for name in (*range(protocols), UNKNOWN)]
    else:
        changed = [old.protocols - {name} for name in sorted(old.protocols)]
    tighter = [replace(old, protocols=names) for names in changed] + [replace(old, sharing="all")]
    return st.sampled_from([replace(rule, conditions=_with(rule.conditions, number, new)) for new in tighter])


@st.composite
def restrictions(draw: st.DrawFn, world: World) -> World:
    """Draw the same world with one restriction more, or with one membership, role or grant less."""
    way = draw(
        st.sampled_from([_close_an_item, _close_a_file, _close_a_protocol, _send_away, _send_away, _take_a_grant])
    )
    return way(draw, world)


def _close_an_item(draw: st.DrawFn, world: World) -> World:
    number = draw(st.integers(0, len(world.items) - 1))
    item = world.items[number]
    closed = draw(
        st.one_of(
            narrower_rules(item.rule, len(world.protocols)).map(lambda rule: replace(item, rule=rule)),
            st.sampled_from(["draft", "in_review", "withdrawn"]).map(lambda state: replace(item, state=state)),
            st.just(replace(item, is_suspended=True)),
        )
    )
    return replace(world, items=_with(world.items, number, closed))


def _close_a_file(draw: st.DrawFn, world: World) -> World:
    if not world.files:
        return _close_an_item(draw, world)
    number = draw(st.integers(0, len(world.files) - 1))
    old = world.files[number].rule
    new = draw(rules(len(world.protocols)) if old is None else narrower_rules(old, len(world.protocols)))
    return replace(world, files=_with(world.files, number, replace(world.files[number], rule=new)))


def _close_a_protocol(draw: st.DrawFn, world: World) -> World:
    """Lock it, make it strict, or let a block in a larger community reach it."""
    number = draw(st.integers(0, len(world.protocols) - 1))
    protocol = world.protocols[number]
    way = draw(st.sampled_from(["lock", "strict", "parent"]))
    if way == "parent":
        place = draw(st.integers(0, len(world.parents) - 1))
        others = [other for other in range(len(world.parents)) if other != place]
        if world.parents[place] is not None or not others:
            return world
        return replace(world, parents=_with(world.parents, place, draw(st.sampled_from(others))))
    closed = replace(protocol, is_locked=True) if way == "lock" else replace(protocol, is_open=False)
    return replace(world, protocols=_with(world.protocols, number, closed))


def _send_away(draw: st.DrawFn, world: World) -> World:
    """Block or end somebody's membership in a community, take or end a role, or let them be less to the library."""
    number = draw(st.integers(1, len(world.people) - 1))
    person = world.people[number]
    here = draw(st.integers(0, len(world.parents) - 1))
    place = person.places[here]
    fewer: list[Person] = [
        replace(person, places=_with(person.places, here, Place(True, None))),
        replace(person, is_on_site=False),
    ]
    if place is not None and not place.is_blocked:
        ended = replace(place, until=_sooner(place.until, draw(st.sampled_from([-1, 0, 1]))))
        fewer += [replace(person, places=_with(person.places, here, new)) for new in (None, ended)]
    for protocol, held in enumerate(person.roles):
        for one, (role, until) in enumerate(held):
            ended_role = _with(held, one, (role, _sooner(until, 0)))
            fewer += [
                replace(person, roles=_with(person.roles, protocol, new))
                for new in (held[:one] + held[one + 1 :], ended_role)
            ]
    if person.account == "staff":
        fewer.append(replace(person, account="reader"))
    if not person.is_blocked_somewhere:
        # Who is blocked sees less than who has not signed in, of what is open to everybody.
        fewer.append(replace(person, account="suspended"))
    return replace(world, people=_with(world.people, number, draw(st.sampled_from(fewer))))


def _take_a_grant(draw: st.DrawFn, world: World) -> World:
    holders = [number for number, person in enumerate(world.people) if person.grants]
    if not holders:
        return _send_away(draw, world)
    number = draw(st.sampled_from(holders))
    person = world.people[number]
    one = draw(st.integers(0, len(person.grants) - 1))
    grant = person.grants[one]
    new = draw(
        st.sampled_from(
            [
                None,
                replace(grant, is_withdrawn=True),
                replace(grant, until=_sooner(grant.until, 0)),
                replace(grant, begins=1),
            ]
        )
    )
    left = person.grants[:one] + (() if new is None else (new,)) + person.grants[one + 1 :]
    return replace(world, people=_with(world.people, number, replace(person, grants=left)))
