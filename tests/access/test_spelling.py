"""The storage form of text against the tables of letters of the highland orthographies."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import spelling
from access.spelling import canonical

pytestmark = pytest.mark.pure

BREVE, CIRCUMFLEX, HORN, ACUTE, GRAVE, TILDE, HOOK, DOT = (
    "\u0306", "\u0302", "\u031b", "\u0301", "\u0300", "\u0303", "\u0309", "\u0323",
)  # fmt: skip

# Glyph, composed, decomposed, composed upper case.
LETTERS = [
    ("ă", "\u0103", "a\u0306", "\u0102"),
    ("ĕ", "\u0115", "e\u0306", "\u0114"),
    ("ĭ", "\u012d", "i\u0306", "\u012c"),
    ("ŏ", "\u014f", "o\u0306", "\u014e"),
    ("ŭ", "\u016d", "u\u0306", "\u016c"),
    ("â̆", "\u00e2\u0306", "a\u0302\u0306", "\u00c2\u0306"),
    ("ê̆", "\u00ea\u0306", "e\u0302\u0306", "\u00ca\u0306"),
    ("ô̆", "\u00f4\u0306", "o\u0302\u0306", "\u00d4\u0306"),
    ("ơ̆", "\u01a1\u0306", "o\u031b\u0306", "\u01a0\u0306"),
    ("ư̆", "\u01b0\u0306", "u\u031b\u0306", "\u01af\u0306"),
    ("y̆", "y\u0306", "y\u0306", "Y\u0306"),
    ("ƀ", "\u0180", "\u0180", "\u0243"),
    ("đ", "\u0111", "\u0111", "\u0110"),
    ("ꝍ", "\ua74d", "\ua74d", "\ua74c"),
    ("č", "\u010d", "c\u030c", "\u010c"),
    ("ñ", "\u00f1", "n\u0303", "\u00d1"),
]


@pytest.mark.parametrize(
    ("composed", "decomposed", "upper"), [row[1:] for row in LETTERS], ids=[row[0] for row in LETTERS]
)
def test_each_letter_has_one_form_composed_or_not_and_in_either_case(
    composed: str, decomposed: str, upper: str
) -> None:
    assert canonical(composed) == composed
    assert canonical(decomposed) == composed
    assert canonical(upper) == upper
    assert canonical(unicodedata.normalize("NFD", upper)) == upper
    assert canonical(composed).upper() == upper
    assert canonical(decomposed[0] + "".join(reversed(decomposed[1:]))) == composed


@pytest.mark.parametrize("apostrophe", "'‘’ʼꞌ")
def test_apostrophes_stay_as_they_were_typed(apostrophe: str) -> None:
    assert canonical(f"K{apostrophe}tu") == f"K{apostrophe}tu"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("e" + BREVE + CIRCUMFLEX, "ê" + BREVE),
        ("ĕ" + CIRCUMFLEX, "ê" + BREVE),
        ("ŏ" + HORN, "ơ" + BREVE),
        ("o" + ACUTE + BREVE + HORN, "ơ" + BREVE + ACUTE),
        ("u" + BREVE + GRAVE + HORN, "ư" + BREVE + GRAVE),
        ("e" + DOT + BREVE + CIRCUMFLEX, "ệ" + BREVE),
        ("ế" + BREVE, "ê" + BREVE + ACUTE),
        ("o" + BREVE + BREVE, "ŏ"),
        ("o" + HORN + BREVE + HORN, "ơ" + BREVE),
        ("E" + BREVE + CIRCUMFLEX, "Ê" + BREVE),
    ],
)
def test_marks_are_put_in_order_circumflex_or_horn_then_breve_then_tone(typed: str, stored: str) -> None:
    assert canonical(typed) == stored


@pytest.mark.parametrize(
    "spelled", ["ǎ", "ǐ", "ǒ", "Kon Jõ Dri", "thẽng", "hơ'mon", "H'mon", "Pờ Y", "hòa", "hoà", "Ya Li", "Ya Ly"]
)
def test_spelling_is_never_corrected(spelled: str) -> None:
    assert canonical(spelled) == spelled
    assert canonical(unicodedata.normalize("NFD", spelled)) == spelled


def test_all_ninety_precomposed_vietnamese_letters_stay_and_are_made_from_their_parts() -> None:
    for code in range(0x1EA0, 0x1EFA):
        letter = chr(code)
        assert canonical(letter) == letter
        assert canonical(unicodedata.normalize("NFD", letter)) == letter


def test_a_loose_circumflex_stays_where_it_is() -> None:
    assert canonical(" " + CIRCUMFLEX) == " " + CIRCUMFLEX
    assert canonical(CIRCUMFLEX) == CIRCUMFLEX


@pytest.mark.parametrize("text", ["ꪁꪲ", "ꪁꪳ", "ꪼꪕ ꪒꪾ", "\uaab2\uaab3\uaab2", "ᨠᩥ", "ກິ່", "ក្រុង", "한국", "й", "ᾳ̈́"])
def test_letters_of_other_scripts_are_only_composed(text: str) -> None:
    assert canonical(text) == unicodedata.normalize("NFC", text)


def test_tai_viet_vowels_stay_different() -> None:
    assert canonical("ꪁꪲ") != canonical("ꪁꪳ")


def test_bahnar_text_in_parts_becomes_the_text_that_is_stored() -> None:
    stored = "Hơ̆mon, ƀok Kiơ̆m lơ̆m pơlei ê̆ xô̆ ƀar 'na"
    stored = canonical(stored)

    for form in ("NFD", "NFKD", "NFC"):
        assert canonical(unicodedata.normalize(form, stored)) == stored


def test_every_single_character_is_what_its_composition_is() -> None:
    differing = [
        f"{code:04x}"
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and canonical(chr(code)) != (unicodedata.normalize("NFC", chr(code)))
    ]

    assert differing == []


def test_the_short_way_is_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    composed = [chr(code) for code in range(0x80, 0x2FFF) if unicodedata.is_normalized("NFC", chr(code))]
    shortly = [canonical(letter) for letter in composed]

    class Always:
        search = staticmethod(lambda _text: True)

    monkeypatch.setattr(spelling, "_MARK", Always)

    assert [canonical(letter) for letter in composed] == shortly


@given(st.text(alphabet="aeouyAEOUđƀ'" + BREVE + CIRCUMFLEX + HORN + ACUTE + GRAVE + TILDE + HOOK + DOT, max_size=9))
def test_marks_in_any_order_make_one_form(text: str) -> None:
    stored = canonical(text)

    assert canonical(unicodedata.normalize("NFD", text)) == canonical(unicodedata.normalize("NFKC", text)) == stored
    assert canonical(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
