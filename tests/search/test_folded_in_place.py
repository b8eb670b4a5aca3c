"""Texts folded in place: the same words as `fold` gives, each letter where it stood; or nothing at all."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.folded_in_place import LETTERS, SILENT, folded_in_place
from archive.search.folding import fold

pytestmark = pytest.mark.pure


def words(text: str) -> list[str]:
    folded = folded_in_place(text)
    assert folded is not None, ascii(text)
    assert len(folded) == len(text)
    return [word.decode() for word in folded.translate(None, SILENT).split()]


def test_no_letter_changes_what_the_one_beside_it_folds_to() -> None:
    wrong = [
        one + other for one, other in product(LETTERS, repeat=2) if words(one + other) != fold(one + other).split()
    ]

    assert not wrong, ascii(wrong[:5])


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=60))
def test_the_words_are_those_that_folding_parts(text: str) -> None:
    assert words(text) == fold(text).split()


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(max_size=20))
def test_any_other_letter_is_left_to_folding(text: str) -> None:
    folded = folded_in_place(text)

    assert (folded is None) == any(letter not in LETTERS for letter in text)
    assert folded is None or words(text) == fold(text).split()


def test_what_vietnamese_and_the_languages_of_the_highlands_are_written_with_is_known() -> None:
    vowels = [vowel + tone for vowel in "aăâeêioôơuưy" for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")]
    written = unicodedata.normalize("NFC", "".join(vowels)) + "đƀčñĕĭŏŭ" + "ê̆ơ̆ô̆ư̆o̱"

    for text in (written, written.upper(), "‘K’tu’, “ʼna” – 1975… (k'lông)\u00a0\n"):
        assert folded_in_place(text) is not None, text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăk Bla", b"dak bla"),
        ("Hơ̆mon, k'lông", b"ho\"mon  k'long"),
        ("", b""),
        ("ꪁꪲ", None),
        ("ŋ", None),
        ("a\u0345", None),
        ("\ud800", None),
    ],
)
def test_each_letter_stays_in_its_place(text: str, folded: bytes | None) -> None:
    assert folded_in_place(text) == folded
