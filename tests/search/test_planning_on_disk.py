"""The search by sets over the index on the disk, alone and with changes, against the slow reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.index.planning import plan
from archive.search.index.questions import Question, Sight
from archive.search.index.shapes import Order, Part
from tests.search import collections_at_random as at_random
from tests.search.collections_at_random import AUTHORITIES, Collection
from tests.search.parts_on_disk import base_of, joined_of
from tests.search.reference import Reference
from tests.search.test_planning import NAMES, ORDERS, hits

pytestmark = pytest.mark.pure

every_part = pytest.mark.parametrize("part_of", [base_of, joined_of])


@pytest.fixture(scope="module", autouse=True)
def not_forced() -> Iterator[None]:
    """Forcing to the disk is slow, and no matter of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _descriptor: None)
        yield


@every_part
@settings(max_examples=40, deadline=None, derandomize=True)
@given(at_random.holdings(), at_random.questions(), at_random.sights(), st.sampled_from(ORDERS), st.integers(0, 3))
def test_hits_totals_and_facets_are_those_of_the_reference(
    part_of: Callable[[Collection], Part],
    collection: Collection,
    question: Question,
    sight: Sight,
    order: Order | None,
    start: int,
) -> None:
    answer = plan(question, part_of(collection), sight, NAMES)
    reference = Reference(collection.now(), AUTHORITIES)

    right = reference.hits(question, sight.rules, sight.granted, order)

    assert hits(answer, order) == right
    assert hits(answer, order, start, start + 2) == right[start : start + 2]
    assert answer.total == len(right)
    for facet in ("kind", "people"):
        assert answer.counts(facet) == reference.counts(facet, [key for key, _nearly in right])


@every_part
@settings(max_examples=40, deadline=None, derandomize=True)
@given(at_random.holdings(), st.lists(st.tuples(at_random.questions(), at_random.sights()), min_size=2, max_size=4))
def test_no_question_changes_the_answer_to_another(
    part_of: Callable[[Collection], Part], collection: Collection, asked: list[tuple[Question, Sight]]
) -> None:
    part = part_of(collection)

    for question, sight in [*asked, *asked]:
        first = hits(plan(question, part, sight, NAMES), None)
        assert first == Reference(collection.now(), AUTHORITIES).hits(question, sight.rules, sight.granted, None)
