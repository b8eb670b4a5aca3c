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
    search("", Filters(), viewer)  # which reads what there is

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


def test_what_has_no_date_comes_last_on_every_database() -> None:
    make_item("Không rõ năm")
    make_item("Mới", date_edtf="2001")
    make_item("Cũ", date_edtf="1975")
    make_item("Cũng không rõ")

    pages = titles(visitor(now=NOW), sort=Sort.DATE, page_size=3)

    assert pages == [["Cũ", "Mới", "Không rõ năm"], ["Cũng không rõ"]]


def test_what_was_never_published_comes_last_on_every_database() -> None:
    make_item("Đã mở")
    make_item("Nháp", state="draft")
    make_item("Cũng nháp", state="draft")
    staff = make_viewer(Standing(is_staff=True, is_registered=True), now=NOW)

    pages = titles(staff, sort=Sort.NEWEST, page_size=2)
    listed = [item.titles[0]["value"] for item in queries.visible_items(staff)]
    words = search("nháp", Filters(), staff, sort=Sort.RELEVANCE)

    assert pages == [["Đã mở", "Cũng nháp"], ["Nháp"]]
    assert listed == ["Đã mở", "Cũng nháp", "Nháp"]
    assert words.total == 2


@pytest.mark.parametrize(
    ("written", "begins", "ends", "is_found"),
    [
        ("2001/..", 1990, None, True),
        ("2001/..", 2010, 2012, True),
        ("2001/..", None, 2000, False),
        ("2001/", 2010, None, True),
        ("../2005", None, 1990, True),
        ("../2005", 1990, 1995, True),
        ("../2005", 2006, None, False),
        ("/2005", None, 1990, True),
        ("2001/2005", 2004, 2010, True),
        ("2001/2005", 2006, None, False),
        ("", 1990, None, False),
        ("", None, 1990, False),
    ],
)
def test_an_interval_that_is_open_on_one_side_is_found_by_every_date_that_it_may_hold(
    written: str, begins: int | None, ends: int | None, is_found: bool
) -> None:
    make_item("Gùi", date_edtf=written)
    asked = Filters(date_from=date(begins, 1, 1) if begins else None, date_to=date(ends, 12, 31) if ends else None)

    assert search("", asked, visitor(now=NOW)).total == is_found
