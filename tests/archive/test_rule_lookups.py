"""How the database is asked for rules: the right rows, in an order that an index has, without reading half of the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from access import policy
from access.viewer import Viewer, viewer_for
from archive import queries
from archive.models import Item, ItemFile
from tests import makers

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL chooses by figures, which a small table does not have"
)


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
