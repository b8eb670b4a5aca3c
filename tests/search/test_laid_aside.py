"""What the index holds in memory is out of the way of the collector of garbage, and is freed without it."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from django.conf import LazySettings

from access.viewer import visitor
from archive.models import Item
from archive.search import Filters, following, indexing, keeping, search
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db(transaction=True)


def found(words: str) -> int:
    return search(words, Filters(), visitor(now=NOW)).total


def reworded(items: list[Item], words: str) -> None:
    for item in items:
        item.titles = [{"lang": "vi", "value": words}]
        item.save(update_fields=["titles"])
        indexing.refresh(item)


@pytest.fixture
def items(settings: LazySettings) -> list[Item]:
    settings.SEARCH_IN_TRANSACTIONS = False
    made = [make_item(f"Gùi {number}") for number in range(6)]
    for item in made:
        indexing.refresh(item)
    keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)
    following.leave()
    assert found("gui") == len(made)
    return made


def test_many_documents_in_memory_are_laid_aside(items: list[Item], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LAID_ASIDE", 5)
    reworded(items[:4], "Chiêng")
    assert found("chieng") == 4
    before = gc.get_freeze_count()

    reworded(items[4:], "Chiêng")
    assert found("chieng") == 6

    assert gc.get_freeze_count() > before + 100


def test_an_index_that_was_let_go_of_is_freed_without_the_collector(items: list[Item]) -> None:
    reworded(items, "Chiêng")
    assert found("chieng") == 6
    index = following.index()
    gc.collect()
    kept = [weakref.ref(one) for one in (index._memory, index._part, index._base) if one is not None]
    assert len(kept) == 3

    gc.disable()
    try:
        following.leave()
        del index
        assert [one() for one in kept] == [None] * 3
    finally:
        gc.enable()
