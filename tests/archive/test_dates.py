"""EDTF dates as ranges of days."""

from __future__ import annotations

from datetime import date

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import dates
from archive.dates import DateError, DateRange, read

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2012-02-29", date(2012, 2, 29), date(2012, 2, 29)),
        ("1975~", date(1975, 1, 1), date(1975, 12, 31)),
        ("1975?", date(1975, 1, 1), date(1975, 12, 31)),
        ("1975%", date(1975, 1, 1), date(1975, 12, 31)),
        ("2001/2005", date(2001, 1, 1), date(2005, 12, 31)),
        ("2001-03/2001-05-04", date(2001, 3, 1), date(2001, 5, 4)),
        ("197X", date(1970, 1, 1), date(1979, 12, 31)),
        ("19XX", date(1900, 1, 1), date(1999, 12, 31)),
        ("1975-XX", date(1975, 1, 1), date(1975, 12, 31)),
        ("[1972,1974]", date(1972, 1, 1), date(1974, 12, 31)),
        ("{1972..1974}", date(1972, 1, 1), date(1974, 12, 31)),
        ("2020-21", date(2020, 3, 1), date(2020, 5, 31)),
    ],
)
def test_a_date_is_the_days_it_may_mean(text: str, first: date, last: date) -> None:
    assert read(text) == DateRange(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", None, None),
        ("  ", None, None),
        ("2001/..", date(2001, 1, 1), None),
        ("../2001", None, date(2001, 12, 31)),
        ("2001/", date(2001, 1, 1), None),
        ("/2001", None, date(2001, 12, 31)),
    ],
)
def test_an_open_end_is_none(text: str, first: date | None, last: date | None) -> None:
    assert read(text) == DateRange(first, last)


@pytest.mark.parametrize("text", ["-0500", "Y-17000", "Y17000", "0000"])
def test_years_outside_the_calendar_are_open_and_no_error(text: str) -> None:
    found = read(text)

    assert found.first is None
    assert found.last is None


@pytest.mark.parametrize(
    "text",
    [
        "hôm qua",
        "32/13/2001",
        "2001-13",
        "2001-02-30",
        "2001-2-3",
        "20011",
        "2012-02-29/tomorrow",
        "<script>",
        "1975~~",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        read(text)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DateError):
        read("2005/2001")


@given(st.dates(min_value=date(1, 1, 1)))
def test_every_day_of_the_calendar_is_itself(day: date) -> None:
    assert read(day.isoformat()) == DateRange(day, day)


@given(st.dates(min_value=date(1, 1, 1)), st.dates(min_value=date(1, 1, 1)))
def test_every_range_of_days_is_its_ends(one: date, other: date) -> None:
    first, last = sorted((one, other))

    assert read(f"{first.isoformat()}/{last.isoformat()}") == DateRange(first, last)


@given(st.text(alphabet="0123456789-/.XuYTZ~?%[]{}, ", max_size=24))
def test_any_text_is_a_range_or_our_error(text: str) -> None:
    try:
        found = read(text)
    except DateError:
        return
    if found.first and found.last:
        assert found.first <= found.last


plain = st.from_regex(r"[0-9]{4}(-[0-3][0-9](-[0-3][0-9])?)?[~?%]?", fullmatch=True)


@given(plain | st.tuples(plain, plain).map("/".join))
@settings(max_examples=40)
def test_plain_dates_are_read_without_the_library_as_it_reads_them(text: str) -> None:
    quickly = dates._plain(text)

    if quickly is None:
        return
    assert quickly == dates._read(text)


def test_a_plain_date_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "_read", None)

    assert read("1972-02") == DateRange(date(1972, 2, 1), date(1972, 2, 29))
    assert read("1975~/1976-04-30?") == DateRange(date(1975, 1, 1), date(1976, 4, 30))


def test_what_is_longer_than_a_date_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edtf, "parse_edtf", lambda _text: pytest.fail("it was parsed"))

    with pytest.raises(DateError):
        read(f"[{'1990,' * 40}1990]")
