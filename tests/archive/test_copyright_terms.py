"""Calculated ends of protection: Article 27 of the law, and what is lacking to apply it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.copyright_terms import DOUBTS, LACKING, RULES, WORKS, Term, Work, term
from archive.dates import DateError

pytestmark = pytest.mark.pure

RECORDED = (Work.PHOTOGRAPH, Work.FILM, Work.APPLIED_ART)


def test_a_work_of_a_known_author_is_protected_for_life_and_fifty_years() -> None:
    assert term(Work.ORDINARY, died="1951-10-20") == Term(date(2001, 12, 31), "life_50", (("died", "1951-10-20"),))
    assert term(Work.ORDINARY, published="1920") == Term(None, "", lacking=("died",))


@pytest.mark.parametrize("work", [*RECORDED, Work.ANONYMOUS])
def test_what_has_no_personal_author_is_protected_for_seventy_five_years_from_publication(work: Work) -> None:
    assert term(work, published="1990-05") == Term(date(2065, 12, 31), "publication_75", (("published", "1990-05"),))


@pytest.mark.parametrize("work", RECORDED)
def test_what_stayed_unpublished_for_twenty_five_years_is_protected_for_a_hundred_from_fixation(work: Work) -> None:
    found = term(work, published="1996", fixed="1970")

    assert found == Term(date(2070, 12, 31), "fixation_100", (("published", "1996"), ("fixed", "1970")))


@pytest.mark.parametrize("work", RECORDED)
def test_what_was_published_in_the_twenty_fifth_year_was_published_in_time(work: Work) -> None:
    found = term(work, published="1995", fixed="1970")

    assert (found.ends_on, found.rule, found.doubts) == (date(2070, 12, 31), "publication_75", ())
    assert term(work, published="1994", fixed="1970").ends_on == date(2069, 12, 31)


@pytest.mark.parametrize("work", RECORDED)
def test_without_a_publication_the_latest_end_is_a_hundred_years_from_fixation(work: Work) -> None:
    found = term(work, fixed="1931")

    assert (found.ends_on, found.rule, found.doubts) == (date(2031, 12, 31), "fixation_100", ("publication_unknown",))
    assert term(work) == Term(None, "", lacking=("published", "fixed"))


def test_an_anonymous_work_has_no_term_from_fixation_and_ceases_to_be_anonymous_with_its_author() -> None:
    assert term(Work.ANONYMOUS, fixed="1931") == Term(None, "", lacking=("published", "died"))
    assert term(Work.ANONYMOUS, published="1960", died="1980").rule == "life_50"


@pytest.mark.parametrize(
    ("died", "ends_on"),
    [("1951~", 2001), ("195X", 2009), ("19XX", 2049), ("1945/1951", 2001), ("[..1944]", 1994)],
)
def test_a_vague_date_is_taken_at_its_latest_and_said_to_be_vague(died: str, ends_on: int) -> None:
    found = term(Work.ORDINARY, died=died)

    assert (found.ends_on, found.doubts) == (date(ends_on, 12, 31), ("estimate",))


@pytest.mark.parametrize("died", ["", "XXXX", "1951/..", "[1951..]", "9990"])
def test_a_date_without_an_end_is_lacking(died: str) -> None:
    assert term(Work.ORDINARY, died=died).lacking == ("died",)


def test_where_dates_do_not_tell_whether_it_was_in_time_the_later_end_is_taken() -> None:
    found = term(Work.PHOTOGRAPH, published="1990", fixed="196X")

    assert (found.ends_on, found.rule, found.doubts) == (date(2069, 12, 31), "fixation_100", ("estimate",))


@pytest.mark.parametrize(("published", "is_doubtful"), [("1959", True), ("1960", False)])
def test_what_may_have_become_free_under_the_older_law_is_for_a_lawyer(published: str, *, is_doubtful: bool) -> None:
    assert ("older_law" in term(Work.PHOTOGRAPH, published=published).doubts) is is_doubtful
    assert ("older_law" in term(Work.PHOTOGRAPH, published=published, fixed=published).doubts) is is_doubtful


def test_folklore_and_texts_of_law_have_no_term_whatever_is_known() -> None:
    assert term(Work.FOLKLORE, died="1950", published="1960", fixed="1970") == Term(None, "folklore")
    assert term(Work.OFFICIAL, published="1960") == Term(None, "not_protected")


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(DateError):
        term(Work.ORDINARY, died="khoảng 1950")


def test_everything_that_is_told_has_words() -> None:
    assert set(WORKS) == set(Work)
    for work in Work:
        for known in ({}, {"died": "1950~"}, {"published": "1950"}, {"fixed": "1950"}):
            found = term(work, **known)
            assert not found.rule or found.rule in RULES
            assert set(found.doubts) <= set(DOUBTS)
            assert set(found.lacking) <= set(LACKING)
            assert bool(found.rule) != bool(found.lacking)


years = st.integers(1800, 2100)


@settings(max_examples=60)
@given(st.sampled_from(RECORDED), years, years)
def test_knowing_less_never_frees_a_work_earlier(work: Work, published: int, fixed: int) -> None:
    fixed, published = sorted((published, fixed))
    whole = term(work, published=str(published), fixed=str(fixed)).ends_on

    assert whole is not None
    for less in (term(work, published=str(published)), term(work, fixed=str(fixed))):
        assert less.ends_on is not None
        assert less.ends_on >= whole
