"""Sizes of files, written one way everywhere."""

from __future__ import annotations

import pytest

from media_pipeline import sizes

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("size_bytes", "vietnamese"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 KB"),
        (48_300, "48 KB"),
        (999_499, "999 KB"),
        (999_999, "1 MB"),
        (2_440_000, "2,4 MB"),
        (24_400_000, "24 MB"),
        (3_000_000_000, "3 GB"),
    ],
)
def test_a_size_has_the_unit_that_a_reader_pays_for(size_bytes: int, vietnamese: str) -> None:
    assert sizes.format_size(size_bytes, "vi").replace("\u00a0", " ") == vietnamese


def test_numbers_have_the_separators_of_the_language() -> None:
    assert sizes.format_number(1234567.5, "vi", decimals=1) == "1.234.567,5"
    assert sizes.format_number(1234567.5, "en", decimals=1) == "1,234,567.5"
    assert sizes.format_number(2.0, "vi", decimals=1) == "2"
