"""The plain search: facets that are asked for, orders that are the same on every database, dates that are open on one side."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.policy import Standing
from access.viewer import Viewer, make_viewer, visitor
from archive import queries
from archive.search import FACETS, Filters, Sort, search
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db


def titles(viewer: Viewer, *, sort: Sort, page_size: int = 24) -> list[list[str]]:
    """Return the titles of all hits, page by page."""
    pages, cursor = [], ""
    while True:
        found = search("", Filters(), viewer, sort=sort, cursor=cursor, page_size=page_size)
        pages.append([hit.titles[0]["value"] for hit in found.hits])
        cursor = found.next_cursor
        if not cursor:
            return pages


def test_only_the_facets_asked_for_are_counted() -> None:
    make_item("Gùi", languages=["bdq", "vi"])
    viewer = visitor(now=NOW)

    with CaptureQueriesContext(connection) as context:
        found = search("", Filters(), viewer, facets=())
    whole = search("", Filters(), viewer)
    one = search("", Filters(), viewer, facets=["language"])

    assert (found.facets, len(context)) == ((), 2)
    assert tuple(facet.name for facet in whole.facets) == FACETS
    assert [[value.value for value in facet.values] for facet in one.facets] == [["bdq", "vi"]]


def test_the_front_page_does_not_read_the_languages_of_every_item(client: Client) -> None:
    make_item("Gùi", languages=["bdq"])

    with CaptureQueriesContext(connection) as context:
        page = client.get("/")

    assert page.status_code == 200
    assert "?kind=image" in page.content.decode()
    assert not [
        query for query in context.captured_queries if query["sql"].startswith('SELECT "archive_item"."languages"')
    ]
