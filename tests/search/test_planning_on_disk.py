"""The search by sets over the index on the disk, alone and with changes, against the slow reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.index.planning import plan
from archive.search.index.shapes import Part
from tests.search.collections_at_random import AUTHORITIES, Collection, Maker
from tests.search.parts import base_of, joined_of
from tests.search.reference import Reference
from tests.search.test_planning import NAMES, ORDERS, hits, told

pytestmark = pytest.mark.pure

every_part = pytest.mark.parametrize("part_of", [base_of, joined_of])


@pytest.fixture(scope="module", autouse=True)
def not_forced() -> Iterator[None]:
    """Forcing to the disk is slow, and no matter of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _descriptor: None)
        yield


@every_part
@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_hits_totals_and_facets_are_those_of_the_reference(part_of: Callable[[Collection], Part], seed: int) -> None:
    maker = Maker(seed)
    collection = maker.collection()
    part, reference = part_of(collection), Reference(collection.now(), AUTHORITIES)
    # The first questions once more in the end: what is remembered of them has not been changed by the others.
    asked = [(maker.question(), maker.sight()) for _number in range(4)]
    for question, sight in [*asked, *asked[:2]]:
        order, start = maker.random.choice(ORDERS), maker.random.randint(0, 3)

        answer = plan(question, part, sight, NAMES)
        right = reference.hits(question, sight.rules, sight.granted, order)

        assert hits(answer, order) == right, question
        assert hits(answer, order, start, start + 2) == right[start : start + 2]
        assert answer.total == len(right)
        for facet in ("kind", "people"):
            assert answer.counts(facet) == reference.counts(facet, [key for key, _nearly in right])


@every_part
@settings(max_examples=12, deadline=None, derandomize=True)
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
