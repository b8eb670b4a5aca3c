"""Numbers, sizes and dates as readers write them."""

from __future__ import annotations

import datetime

import pytest

from public_site import formatting

pytestmark = pytest.mark.pure


def test_lengths_of_sound_are_written_with_a_colon() -> None:
    assert [formatting.format_duration(ms) for ms in (7_400, 725_000, 3_725_000)] == ["0:07", "12:05", "1:02:05"]


def test_a_day_is_written_in_the_order_of_the_language() -> None:
    day = datetime.date(2023, 2, 4)

    assert formatting.format_day(day, "vi") == "04/02/2023"
    assert formatting.format_day(day, "en") == "4 February 2023"
