"""What reading costs: the numbers of queries that the docstrings promise, with everything that could cost one more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from access.viewer import visitor
from archive import progress, queries
from archive.models import Agent, Item, ItemAgent, ItemPlace, People, Place, PlaceName
from media_pipeline.models import Job, Master
from tests import makers
from tests.access_matrix import world
from tests.access_matrix.world import Made, publish, store_master

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_item(tmp_path: Path, now: datetime) -> Item:
    """An item with three files that are being worked on, a people, an agent and a place."""
    item = makers.item(now=now)
    for number in range(3):
        master = store_master(f"bytes {number}".encode(), tmp_path)
        publish(master, tmp_path, Made("thumbnail", "480.webp", b"RIFF....WEBP"))
        Job.objects.create(role="pyramid", master=master, state="done", created_at=now, not_before=now, rung_at=now)
        Job.objects.create(role="pages", master=master, created_at=now, not_before=now, rung_at=now)
        world.add_file(item, master)
    Master.objects.update(state=Master.State.PROCESSING)
    item.peoples.add(People.objects.create(slug="xo-dang"))
    ItemAgent.objects.create(item=item, agent=Agent.objects.create(slug="nghe-nhan"))
    place = Place.objects.create(slug="kon-klor", kind="village")
    PlaceName.objects.create(place=place, text="Kon Klor")
    ItemPlace.objects.create(item=item, place=place)
    return item


def read_whole(item: Item) -> list[int]:
    """Touch all that a record tells; return the percents of its files."""
    for related in (item.peoples, item.subjects, item.collections, item.communities):
        list(related.all())
    for label in item.labels.all():
        str(label.community)
    for credit in item.credits.all():
        str(credit.agent)
    for located in item.located.all():
        str(located.place)
    files = item.visible_files  # type: ignore[attr-defined]  # set by with_visible_files
    return [progress.of(file).percent if file.derivative("thumbnail") else 0 for file in files]


def test_a_record_with_files_being_worked_on_costs_fourteen_queries(
    full_item: Item, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = visitor(now=now)

    with django_assert_num_queries(14):
        (found,) = queries.described(viewer, queries.visible_items(viewer))
        percents = read_whole(found)

    assert percents == [50, 50, 50]


def test_an_item_of_no_community_and_without_labels_costs_nine_queries_and_one_for_the_work_on_the_file_on_view(
    full_item: Item, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = visitor(now=now)

    with django_assert_num_queries(9):
        found = queries.item(viewer, full_item.pid)
        rules = [found.effective_rule, *(file.effective_rule for file in found.visible_files)]  # type: ignore[attr-defined]  # as below
        assert all(rule.policy.is_public for rule in rules)
    with django_assert_num_queries(1):
        now_of_first = progress.of(found.visible_files[0])  # type: ignore[attr-defined]  # set by with_visible_files

    assert now_of_first.percent == 50
