"""The search by sets against the slow reference, for random collections, viewers and questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.index.names import Names
from archive.search.index.planning import Answer, plan
from archive.search.index.shapes import FACETS, Order, Part
from tests.search.collections_at_random import AUTHORITIES, Collection, Maker
from tests.search.parts import every_part
from tests.search.reference import Reference

pytestmark = pytest.mark.pure

NAMES = Names(AUTHORITIES)
ORDERS = (None, *Order)


def hits(answer: Answer, order: Order | None, start: int = 0, stop: int = 100) -> list[tuple[int, bool]]:
    """Return the keys of a page and whether each is found only nearly."""
    page = answer.page(order, start, stop)
    keys = answer.part.keys([hit.number for hit in page]).tolist()
    return [(key, hit.is_approximate) for key, hit in zip(keys, page, strict=True)]


@every_part
@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_hits_totals_and_facets_are_those_of_the_reference(part_of: Callable[[Collection], Part], seed: int) -> None:
    maker = Maker(seed)
    collection, sight = maker.collection(), maker.sight()
    part, reference = part_of(collection), Reference(collection.now(), AUTHORITIES)
    for question in (maker.question(), maker.question(), maker.question()):
        order, start = maker.random.choice(ORDERS), maker.random.randint(0, 3)

        answer = plan(question, part, sight, NAMES)
        right = reference.hits(question, sight.rules, sight.granted, order, sight.files)

        assert hits(answer, order) == right, question
        assert hits(answer, order, start, start + 2) == right[start : start + 2]
        assert answer.total == len(right)
        found = [key for key, _nearly in right]
        assert answer.counts(FACETS) == {facet: reference.counts(facet, found) for facet in FACETS}


@every_part
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_what_is_hidden_changes_nothing(part_of: Callable[[Collection], Part], seed: int) -> None:
    maker = Maker(seed)
    collection, sight = maker.collection(), maker.sight()
    with_it, without_it = part_of(collection), part_of(collection.as_seen(sight))
    for question in (maker.question(), maker.question(), maker.question()):
        order = maker.random.choice(ORDERS)

        assert told(plan(question, with_it, sight, NAMES), order) == told(
            plan(question, without_it, sight, NAMES), order
        )


def told(answer: Answer, order: Order | None) -> str:
    """Return all that an answer says, as text."""
    counts = [sorted(counts.items()) for counts in answer.counts(FACETS).values()]
    return repr((hits(answer, order), answer.total, counts, sorted(answer.matched_runs())))
