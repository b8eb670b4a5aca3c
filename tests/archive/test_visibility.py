"""Effective rules: state and item close what people chose, and nothing ever opens it wider."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from access import policy
from access.models import AccessRule
from access.policy import Level, Policy, Sharing, Standing
from access.viewer import Viewer, make_viewer, visitor
from archive import queries, visibility
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.move_item import move_item, publish_item
from archive.models import Item, ItemFile, ItemState
from tests import makers

MOMENTS = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)]
levels = st.sampled_from([Level.PUBLIC, Level.REGISTERED, Level.ONSITE, Level.STAFF, Level.NOBODY])
dated = st.builds(
    policy.of, levels, opens_at=st.sampled_from([None, *MOMENTS]), closes_at=st.sampled_from([None, *MOMENTS])
)
communities = st.builds(
    policy.of_protocols, st.lists(st.sampled_from("abc"), max_size=3), st.sampled_from([Sharing.ANY, Sharing.ALL])
)
policies = st.one_of(dated, communities, st.builds(policy.meet, dated, communities))
standings = st.builds(
    Standing,
    is_registered=st.booleans(),
    is_staff=st.booleans(),
    is_on_site=st.booleans(),
    protocols=st.frozensets(st.sampled_from("abc")),
)
moments = st.sampled_from([*MOMENTS, datetime(2026, 7, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)])


@pytest.mark.pure
@given(policies, st.sampled_from(ItemState.values), standings, moments)
def test_an_item_is_never_open_to_more_than_was_chosen(
    chosen: Policy, state: str, who: Standing, now: datetime
) -> None:
    effective = visibility.of_item(chosen, state)

    assert effective.permits(who, now=now) == (
        chosen.permits(who, now=now) and (state == ItemState.PUBLISHED or who.is_staff)
    )


@pytest.mark.pure
@given(policies, policies, standings, moments)
def test_a_file_is_open_to_those_alone_whom_both_rules_let_in(
    chosen: Policy, item_effective: Policy, who: Standing, now: datetime
) -> None:
    effective = visibility.of_file(chosen, item_effective)

    assert effective.permits(who, now=now) == (chosen.permits(who, now=now) and item_effective.permits(who, now=now))


@pytest.mark.pure
@given(policies)
def test_a_file_without_a_rule_of_its_own_is_as_open_as_its_item(item_effective: Policy) -> None:
    assert visibility.of_file(None, item_effective) == item_effective


@pytest.mark.pure
def test_an_unpublished_closed_recording_is_no_more_open_to_staff_than_a_published_one() -> None:
    sacred = policy.of_protocols(["nhom-giu-chieng"])

    assert not visibility.of_item(sacred, ItemState.DRAFT).permits(Standing(is_staff=True), now=MOMENTS[0])


def people(now: datetime) -> dict[str, Viewer]:
    return {
        "nobody signed in": visitor(now=now),
        "reader": make_viewer(Standing(is_registered=True), now=now),
        "member": make_viewer(Standing(is_registered=True, protocols=frozenset({"chieng"})), now=now),
        "staff": make_viewer(Standing(is_registered=True, is_staff=True), now=now),
    }


def who_sees(item: Item, now: datetime) -> set[str]:
    """Return who finds the item, asked by each way that doors have; all ways must agree."""
    seen = set()
    for name, viewer in people(now).items():
        listed = item in queries.items(viewer)
        try:
            found = queries.item(viewer, item.pid) == item
        except queries.NotVisible:
            found = False
        assert listed == found
        if found:
            seen.add(name)
    return seen


def who_sees_file(file: ItemFile, now: datetime) -> set[str]:
    return {
        name for name, viewer in people(now).items() if ItemFile.objects.visible_to(viewer).filter(pk=file.pk).exists()
    }


EVERYBODY = {"nobody signed in", "reader", "member", "staff"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("access", "draft", "published"),
    [
        (policy.PUBLIC, {"staff"}, EVERYBODY),
        (policy.REGISTERED, {"staff"}, {"reader", "member", "staff"}),
        (policy.STAFF, {"staff"}, {"staff"}),
        (policy.of_protocols(["chieng"]), set(), {"member"}),
        (policy.NOBODY, set(), set()),
    ],
)
def test_who_sees_an_item_after_each_move(access: Policy, draft: set[str], published: set[str], now: datetime) -> None:
    item = makers.item(now=now, access=access, publish=False)
    seen = {"draft": who_sees(item, now)}

    for state in (ItemState.IN_REVIEW, ItemState.PUBLISHED, ItemState.WITHDRAWN, ItemState.DRAFT, ItemState.PUBLISHED):
        move_item(item, state, actor=None, now=now)
        seen[f"{len(seen)} {state}"] = who_sees(item, now)

    assert seen == {
        "draft": draft,
        "1 in_review": draft,
        "2 published": published,
        "3 withdrawn": draft,
        "4 draft": draft,
        "5 published": published,
    }


@pytest.mark.django_db
def test_closing_an_item_closes_its_files_in_the_same_step(tmp_path: Path, now: datetime) -> None:
    item = makers.item(now=now)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)
    assert who_sees_file(file, now) == EVERYBODY

    choose_item_access(item, policy.STAFF, actor=None, now=now)

    assert who_sees_file(file, now) == {"staff"}
    file.refresh_from_db()
    assert file.effective_rule.policy == policy.STAFF


@pytest.mark.django_db
def test_a_file_may_be_closed_more_tightly_but_never_opened_wider_than_its_item(tmp_path: Path, now: datetime) -> None:
    item = makers.item(now=now, access=policy.REGISTERED)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)

    choose_file_access(file, policy.PUBLIC, actor=None, now=now)
    widest = who_sees_file(file, now)
    choose_file_access(file, policy.of_protocols(["chieng"]), actor=None, now=now)
    tight = who_sees_file(file, now)
    choose_file_access(file, None, actor=None, now=now)

    assert widest == {"reader", "member", "staff"}
    assert tight == {"member"}
    assert who_sees_file(file, now) == {"reader", "member", "staff"}
    assert who_sees(item, now) == {"reader", "member", "staff"}


@pytest.mark.django_db
def test_a_file_rule_that_was_left_too_wide_by_a_fault_opens_nothing(tmp_path: Path, now: datetime) -> None:
    item = makers.item(now=now, access=policy.STAFF)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)

    ItemFile.objects.filter(pk=file.pk).update(effective_rule=AccessRule.objects.public())

    assert who_sees_file(file, now) == {"staff"}


@pytest.mark.django_db
def test_only_what_was_once_public_leaves_a_tombstone(now: datetime) -> None:
    once_public = makers.item(now=now)
    never = makers.item(now=now, access=policy.STAFF)
    for item in (once_public, never):
        move_item(item, ItemState.WITHDRAWN, actor=None, now=now)

    found = queries.tombstone(once_public.pid)

    assert found is not None
    assert found.pid == once_public.pid
    assert queries.tombstone(never.pid) is None
    publish_item(once_public, actor=None, now=now)
    assert queries.tombstone(once_public.pid) is None


@pytest.mark.django_db
def test_the_fortieth_file_costs_no_more_queries_than_the_fourth(tmp_path: Path, now: datetime) -> None:
    """Two of every four files have no rule of their own, the others one of two."""
    item = makers.item(now=now, access=policy.of(Level.REGISTERED))
    chosen = [None, policy.STAFF, None, policy.PUBLIC]
    costs = []

    for number in range(40):
        intake = makers.received(makers.sound(tmp_path / f"{number}.wav", seconds=0.01), now=now)
        with CaptureQueriesContext(connection) as context:
            attach_file(item, intake, actor=None, now=now, access=chosen[number % 4])
        costs.append(len(context))

    assert costs[39] == costs[11] <= 30
    files = ItemFile.objects.filter(item=item).select_related("effective_rule").order_by("position")
    wanted = [visibility.of_file(one, policy.of(Level.REGISTERED)) for one in chosen]
    assert [file.effective_rule.policy for file in files] == wanted * 10
