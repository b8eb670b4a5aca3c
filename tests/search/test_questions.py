"""Questions that ask the same have the same key, and others have others: by it counts are kept and shared."""

from __future__ import annotations

import datetime
from itertools import combinations

import pytest

from archive.search.index.questions import Question, read

pytestmark = pytest.mark.pure
DAY = datetime.date(2026, 11, 27).toordinal()
DIFFERENT = [
    read(""),
    read("!"),
    read("gui"),
    read("gùi"),
    read('"gui"'),
    read("gui hoa"),
    read("hoa gui"),
    read('"gui hoa"'),
    read("gui", {"kind": "image"}),
    read("gui", {"language": "image"}),
    read("gui", date_from=DAY),
    read("gui", date_to=DAY),
]


@pytest.mark.parametrize(("one", "other"), list(combinations(DIFFERENT, 2)))
def test_what_asks_something_else_has_another_key(one: Question, other: Question) -> None:
    assert one.key != other.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (read("gui  hoa"), read(" gui hoa")),
        (read("gui", {"kind": "image", "place": "4"}), read("gui", {"place": "4", "kind": "image", "language": ""})),
    ],
)
def test_what_asks_the_same_has_the_same_key(one: Question, other: Question) -> None:
    assert (one.key, hash(one.key)) == (other.key, hash(other.key))
