"""Titles stand as in a Vietnamese dictionary."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.sorting import title_key

pytestmark = pytest.mark.pure
SORTED = [
    *("1975", "2012", "A Ma Chiêng", "ả đào", "ai", "ăn", "ấm", "ba", "Ba Na", "bà", "Bà Nà", "bá", "bạ", "ban", "băng"),
    *("Bơ̆nê", "Cồng chiêng", "dao", "đao", "Đắk Lắk", "Đăm Noi", "e", "ê", "gông", "Kon Klor", "Kon Tum", "la", "la bàn"),
    *("lá", "lô", "lơ", "mă", "nhà rông", "Ni", "ong", "ông", "ơn", "tơ nớt", "tơ rưng", "Ư", "Xơ Đăng"),
]  # fmt: skip


def test_titles_are_in_the_order_of_dictionaries() -> None:
    mixed = list(SORTED)
    random.Random(7).shuffle(mixed)

    assert sorted(mixed, key=title_key) == SORTED


@pytest.mark.parametrize("other", ["NHÀ RÔNG", unicodedata.normalize("NFD", "nhà rông"), "nhà  rông", "“nhà rông”"])
def test_case_composition_and_quotes_do_not_matter(other: str) -> None:
    assert title_key(other) == title_key("nhà rông")


@given(st.text())
def test_a_key_holds_only_what_all_databases_sort_alike(text: str) -> None:
    key = title_key(text)

    assert key.isascii()
    assert not key or (key.isalnum() and key == key.lower())
