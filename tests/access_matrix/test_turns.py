"""Between them the two profiles ask every cell of the matrix, and each of them about half."""

from __future__ import annotations

import pytest

from tests.access_matrix import turns


def test_each_cell_is_asked_in_exactly_one_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [(f"/items/{number}/", kind) for number in range(200) for kind in ("public", "closed")]
    monkeypatch.setattr(turns, "_EVERY", False)
    asked = []
    for own in (0, 1):
        monkeypatch.setattr(turns, "_OWN", own)
        asked.append({cell for cell in cells if turns.is_ours(*cell)})

    assert asked[0] | asked[1] == set(cells)
    assert asked[0] & asked[1] == set()
    assert min(map(len, asked)) > len(cells) // 3


def test_a_long_run_asks_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_EVERY", True)

    assert all(turns.is_ours("/items/", str(number)) for number in range(50))
