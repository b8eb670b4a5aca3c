"""Rows of a relation as they were read with their owner, asked for only where they were not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import languages
from archive.models import Collection, Item, Place, PlaceName, Subject
from archive.prefetched import rows_of
from archive.prepared import has_kept, keep
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Item:
    made = make_item("A")
    made.subjects.add(*(Subject.objects.create(slug=slug, names=languages.of(vi=slug)) for slug in ("b", "a")))
    return made


def test_rows_that_were_laid_there_are_given_without_a_query_and_none_is_none(item: Item) -> None:
    other = Subject.objects.create(slug="c", names=languages.of(vi="c"))
    keep(item, "subjects", [other], Subject)
    keep(item, "collections", [], Collection)

    with CaptureQueriesContext(connection) as told:
        found = list(rows_of(item, "subjects", Subject)), list(rows_of(item, "collections", Collection))

    assert found == ([other], [])
    assert not told.captured_queries
    # The very list: no queryset was made to look for it.
    assert rows_of(item, "collections", Collection) is rows_of(item, "collections", Collection)
    assert rows_of(item, "subjects", Subject) is rows_of(item, "subjects", Subject)


def test_rows_that_django_prefetched_are_given_without_a_query(item: Item) -> None:
    read = Item.objects.filter(pk=item.pk).prefetch_related("subjects").get()

    with CaptureQueriesContext(connection) as told:
        found = {subject.slug for subject in rows_of(read, "subjects", Subject)}

    assert found == {"a", "b"}
    assert not told.captured_queries


def test_rows_that_were_not_read_are_asked_for_once_each_time(item: Item) -> None:
    keep(item, "collections", [], Collection)

    with CaptureQueriesContext(connection) as told:
        found = {subject.slug for subject in rows_of(item, "subjects", Subject)}

    assert found == {"a", "b"}
    assert len(told) == 1
    assert not has_kept(item, "subjects")


def test_rows_of_one_owner_are_not_those_of_another() -> None:
    first, second = (Place.objects.create(slug=slug, kind="village") for slug in ("one", "two"))
    name = PlaceName.objects.create(place=second, text="Kon Klor", lang="vi")
    keep(first, "names", [], PlaceName)

    assert list(rows_of(second, "names", PlaceName)) == [name]
    assert list(rows_of(first, "names", PlaceName)) == []
