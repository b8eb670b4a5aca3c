"""How the database is asked for rules: the right rows, in an order that an index has, without reading half of the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from pytest_django import DjangoAssertNumQueries

from access import policy
from access.viewer import Viewer, viewer_for
from archive import queries
from archive.models import Item, ItemFile
from archive.rule_lookups import HasRule, has_rule
from tests import makers

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL chooses by figures, which a small table does not have"
)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite tests every rule within the index")
# What a query comes to its rows by: nothing but their rules, an order, a key.
WAYS: dict[str, Callable[[QuerySet[Item]], QuerySet[Item]]] = {
    "rules": lambda items: items.order_by(),
    "order": lambda items: items.order_by("pk"),
    "key": lambda items: items.order_by().filter(pid="unknown"),
    "keys": lambda items: items.order_by().filter(pk__in=ItemFile.objects.values("item")),
}
NUMBERS = [*range(-130, 400), 4095, 4096, 2**31, 2**62 - 1, 2**62, 2**63 - 64, 2**63 - 1, -(2**31), -(2**63) + 1]


def plan(rows: QuerySet[Any, Any]) -> str:  # Any: rows of either model, whole or in part
    return rows.explain()


@pytest.fixture
def viewer(now: datetime) -> Viewer:
    """A visitor who satisfies several rules."""
    for moment in (datetime.fromisoformat("2020-01-01T00:00+00:00"), datetime.fromisoformat("2021-01-01T00:00+00:00")):
        makers.item(now=now, access=policy.of(policy.Level.PUBLIC, opens_at=moment))
    makers.item(now=now)
    return viewer_for(AnonymousUser(), now=now)


def test_who_satisfies_no_rule_sees_nothing_without_a_query(
    viewer: Viewer, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    nobody = Viewer(viewer.standing, frozenset(), now)

    with django_assert_num_queries(0):
        assert list(Item.objects.visible_to(nobody)) == []
    assert list(Item.objects.visible_to(viewer)) != []


@on_sqlite
def test_the_newest_page_is_read_in_the_order_of_an_index(viewer: Viewer) -> None:
    page = plan(queries.visible_items(viewer)[:50])

    assert "item_newest" in page
    assert "TEMP B-TREE" not in page


@on_sqlite
def test_files_of_a_page_are_found_by_their_items_and_not_by_their_rules(viewer: Viewer) -> None:
    page = list(queries.visible_items(viewer))

    found = plan(ItemFile.objects.visible_to(viewer).filter(item__in=page * 20))

    assert "itemfile_item_id" in found
    assert "rule" not in found


@on_sqlite
def test_a_count_of_what_is_published_looks_at_no_row(viewer: Viewer) -> None:
    assert "COVERING INDEX item_rule_state_kind" in plan(queries.published_items(viewer).order_by().values("state"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "rules",
    [
        {1},
        {62},
        {63},
        {4096},
        {0, 62},
        {1, 5, 9},
        {62, 63},
        {1, 64, 125},
        {61, 126},
        set(range(0, 126, 2)),
        set(range(1, 127)),
        {3, 130, 260, 399},
        {2**62, 2**63 - 1},
    ],
    ids=str,
)
def test_however_it_is_asked_these_rules_are_found_and_no_other_number(rules: set[int], way: str) -> None:
    query = WAYS[way](Item.objects.filter(has_rule("effective_rule_id", frozenset(rules)))).query
    [asked] = [one for one in query.where.children if isinstance(one, HasRule)]
    condition, params = query.get_compiler("default").compile(asked)
    numbers = ", ".join(f"({number})" for number in NUMBERS)

    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH archive_item (effective_rule_id) AS (VALUES {numbers}) SELECT * FROM archive_item WHERE {condition}",  # noqa: S608
            params,
        )
        found = {number for (number,) in cursor.fetchall()}

    assert found == rules


@pytest.mark.parametrize("way", ["order", "key", "keys"])
@on_sqlite
def test_who_has_another_way_to_the_rows_makes_no_list_of_rules(way: str) -> None:
    # Small numbers: which ones a viewer's rules have depends on how many there were before.
    seen = Item.objects.filter(has_rule("effective_rule_id", frozenset({1, 3, 7})))

    assert 'effective_rule_id" IN' in str(WAYS["rules"](seen).query)
    assert 'effective_rule_id" IN' not in str(WAYS[way](seen).query)


@on_postgresql
def test_the_newest_page_passes_over_rules_before_the_first_and_after_the_last_without_their_rows(
    viewer: Viewer,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")

    page = plan(queries.visible_items(viewer)[:50])

    assert "item_newest" in page
    assert f"Index Cond: ((effective_rule_id >= {min(viewer.rule_ids)})" in page


def test_rules_are_asked_of_the_table_of_their_own_query(viewer: Viewer, now: datetime) -> None:
    makers.item(now=now, access=policy.NOBODY)
    seen = Item.objects.visible_to(viewer)
    again = Item.objects.visible_to(viewer).filter(pk=OuterRef("pk"))

    assert seen.filter(pk__in=seen.values("pk")).count() == len(seen) == 3
    assert Item.objects.filter(Exists(again)).count() == 3
    assert Item.objects.exclude(pk__in=seen.values("pk")).count() == 1
    assert (seen | Item.objects.filter(Exists(again))).count() == 3
