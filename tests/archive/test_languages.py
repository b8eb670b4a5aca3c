"""Values in a language: storage form, tags, and the choice for a reader."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.languages import BCP47, LangValue, canonical, clean, of, pick, pick_text

pytestmark = pytest.mark.pure

BREVE, CIRCUMFLEX, HORN, ACUTE = "\u0306", "\u0302", "\u031b", "\u0301"


@pytest.mark.parametrize("base", "aeo")
def test_circumflex_comes_before_breve_however_it_was_typed(base: str) -> None:
    composed = unicodedata.normalize("NFC", base + CIRCUMFLEX) + BREVE

    for typed in (base + BREVE + CIRCUMFLEX, base + CIRCUMFLEX + BREVE, composed):
        assert canonical(typed) == composed


@pytest.mark.parametrize("base", "ou")
def test_horn_comes_before_breve_and_breve_before_tone(base: str) -> None:
    wanted = unicodedata.normalize("NFC", base + HORN) + BREVE + ACUTE

    for typed in (base + HORN + BREVE + ACUTE, base + BREVE + HORN + ACUTE, base + ACUTE + BREVE + HORN):
        assert unicodedata.normalize("NFD", canonical(typed)) == unicodedata.normalize("NFD", wanted)


def test_a_mark_typed_twice_is_kept_once() -> None:
    assert canonical("o" + BREVE + BREVE) == "\u014f"


def test_all_ninety_precomposed_vietnamese_letters_stay_as_they_are() -> None:
    letters = [chr(code) for code in range(0x1EA0, 0x1EFA)]

    assert [canonical(letter) for letter in letters] == letters
    assert len(letters) == 90


def test_letters_without_a_decomposition_stay_as_they_are() -> None:
    assert canonical("ƀɃđĐꝍꝌ") == "ƀɃđĐꝍꝌ"


@given(st.text())
def test_the_storage_form_is_made_once_and_is_composed(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert unicodedata.is_normalized("NFC", canonical(text))


@given(st.text(alphabet="aeou" + BREVE + CIRCUMFLEX + HORN + ACUTE, max_size=8))
def test_no_letter_is_lost_and_no_mark_invented(text: str) -> None:
    before, after = unicodedata.normalize("NFD", text), unicodedata.normalize("NFD", canonical(text))

    assert [one for one in before if one in "aeou"] == [one for one in after if one in "aeou"]
    assert set(before) == set(after)


@given(st.text())
def test_canonically_equal_texts_have_one_storage_form(text: str) -> None:
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(text)


@pytest.mark.parametrize(
    "tag",
    ["vi", "en", "bdq", "sed", "jeh", "bdq-VN", "bdq-x-kontum", "und", "zxx", "mul", "sr-Latn", "es-419", "vi-Latn-VN"],
)
def test_tags_of_any_language_are_taken(tag: str) -> None:
    assert clean([{"lang": tag, "value": "a"}]) == [{"lang": tag, "value": "a"}]


@pytest.mark.parametrize("tag", ["", "v", "Vi", "vi_VN", "vi-", "vi VN", "tiếng", "vi\n", "toolonglanguage", "vi-x"])
def test_malformed_tags_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(tag)}\Z"):
        clean([{"lang": tag, "value": "a"}])


def test_empty_values_are_dropped_and_order_is_kept() -> None:
    values: list[LangValue] = [
        {"lang": "vi", "value": " Nhà rông "},
        {"lang": "en", "value": "  "},
        {"lang": "vi", "value": "Nhà chung"},
    ]

    assert clean(values) == [{"lang": "vi", "value": "Nhà rông"}, {"lang": "vi", "value": "Nhà chung"}]


def test_a_reader_gets_their_language_then_vietnamese_then_english_then_what_there_is() -> None:
    every = of(bdq="rông", en="communal house", vi="nhà rông")

    assert [pick_text(every, lang) for lang in ("bdq", "en", "vi", "fr")] == [
        "rông",
        "communal house",
        "nhà rông",
        "nhà rông",
    ]
    assert pick_text(of(bdq="rông", en="communal house"), "fr") == "communal house"
    assert pick_text(of(bdq="rông"), "fr") == "rông"
    assert pick([], "vi") is None
    assert pick_text([], "vi") == ""


def test_a_regional_value_serves_a_reader_of_the_language_and_the_other_way_round() -> None:
    assert pick_text([{"lang": "en-GB", "value": "colour"}, {"lang": "vi", "value": "màu"}], "en") == "colour"
    assert pick_text([{"lang": "en", "value": "colour"}, {"lang": "vi", "value": "màu"}], "en-GB") == "colour"


def test_a_language_is_not_taken_for_another_that_begins_alike() -> None:
    assert pick_text([{"lang": "enm", "value": "old"}, {"lang": "vi", "value": "màu"}], "en") == "màu"


def test_the_pattern_of_tags_takes_no_time_to_refuse() -> None:
    assert BCP47.match("a" + "-x" * 50_000) is None


def test_every_letter_that_has_its_marks_in_one_stays_as_it_is() -> None:
    odd = "x\u0301"  # has no letter of its own, so that the whole text goes the long way

    for code in (*range(0xD800), *range(0xE000, 0x20000)):
        letter = unicodedata.normalize("NFC", chr(code))
        if not unicodedata.combining(letter[0]):
            assert canonical(letter) == canonical(odd + letter).removeprefix(odd), hex(code)
