"""What roles allow, and what is asked of somebody before they may change what lies under protocols."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.belonging import Belonging, ProtocolFacts, protocols_of, roles_in
from access.policy import Sharing
from access.roles import ABILITIES, Ability, ProtocolRole, abilities_of, may

pytestmark = pytest.mark.pure
NAMES = ("a", "b", "c")
SHARINGS = st.sampled_from(list(Sharing))
_abilities = st.frozensets(st.sampled_from([Ability.APPLY, Ability.EDIT_ANY, Ability.DECIDE]))
_held = st.dictionaries(st.sampled_from(NAMES), _abilities)
_names = st.frozensets(st.sampled_from(NAMES))
_asked = st.sampled_from([Ability.APPLY, Ability.EDIT_ANY, Ability.DECIDE])

HOME, OTHER, LARGER = 1, 2, 3
IN_HOME = Belonging(communities=frozenset({HOME}), roles={"p": frozenset({"member"})})


@given(_asked, _names, SHARINGS, _held)
def test_all_asks_for_the_ability_in_every_protocol_and_any_in_one(
    ability: Ability, protocols: frozenset[str], sharing: Sharing, held: dict[str, frozenset[Ability]]
) -> None:
    able_in = {name for name in protocols if ability in held.get(name, ())}

    allowed = may(ability, protocols=protocols, sharing=sharing, held=held)

    assert allowed == (bool(able_in) and (sharing is Sharing.ANY or able_in == protocols))


@given(_asked, _names, _held, st.sampled_from(NAMES))
def test_one_protocol_more_asks_no_less_under_all_and_one_ability_more_never_takes_away(
    ability: Ability, protocols: frozenset[str], held: dict[str, frozenset[Ability]], name: str
) -> None:
    raised = held | {name: held.get(name, frozenset()) | {ability}}

    for sharing in Sharing:
        before = may(ability, protocols=protocols, sharing=sharing, held=held)
        assert before <= may(ability, protocols=protocols, sharing=sharing, held=raised)
    if protocols:
        before = may(ability, protocols=protocols, sharing=Sharing.ALL, held=held)
        assert may(ability, protocols=protocols | {name}, sharing=Sharing.ALL, held=held) <= before
    assert may(ability, protocols=protocols, sharing=Sharing.ALL, held=held) <= may(
        ability, protocols=protocols, sharing=Sharing.ANY, held=held
    )


@given(st.sets(st.sampled_from(["member", "curator", "steward", "contributor", "chief", ""])))
def test_roles_add_up_and_an_unknown_one_allows_nothing(roles: set[str]) -> None:
    assert abilities_of(roles) == {ability for role in roles for ability in ABILITIES.get(role, ())}
    assert not abilities_of({"chief", "manager", "affiliate", ""})


def test_each_role_allows_what_the_table_says_and_only_the_steward_decides() -> None:
    words = {"apply", "edit_own_word"}

    assert {role: set(ABILITIES[role]) for role in ProtocolRole} == {
        "member": set(),
        "affiliate": set(),
        "contributor": {"apply", "create_item", "edit_own"},
        "curator": {"apply", "curate"},
        "language_contributor": words,
        "language_steward": words | {"edit_any_word"},
        "steward": set(Ability),
    }


def test_being_a_member_of_an_open_protocol_as_everybody_is_gives_no_role_in_it() -> None:
    open_to_all = ProtocolFacts("p", is_open=True, communities=frozenset({HOME}))

    assert protocols_of(Belonging(), [open_to_all], {}) == {"p"}
    assert roles_in(Belonging(), open_to_all, {}) == frozenset()


@pytest.mark.parametrize(
    ("case", "person", "mode", "is_in"),
    [
        ("a stranger before an open one", Belonging(), {"is_open": True}, True),
        ("a stranger before a strict one", Belonging(), {}, False),
        ("a member", IN_HOME, {}, True),
        ("of the community, not of the protocol", Belonging(frozenset({HOME})), {}, False),
        ("of the protocol, not of the community", Belonging(roles=IN_HOME.roles), {}, False),
        ("of the larger community only", Belonging(frozenset({LARGER}), roles=IN_HOME.roles), {}, False),
        ("of another of its communities", Belonging(frozenset({OTHER}), roles=IN_HOME.roles), {}, True),
        (
            "with a role in another protocol",
            Belonging(frozenset({HOME}), roles={"q": frozenset({"steward"})}),
            {},
            False,
        ),
        ("a member before a locked one", IN_HOME, {"is_locked": True}, False),
        ("a member before a locked open one", IN_HOME, {"is_locked": True, "is_open": True}, False),
        (
            "the steward before a locked one",
            Belonging(frozenset({HOME}), roles={"p": frozenset({"steward"})}),
            {"is_locked": True},
            True,
        ),
        ("blocked", Belonging(frozenset({HOME}), frozenset({HOME}), IN_HOME.roles), {}, False),
        ("blocked before an open one", Belonging(blocked=frozenset({HOME})), {"is_open": True}, False),
        ("blocked in the larger", Belonging(frozenset({HOME}), frozenset({LARGER}), IN_HOME.roles), {}, False),
        (
            "blocked in another of its communities",
            Belonging(frozenset({HOME}), frozenset({OTHER}), IN_HOME.roles),
            {},
            False,
        ),
        ("blocked elsewhere", Belonging(frozenset({HOME}), frozenset({9}), IN_HOME.roles), {}, True),
        (
            "a blocked steward before a locked one",
            Belonging(frozenset({HOME}), frozenset({LARGER}), {"p": frozenset({"steward"})}),
            {"is_locked": True},
            False,
        ),
    ],
)
def test_who_counts_as_a_member(case: str, person: Belonging, mode: dict[str, bool], is_in: bool) -> None:
    protocol = ProtocolFacts("p", communities=frozenset({HOME, OTHER}), **mode)

    assert (protocols_of(person, [protocol], {HOME: LARGER, OTHER: None, LARGER: None}) == {"p"}) == is_in


def test_a_ring_of_communities_ends_and_blocks_all_of_it() -> None:
    protocol = ProtocolFacts("p", is_open=True, communities=frozenset({1}))

    assert protocols_of(Belonging(blocked=frozenset({3})), [protocol], {1: 2, 2: 3, 3: 1}) == frozenset()
    assert protocols_of(Belonging(blocked=frozenset({4})), [protocol], {1: 2, 2: 3, 3: 1}) == {"p"}
