"""Durations and days as Vietnamese and English readers write them. Pure: no Django, no clock.

`language` is "vi" or "en" (longer tags are cut at the hyphen); any other language is written the English way.
"""

from __future__ import annotations

import datetime

from archive.dates_as_said.words import ENGLISH_MONTHS
from media_pipeline.sizes import is_vietnamese


def format_duration(duration_ms: int) -> str:
    """A length of sound or film: "0:07", "12:05", "1:02:05"."""
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def format_day(day: datetime.date, language: str) -> str:
    """A day written out: "14/02/2023" in Vietnamese, "14 February 2023" in English."""
    if is_vietnamese(language):
        return f"{day.day:02}/{day.month:02}/{day.year}"
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
