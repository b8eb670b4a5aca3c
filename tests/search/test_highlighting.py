"""Highlights: marked as it is written, whatever way it was typed, and never a letter without its marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search import folded_in_place
from archive.search.folding import fold
from archive.search.highlighting import (
    JOINED_MOST,
    Part,
    Place,
    excerpt,
    held_in,
    highlight,
    none_in,
    places_of,
    sought,
    words_of,
)

pytestmark = pytest.mark.pure
LETTERS = "aăâbcdđeêghiklmnoôơprstuưvxyĐƀɃčñĕŏŭ '’ʼ-–,.()0129½ﬁŋꝍ\u0306\u0302\u031b\u0301\u0323ꪁꪲꪳᥐ\u00af\u0e01\u0e34\n"
TEXTS = st.one_of(
    st.text(alphabet=LETTERS, max_size=60),
    st.text(max_size=30),
    st.text(alphabet=folded_in_place.LETTERS, max_size=60),
    # Few letters: words come again, and together they are others.
    st.text(alphabet="kôn Ňtù '’\u0306-", max_size=60),
    st.text(alphabet="aáb Đ-", max_size=40),
)
RUNS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3)), max_size=4)


def marked(text: str, *words: str) -> list[str]:
    return [part.text for part in highlight(text, words) if part.is_marked]


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("Cầu treo sông Đăk Bla", "dak", "Đăk"),
        (unicodedata.normalize("NFD", "sông Đăk Bla"), "dak", unicodedata.normalize("NFD", "Đăk")),
        ("đàn k'lông pút", "klong", "k'lông"),
        ("đàn k’lông pút", "klong", "k’lông"),
        ("‘Hơ̆mon’ là sử thi", "homon", "Hơ̆mon"),
        ("tỉnh Kon Tum cũ", "kontum", "Kon Tum"),
        ("Kon-Tum", "tum", "Tum"),
        ("ꪁꪲ ꪁꪳ", "ꪁꪳ", "ꪁꪳ"),
        ("ở nhà", "o", "ở"),
    ],
)
def test_a_word_is_marked_as_it_is_written(text: str, word: str, shown: str) -> None:
    assert marked(text, word) == [shown]


@pytest.mark.parametrize(("text", "word"), [("Đăk Bla", "da"), ("nhạc cồng", "cong chieng"), ("ꪁꪲ", "ꪁꪳ"), ("", "dak")])
def test_a_word_that_does_not_stand_there_marks_nothing(text: str, word: str) -> None:
    assert marked(text, word) == []


@settings(max_examples=300, derandomize=True, deadline=None)
@given(TEXTS)
def test_the_words_of_a_text_are_those_that_folding_parts(text: str) -> None:
    assert [word.folded for word in words_of(text)] == fold(text).split()


@settings(max_examples=200, derandomize=True, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 20), max_size=4))
def test_without_its_marks_a_highlight_is_the_text(text: str, places: list[int]) -> None:
    standing = [word.folded for word in words_of(text)]
    words = {standing[place % len(standing)] for place in places} if standing else set()

    parts = highlight(text, words)

    assert "".join(part.text for part in parts) == text
    assert all(any(word in fold(part.text).replace(" ", "") for word in words) for part in parts if part.is_marked)
    assert held_in(text, words) == words
    assert not any(unicodedata.category(part.text[0])[0] == "M" for part in parts[1:])


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=300), st.integers(0, 40), st.integers(5, 60))
def test_a_window_is_a_piece_of_the_text_that_parts_no_letter(text: str, place: int, letters: int) -> None:
    standing = [word.folded for word in words_of(text)]
    words = {standing[place % len(standing)]} if standing else set()

    found = excerpt(text, words, letters=letters)

    shown = "".join(part.text for part in found.parts)
    assert shown in text
    assert found.is_cut_before or text.startswith(shown)
    assert found.is_cut_after or text.endswith(shown)
    assert len(shown) <= letters + max(map(len, words), default=0) * 4 or not found.is_cut_after
    assert found.held == bool(words)


def test_a_window_shows_the_place_that_holds_most_of_the_words() -> None:
    text = "cồng " + "một hai ba bốn " * 30 + "đánh cồng chiêng bên nhà rông " + "năm sáu bảy tám " * 30

    found = excerpt(text, {"cong", "chieng", "rong"}, letters=80)

    assert [part.text for part in found.parts if part.is_marked] == ["cồng chiêng", "rông"]
    assert found.is_cut_before
    assert found.is_cut_after
    assert found.held == 3


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("Nhà rông", {"rong"}, letters=80).parts == (Part("Nhà "), Part("rông", is_marked=True))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(TEXTS, RUNS)
def test_what_a_text_holds_is_what_would_be_marked_in_it(text: str, runs: list[tuple[int, int]]) -> None:
    standing = [word.folded for word in words_of(text)]
    wanted = {"".join(standing[place : place + length]) for place, length in runs} - {""}
    firsts = (
        next((joined for joined in accumulate(standing[place : place + JOINED_MOST]) if joined in wanted), "")
        for place in range(len(standing))
    )

    assert held_in(text, wanted) == set(firsts) - {""}


def slowly(text: str, wanted: Collection[str]) -> Iterator[Place]:
    """Yield where words stand, looked for at each word of the text."""
    standing = list(words_of(text))
    for place, first in enumerate(standing):
        together = standing[place : place + JOINED_MOST]
        for last, joined in zip(together, accumulate(word.folded for word in together), strict=True):
            if joined in wanted:
                yield joined, first.start, last.end
                break


@settings(max_examples=800, derandomize=True, deadline=None)
@given(TEXTS, RUNS)
def test_words_stand_where_they_are_found_one_by_one(text: str, runs: list[tuple[int, int]]) -> None:
    standing = [word.folded for word in words_of(text)]
    wanted = {"".join(standing[place : place + length]) for place, length in runs} - {""}

    assert places_of(text, sought(wanted)) == list(slowly(text, wanted))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(TEXTS)
def test_words_stand_in_the_same_places_whatever_blank_is_between_them(text: str) -> None:
    assert list(words_of(text)) == list(words_of(text.replace(" ", "\n")))


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.lists(TEXTS, max_size=4), TEXTS, RUNS)
def test_a_glance_overlooks_no_word(texts: list[str], other: str, runs: list[tuple[int, int]]) -> None:
    standing = [word.folded for text in (*texts, other) for word in words_of(text)]
    wanted = {"".join(standing[place : place + length]) for place, length in runs} - {""}

    if none_in(texts, sought(wanted)):
        assert not any(held_in(text, wanted) for text in texts)


def test_a_glance_sees_that_names_hold_no_word() -> None:
    assert none_in(["Ba Na", "Làng Kon Klor", "k'lông", "MAU-1"], sought({"ghe", "ruou"}))
    assert not none_in(["Ba Na", "Làng Kon Klor"], sought({"konklor"}))
    assert not none_in(["Ba Na", "ꪁꪲ"], sought({"ꪁꪲ"}))
