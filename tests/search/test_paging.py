"""Pages of any depth, over one part and over two."""

from __future__ import annotations

from random import Random

import pytest
from pyroaring import BitMap

from archive.search.index.memory import Memory
from archive.search.index.ordering import Merged, page
from archive.search.index.shapes import Document, Order

pytestmark = pytest.mark.pure


def _documents(count: int, first_key: int) -> list[Document]:
    chance = Random(count * 1000 + first_key)
    return [
        Document(key, 1, chance.randint(-1, 9), chance.choice("abc"), [], [], first=chance.choice((None, 1, 2, 3)))
        for key in range(first_key, first_key + count)
    ]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(("ours", "theirs"), [(0, 0), (0, 5), (5, 0), (30, 1), (1, 30), (20, 20)])
def test_two_parts_are_paged_as_one(order: Order, ours: int, theirs: int) -> None:
    documents = [*_documents(ours, 1), *_documents(theirs, 100)]
    first, second = Memory(), Memory()
    for one in documents:
        (first if one.key < 100 else second).add(one)
    right = [one.key for one in sorted(documents, key=lambda one: one.sort_key(order))]

    both = Merged(
        first.arranged(first.under(frozenset([1])), order), second.arranged(second.under(frozenset([1])), order), 1000
    )

    assert len(both) == len(right)
    for size in (1, 7, len(right) or 1, len(right) + 1):
        for start in range(0, len(right) + 2, size):
            entries = both.slice(start, start + size)
            keys = [
                (first.keys([number]) if number < 1000 else second.keys([number - 1000])).tolist()[0]
                for _key, number in entries
            ]
            assert keys == right[start : start + size]
    for place, (key, _number) in enumerate(both.slice(0, len(right))):
        assert both.before(key) == place


def test_no_more_classes_are_looked_at_than_a_page_takes() -> None:
    memory = Memory()
    for one in _documents(10, 1):
        memory.add(one)
    looked_at: list[int] = []

    def classes():  # type: ignore[no-untyped-def]  # a generator for this test only
        for number, members in enumerate(([0, 1], [2, 3, 4], [5])):
            looked_at.append(number)
            yield memory.arranged(BitMap(members), Order.NEWEST)

    hits = page(classes(), 1, 4)

    assert [which for which, _number in hits] == [0, 1, 1]
    assert looked_at == [0, 1]
    assert len({number for _which, number in page(classes(), 0, 99)}) == 6
