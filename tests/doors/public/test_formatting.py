"""Numbers, sizes and dates as readers write them."""

from __future__ import annotations

import datetime

import pytest

from public_site import formatting

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("edtf", "vietnamese", "english"),
    [
        ("1975", "năm 1975", "1975"),
        ("1975~", "khoảng năm 1975", "about 1975"),
        ("1975?", "có lẽ năm 1975", "perhaps 1975"),
        ("1975%", "có lẽ khoảng năm 1975", "perhaps about 1975"),
        ("199X", "thập niên 1990", "the 1990s"),
        ("19XX", "thế kỷ 20", "the 20th century"),
        ("20XX", "thế kỷ 21", "the 21st century"),
        ("2019-04", "tháng 4 năm 2019", "April 2019"),
        ("2019-04-XX", "tháng 4 năm 2019", "April 2019"),
        ("2019-22", "mùa hè năm 2019", "summer 2019"),
        ("2023-02-14", "ngày 14 tháng 2 năm 2023", "14 February 2023"),
        ("2001/2005", "từ năm 2001 đến năm 2005", "from 2001 to 2005"),
        ("2001/..", "từ năm 2001 trở đi", "from 2001 on"),
        ("../2005~", "đến hết khoảng năm 2005", "until about 2005"),
        ("[1667,1668]", "[1667,1668]", "[1667,1668]"),
        ("2019-13", "2019-13", "2019-13"),
    ],
)
def test_a_date_is_written_as_people_say_it(edtf: str, vietnamese: str, english: str) -> None:
    assert formatting.format_edtf(edtf, "vi") == vietnamese
    assert formatting.format_edtf(edtf, "en") == english


def test_lengths_of_sound_are_written_with_a_colon() -> None:
    assert [formatting.format_duration(ms) for ms in (7_400, 725_000, 3_725_000)] == ["0:07", "12:05", "1:02:05"]


def test_a_day_is_written_in_the_order_of_the_language() -> None:
    day = datetime.date(2023, 2, 4)

    assert formatting.format_day(day, "vi") == "04/02/2023"
    assert formatting.format_day(day, "en") == "4 February 2023"
