"""Opaque identifiers and their check character."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.identifiers import ALPHABET, LENGTH, PID_PATTERN, check_character, is_pid, new_pid

pytestmark = pytest.mark.pure
bodies = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_the_check_character_is_that_of_the_noid_algorithm() -> None:
    # The worked example of the NOID documentation (noid(1), section NOID CHECK DIGIT ALGORITHM): 13030/xf93gt2 gets q. Its alphabet
    # is ours; a character outside the alphabet, such as the slash, counts nothing there, and our bodies have none.
    total = sum(
        position * (ALPHABET.index(letter) if letter in ALPHABET else 0)
        for position, letter in enumerate("13030/xf93gt2", start=1)
    )

    assert ALPHABET[total % len(ALPHABET)] == "q"
    assert (
        check_character("3030xf93gt")
        == ALPHABET[sum(n * ALPHABET.index(c) for n, c in enumerate("3030xf93gt", 1)) % 29]
    )


def test_the_alphabet_has_no_vowels_and_a_prime_number_of_letters() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 29
    assert not set("aeiouyl") & set(ALPHABET)


def test_a_new_identifier_is_well_formed_and_no_two_are_alike() -> None:
    made = {new_pid() for _ in range(2000)}

    assert len(made) == 2000
    assert all(is_pid(pid) and re.fullmatch(PID_PATTERN, pid) for pid in made)


@given(bodies, st.integers(0, LENGTH), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body: str, place: int, letter: str) -> None:
    pid = body + check_character(body)
    wrong = pid[:place] + letter + pid[place + 1 :]

    assert is_pid(wrong) is (wrong == pid)


@given(bodies, st.integers(0, LENGTH - 1))
def test_two_neighbours_that_changed_places_are_always_found(body: str, place: int) -> None:
    pid = body + check_character(body)
    swapped = pid[:place] + pid[place + 1] + pid[place] + pid[place + 2 :]

    assert is_pid(swapped) is (swapped == pid)


@given(st.text(max_size=14))
def test_any_other_text_is_no_identifier_and_no_error(text: str) -> None:
    if is_pid(text):
        assert re.fullmatch(PID_PATTERN, text)


@pytest.mark.parametrize("text", ["", "0" * 10, "0" * 12, "A" * 11, "0000000000\n", "٠" * 11])
def test_what_only_looks_like_one_is_refused(text: str) -> None:
    assert not is_pid(text)
