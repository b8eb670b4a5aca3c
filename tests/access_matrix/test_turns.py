"""Between them the two profiles ask for everything hidden, and each lets every viewer meet every door and every kind of thing."""

from __future__ import annotations

import itertools

import pytest

from tests.access_matrix import people, turns
from tests.access_matrix.kinds import kinds
from tests.access_matrix.test_objects import every_question

BOTH = (0, 1)


def asked_by(monkeypatch: pytest.MonkeyPatch, own: int, cells: list[tuple[str, ...]]) -> set[tuple[str, ...]]:
    monkeypatch.setattr(turns, "_EVERY", False)
    monkeypatch.setattr(turns, "_OWN", own)
    return {cell for cell in cells if turns.is_ours(*cell)}


def test_each_cell_is_asked_in_exactly_one_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: list[tuple[str, ...]] = [
        (f"/items/{number}/", kind) for number in range(200) for kind in ("public", "closed")
    ]

    one, other = (asked_by(monkeypatch, own, cells) for own in BOTH)

    assert one | other == set(cells)
    assert one & other == set()
    assert min(len(one), len(other)) > len(cells) // 3


@pytest.mark.parametrize("own", BOTH)
def test_by_turns_every_viewer_still_meets_every_door_and_every_kind_and_every_kind_every_door(
    monkeypatch: pytest.MonkeyPatch, own: int
) -> None:
    monkeypatch.setattr(turns, "_EVERY", False)
    monkeypatch.setattr(turns, "_OWN", own)
    addresses = [address for _door, address in every_question()]
    names = [kind.name for kind in kinds()]
    cells = [cell for cell in itertools.product(addresses, names, people.ASKING) if turns.is_its_turn(*cell)]

    for first, second, pairs in (
        (0, 1, (addresses, names)),
        (0, 2, (addresses, people.ASKING)),
        (1, 2, (names, people.ASKING)),
    ):
        assert {(cell[first], cell[second]) for cell in cells} == set(itertools.product(*pairs))


def test_of_several_each_is_asked_somewhere_and_the_profiles_ask_different_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "_EVERY", False)
    several, cells = ("a", "b", "c", "d", "e"), [str(number) for number in range(40)]
    asked = []
    for own in BOTH:
        monkeypatch.setattr(turns, "_OWN", own)
        asked.append([turns.one_of(several, cell) for cell in cells])

    assert all(len(one) == len(other) == 1 and one != other for one, other in zip(*asked, strict=True))
    assert {one[0] for one in asked[0]} == set(several)


def test_a_long_run_asks_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_EVERY", True)

    for number in range(50):
        assert turns.is_ours("/items/", str(number))
        assert turns.is_its_turn("/items/", str(number))
        assert turns.one_of("ab", str(number)) == "ab"
