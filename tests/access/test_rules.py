"""Rules in the database, and viewers made of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from access import policy
from access.models import AccessRule, User
from access.models.rule import RuleIsImmutable, describe
from access.policy import Policy, Standing
from access.viewer import make_viewer, viewer_for
from archive.models import Item
from tests.access.test_policy import MOMENTS, NAMES, NOW, policies
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db

_standings = st.builds(
    Standing,
    is_registered=st.booleans(),
    is_staff=st.booleans(),
    is_on_site=st.booleans(),
    protocols=st.frozensets(st.sampled_from(NAMES)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(policies, min_size=1, max_size=4), standing=_standings, now=st.sampled_from(MOMENTS))
def test_visible_to_is_what_the_policy_permits(rules: list[Policy], standing: Standing, now: object) -> None:
    items = {make_item(f"Mục {number}", access=rule).pk: rule for number, rule in enumerate(rules)}
    viewer = make_viewer(standing, now=NOW)

    seen = set(Item.objects.visible_to(viewer).filter(pk__in=items).values_list("pk", flat=True))

    assert seen == {pk for pk, rule in items.items() if rule.permits(standing, now=NOW)}


def test_equal_policies_share_a_row_that_never_changes() -> None:
    one = AccessRule.objects.intern(policy.of_protocols(["b", "a"]))

    assert AccessRule.objects.intern(policy.of_protocols(["a", "b", "a"])).pk == one.pk
    with pytest.raises(RuleIsImmutable):
        one.save()


@pytest.mark.parametrize("body", [{}, [], "public", {"clauses": []}, policy.to_json(policy.PUBLIC)])
def test_a_rule_whose_body_was_changed_is_nobodys(body: object) -> None:
    rule = AccessRule.objects.intern(policy.STAFF)
    AccessRule.objects.filter(pk=rule.pk).update(body=body)

    assert AccessRule.objects.get(pk=rule.pk).policy == policy.NOBODY


@pytest.mark.parametrize("changed", [{"body": policy.to_json(policy.PUBLIC)}, {"body": []}, {"digest": "0" * 64}])
def test_what_is_remembered_of_a_rule_does_not_outlive_a_change_of_its_row(changed: dict[str, object]) -> None:
    rule = AccessRule.objects.intern(policy.STAFF)
    assert AccessRule.objects.policies()[rule.pk] == policy.STAFF

    AccessRule.objects.filter(pk=rule.pk).update(**changed)

    assert AccessRule.objects.policies()[rule.pk] == policy.NOBODY


def test_a_viewer_costs_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    AccessRule.objects.intern(policy.of_protocols(["a", "b"]))
    reader = User.objects.create_user("reader")

    with django_assert_num_queries(2):
        viewer_for(AnonymousUser(), now=NOW)
    with django_assert_num_queries(5):
        viewer_for(reader, now=NOW)


def test_a_suspended_account_is_a_visitor_and_staff_are_no_members_of_a_protocol() -> None:
    now = timezone.now()
    closed = AccessRule.objects.intern(policy.of_protocols(["a"]))
    suspended = User.objects.create_user("suspended", is_active=False, is_staff=True, is_superuser=True)
    chief = User.objects.create_superuser("chief")

    assert viewer_for(suspended, now=now).rule_ids == viewer_for(AnonymousUser(), now=now).rule_ids
    assert viewer_for(suspended, now=now).user_id is None
    assert closed.pk not in viewer_for(chief, now=now).rule_ids


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "told"),
    [
        # Midnight at the library is five in the afternoon of the day before in UTC.
        (datetime(2031, 4, 30, 17, tzinfo=UTC), None, "Everybody + from 1 May 2031"),
        (None, datetime(2031, 4, 30, 17, tzinfo=UTC), "Everybody + until 30 April 2031"),
        (None, datetime(2031, 5, 1, 5, tzinfo=UTC), "Everybody + until 1 May 2031"),
    ],
)
def test_the_days_of_a_rule_are_those_of_the_librarys_calendar(
    opens_at: datetime | None, closes_at: datetime | None, told: str
) -> None:
    with translation.override("en"):
        assert describe(policy.of(policy.Level.PUBLIC, opens_at=opens_at, closes_at=closes_at)) == told
