"""Comparing snapshots: words of texts, rows of lists, and nothing where only the software's own columns differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.history import comparing

pytestmark = pytest.mark.pure


def shot(**parts: object) -> dict[str, object]:
    return {"fields": {}, **parts}


def fields(**columns: object) -> dict[str, object]:
    return {"fields": columns}


def marks(pieces: tuple[comparing.Piece, ...]) -> list[tuple[str, str]]:
    return [(one.mark, one.text) for one in pieces]


def test_only_the_words_that_changed_are_marked() -> None:
    found = comparing.words("Nhà rông ở Kon Klor", "Nhà rông cũ ở Kon Klor")

    assert marks(found) == [("same", "Nhà rông "), ("added", "cũ "), ("same", "ở Kon Klor")]


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_off_the_pieces(before: str, after: str) -> None:
    pieces = comparing.words(before, after)

    assert "".join(one.text for one in pieces if one.mark != "added") == before
    assert "".join(one.text for one in pieces if one.mark != "removed") == after


def test_a_very_long_text_is_shown_as_a_whole_where_it_differs() -> None:
    before, after = "a " * 3000, "b " * 3000

    assert {one.mark for one in comparing.words(before, after)} <= {"same", "removed", "added"}
    assert len(comparing.words(before, after)) <= 4


def test_spaces_alone_do_not_hold_a_text_together_that_was_written_anew() -> None:
    before, after = (" ".join(f"{letter}{number}" for number in range(150)) for letter in "ab")

    assert marks(comparing.words(before, after)) == [("removed", before), ("added", after)]


def test_texts_are_compared_by_language() -> None:
    before = fields(titles=[{"lang": "vi", "value": "Nhà rông"}, {"lang": "en", "value": "House"}])
    after = fields(titles=[{"lang": "vi", "value": "Nhà rông"}, {"lang": "bdq", "value": "Hnăm rông"}])

    (change,) = comparing.changes(before, after)

    assert [(one.lang, one.mark) for one in change.texts] == [("vi", "same"), ("bdq", "added"), ("en", "removed")]


def test_rows_are_added_removed_changed_and_moved() -> None:
    def file(pid: str, position: int, label: str = "") -> dict[str, object]:
        return {"pid": pid, "name": pid, "position": position, "label": label, "sha256": None}

    before = shot(files=[file("a", 0), file("b", 1), file("c", 2), file("d", 3)])
    after = shot(files=[file("d", 0), file("a", 1), file("b", 2, "iv"), file("e", 3)])

    (change,) = comparing.changes(before, after)

    assert [(one.row["pid"], one.mark) for one in change.rows] == [
        ("d", "moved"), ("b", "changed"), ("e", "added"), ("c", "removed"),
    ]  # fmt: skip
    assert [one.columns for one in change.rows if one.mark == "changed"] == [("label",)]


def test_a_people_that_was_renamed_is_no_change_of_the_item() -> None:
    before = shot(peoples=[{"key": 1, "name": "Ba Na"}])
    after = shot(peoples=[{"key": 1, "name": "Bahnar"}])

    assert comparing.changes(before, after) == []


def test_rows_without_a_key_are_the_same_only_if_all_of_them_is() -> None:
    before = shot(names=[{"text": "Kon Tum", "lang": "vi", "kind": "official"}])
    after = shot(names=[{"text": "Kon Tum", "lang": "vi", "kind": "former"}])

    (change,) = comparing.changes(before, after)

    assert [one.mark for one in change.rows] == ["added", "removed"]
