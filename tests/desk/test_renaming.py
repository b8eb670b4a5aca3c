"""What is renamed at the desk is found under its new name, and what was taken away no more, however many items carry it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.viewer import visitor
from archive import languages
from archive.actions.move_item import publish_item
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemPlace,
    People,
    Place,
    PlaceName,
    SearchEntry,
    Subject,
)
from archive.search import Filters, indexing, search
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db
AUTHORITIES = {"people": People, "subject": Subject, "collection": Collection, "agent": Agent}


def found(words: str) -> int:
    return search(words, Filters(), visitor(now=timezone.now())).total


def named(kind: str, *items: Item) -> People | Subject | Collection | Agent | Place:
    """Return something of a kind called "Tên cũ" that the items carry; their entries are up to date."""
    made: Any  # one of five models
    if kind == "place":
        made = Place.objects.create(slug="o-do", kind="village")
        PlaceName.objects.create(place=made, text="Tên cũ")
        for item in items:
            ItemPlace.objects.create(item=item, place=made)
    else:
        made = AUTHORITIES[kind].objects.create(slug="cai-do", names=languages.of(vi="Tên cũ"))
        for item in items:
            if kind == "agent":
                ItemAgent.objects.create(item=item, agent=made)
            else:
                made.items.add(item)
    for item in items:
        indexing.refresh(item)
    return made  # type: ignore[no-any-return]  # as above


def rename(client: Client, thing: Any, *, variant: str = "") -> None:  # Any: one of five models
    sent = {
        "names-lang": ["vi"],
        "names-tag": [""],
        "names-text": ["Tên mới"],
        "variants-lang": ["vi"],
        "variants-tag": [""],
        "variants-text": [variant],
        "slug": thing.slug,
        "kind": getattr(thing, "kind", ""),
        "scheme": "local",
    }
    if isinstance(thing, Place):
        sent |= {
            f"{part}-{count}": "0"
            for part in ("parents", "codes", "successors")
            for count in ("TOTAL_FORMS", "INITIAL_FORMS")
        }
        name = thing.names.get()
        sent |= {"precision": thing.precision}
        sent |= {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "1", "names-0-id": name.pk, "names-0-place": thing.pk}
        sent |= {"names-0-text": "Tên mới", "names-0-lang": "vi", "names-0-kind": "official"}
    address = f"/admin/archive/{type(thing)._meta.model_name}/{thing.pk}/change/"
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()


def open_item(title: str) -> Item:
    return publish_item(an_item(title), actor=None, now=timezone.now())


@pytest.mark.parametrize("kind", [*AUTHORITIES, "place"])
def test_what_is_renamed_is_found_by_its_new_name_only(
    kind: str, publisher: Client, django_capture_on_commit_callbacks: Any
) -> None:
    thing = named(kind, open_item("Gùi"))
    before = (found("tên cũ"), found("tên mới"))

    with django_capture_on_commit_callbacks(execute=True):
        rename(publisher, thing)

    assert before == (1, 0)
    assert (found("tên cũ"), found("tên mới")) == (0, 1)


@pytest.mark.parametrize("kind", AUTHORITIES)
def test_another_form_of_a_name_is_found(kind: str, publisher: Client, django_capture_on_commit_callbacks: Any) -> None:
    thing = named(kind, open_item("Gùi"))

    with django_capture_on_commit_callbacks(execute=True):
        rename(publisher, thing, variant="Biệt danh")

    assert found("biệt danh") == 1


@pytest.mark.parametrize("kind", ["people", "place"])
def test_items_are_indexed_after_the_transaction_with_as_many_queries_for_many_as_for_one(
    kind: str, publisher: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    few = indexing.BATCH
    monkeypatch.setattr(indexing, "BATCH", 4)
    thing = named(kind, *(open_item(f"Gùi {number}") for number in range(4)))

    with django_capture_on_commit_callbacks() as callbacks:
        rename(publisher, thing)
    untouched = found("tên mới")
    with CaptureQueriesContext(connection) as context:
        for callback in callbacks:
            callback()

    assert few > 4
    assert (untouched, found("tên mới")) == (0, 4)
    # Twelve of them seal what the log was told meanwhile; two ask where a place lies on both sides of July 2025.
    assert len(context) <= 28
    assert sum(SearchEntry._meta.db_table in query["sql"] for query in context.captured_queries) == 1


def test_the_whole_table_is_rebuilt_batch_by_batch(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    for number in range(3):
        open_item(f"Gùi {number}")
    SearchEntry.objects.all().delete()

    call_command("reindex")

    assert found("gùi") == 3
    # Two batches of words, and the index.
    assert len(capsys.readouterr().out.splitlines()) == 3
