"""Folding: what must find what (domain.md 1.5), with properties that hold for any text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.spelling import canonical
from archive.search import folding
from archive.search.folding import compact, exact_words, fold, has_marks, loose

pytestmark = pytest.mark.pure

SAME_FOLDED = [
    ("hoà bình", "hòa bình"),
    ("thuý", "thúy"),
    ("Đăk Bla", "Dak Bla"),
    ("Đắk Glei", "Đăk Glei"),
    ("Ƀok Kiơm", "bok kiom"),
    ("k'lông pút", "klông pút"),
    ("k’lông pút", "klông pút"),
    ("H'mon", "Hmon"),
    ("Giẻ Triêng", "Gié-Triêng"),
    ("\u00ea\u0306", "e\u0306\u0302"),
    ("\ua74d", "ơ"),
    ("xoang", "xoăng"),
    ("T'rưng", "trung"),
]
SAME_COMPACT = [("Kon Tum", "Kontum"), ("Ba Na", "Bana"), ("Bahnar", "Bah Nar"), ("Hơ̆mon", "hơ mon")]
SAME_LOOSE = [
    ("Mỹ Sơn", "Mĩ Sơn"),
    ("kỹ thuật", "kĩ thuật"),
    ("goong", "gong"),
    ("Ét Đông", "Ét Đoong"),
    ("čar", "char"),
    ("ñan", "nhan"),
    ("khan", "kan"),
]
DIFFERENT = [
    ("\uaa81\uaab2", "\uaa81\uaab3"),  # Tai Viet vowels: marks there are letters
    ("Kon Kơ Tu", "Kon K'tu"),
    ("Xơ Đăng", "Sedang"),
    ("Jeh", "Giẻ"),
]


@pytest.mark.parametrize(("one", "other"), SAME_FOLDED)
def test_spellings_of_one_word_fold_to_the_same_key(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), SAME_COMPACT)
def test_names_written_together_or_apart_have_the_same_compact_key(one: str, other: str) -> None:
    assert compact(one) == compact(other)
    assert fold(one) != fold(other) or one.lower() == other.lower()


@pytest.mark.parametrize(("one", "other"), SAME_LOOSE)
def test_near_spellings_have_the_same_loose_key_only(one: str, other: str) -> None:
    assert loose(one) == loose(other)
    assert compact(one) != compact(other) or one in ("čar", "ñan")


@pytest.mark.parametrize(
    ("one", "other"), [*DIFFERENT, ("bam", "ban"), ("dac", "dak"), ("tu", "tum"), ("Et Đing Dieng", "Ét Đông")]
)
def test_words_that_differ_stay_apart(one: str, other: str) -> None:
    assert compact(one) != compact(other)
    assert loose(one) != loose(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("K’lông-pút (Đăk Bla)", ["klông", "pút", "đăk", "bla"]),
        ("e\u0306\u0302 Hoà", ["\u00ea\u0306", "hoà"]),
        ("\uaa81\uaab2 \uaa81\uaab3", ["\uaa81\uaab2", "\uaa81\uaab3"]),
        ("' - \u0301", []),
        ("ŋan ﬁ", ["ŋan", "fi"]),
    ],
)
def test_exact_words_keep_their_marks(text: str, words: list[str]) -> None:
    assert exact_words(canonical(text)) == words


@given(st.text() | st.text(alphabet="aâêơđƀŋ'ʼ -̣̆̂̀́ꪁꪲꪳ가ｶﾞ…\u0344", max_size=20))
def test_exact_words_stand_beside_the_folded_ones(text: str) -> None:
    written, folded = exact_words(canonical(text)), fold(canonical(text)).split()

    assert len(written) == len(folded)
    assert [fold(word) for word in written] == folded


@given(st.text() | st.text(alphabet="cčhnñkpyiaeo ", max_size=12))
def test_the_loose_key_of_a_text_is_that_of_what_it_folds_to(text: str) -> None:
    assert loose(text) == loose(fold(text))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("nhà rông", True),
        ("nha rong", False),
        ("Nha  Rong", False),
        ("đ", True),
        ("k'long", False),
        ("Kon-Tum", False),
        ("Gié-Triêng", True),
        ("", False),
    ],
)
def test_only_letters_with_marks_count_as_typed_with_marks(text: str, marked: bool) -> None:
    assert has_marks(text) is marked


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(st.text(alphabet="aăâeêioôơuưyđƀ'’ -̣̆̂̀́̉̃", max_size=30))
def test_a_folded_highland_text_is_plain_letters_and_single_spaces(text: str) -> None:
    folded = fold(text)

    assert folded.isascii()
    assert folded == " ".join(folded.split())


@given(st.text())
def test_compact_is_fold_without_spaces(text: str) -> None:
    assert compact(text) == fold(text).replace(" ", "")


@given(st.text(), st.text(alphabet="aâêơđƀй가ｶﾞ …\u0301\u0306\u064b\uaab0\u0344 ", max_size=20))
def test_letters_remembered_one_by_one_fold_as_the_whole_text_does(text: str, marked: str) -> None:
    for one in (text, marked, text + marked, marked + text):
        whole = unicodedata.normalize("NFKC", one).casefold()
        letters = re.sub(" +", " ", folding._letters(whole)).strip()

        assert fold(one) == unicodedata.normalize("NFC", letters)
