"""Policies as plain values: how they meet, what they permit, and what becomes of damaged ones."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import policy
from access.policy import Clause, Level, Policy, Sharing, Standing, digest, from_json, meet, of, of_protocols, to_json

pytestmark = pytest.mark.pure
NOW = datetime(2026, 7, 1, tzinfo=UTC)
NAMES = ("a", "b", "c")
STANDINGS = [
    Standing(is_registered=registered, is_staff=staff, is_on_site=on_site, protocols=frozenset(names))
    for registered, staff, on_site in itertools.product((False, True), repeat=3)
    for size in range(len(NAMES) + 1)
    for names in itertools.combinations(NAMES, size)
]
MOMENTS = [NOW + timedelta(days=days) for days in range(-3, 4)]

_moments = st.none() | st.sampled_from(MOMENTS)
_simple = st.builds(of, st.sampled_from(list(Level)), opens_at=_moments, closes_at=_moments)
_protocols = st.builds(of_protocols, st.lists(st.sampled_from(NAMES), max_size=3), st.sampled_from(list(Sharing)))
policies = st.recursive(_simple | _protocols, lambda inner: st.builds(meet, inner, inner), max_leaves=5)


def permitted(rule: Policy) -> set[tuple[int, datetime]]:
    """Return everybody and every moment that a policy lets in, by asking it about all of them."""
    return {
        (number, now) for number, standing in enumerate(STANDINGS) for now in MOMENTS if rule.permits(standing, now=now)
    }


@given(policies, policies)
def test_two_policies_let_in_exactly_those_whom_both_let_in(one: Policy, other: Policy) -> None:
    assert permitted(meet(one, other)) == permitted(one) & permitted(other)


@given(policies, policies, policies)
def test_the_order_in_which_policies_meet_does_not_matter(one: Policy, other: Policy, third: Policy) -> None:
    assert meet(one, other) == meet(other, one)
    assert meet(meet(one, other), third) == meet(one, meet(other, third))


@given(policies)
def test_a_policy_that_meets_itself_or_everybody_is_unchanged(one: Policy) -> None:
    assert meet(one, one) == one
    assert meet(one, policy.PUBLIC) == one
    assert meet(one, policy.NOBODY) == policy.NOBODY


@given(policies, policies)
def test_equal_policies_have_equal_digests_and_others_do_not(one: Policy, other: Policy) -> None:
    assert (digest(one) == digest(other)) == (one == other)


@given(policies)
def test_a_stored_policy_comes_back_as_it_was(one: Policy) -> None:
    assert from_json(to_json(one)) == one


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["public", "staff", "nobody", "all", "any"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["clauses", "level", "protocols", "sharing", "opens_at", "closes_at", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(_json)
def test_anything_at_all_is_read_as_a_policy_or_as_nobody(data: object) -> None:
    assert isinstance(from_json(data), Policy)


@given(policies, st.data())
def test_a_policy_with_a_damaged_part_never_lets_in_more(one: Policy, data: st.DataObject) -> None:
    """A missing or unreadable part, or an unknown level or sharing, closes the whole."""
    body = to_json(one)
    part = data.draw(st.sampled_from(sorted(body)))
    if data.draw(st.booleans()):
        del body[part]
    else:
        body[part] = data.draw(
            st.text(max_size=8) | st.integers() | st.just([{"level": "friends", "sharing": "all", "protocols": []}])
        )

    assert permitted(from_json(body)) <= permitted(one)


def test_a_clause_over_the_letters_of_a_text_is_no_list_of_protocols() -> None:
    """`protocols` given as one text would otherwise be read letter by letter."""
    body = {
        "clauses": [{"level": "protocol", "sharing": "any", "protocols": "abc"}],
        "opens_at": None,
        "closes_at": None,
    }

    assert from_json(body) == policy.NOBODY


def test_an_unknown_clause_lets_nobody_in() -> None:
    strange = Policy(frozenset({Clause("friends")}))  # type: ignore[arg-type]  # what a damaged row might hold

    assert permitted(strange) == set()
    assert permitted(Policy(frozenset())) == set()
