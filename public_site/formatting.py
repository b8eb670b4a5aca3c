"""Durations and dates as Vietnamese and English readers write them. Pure: no Django, no clock.

`language` is "vi" or "en" (longer tags are cut at the hyphen); any other language is written the English way.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from media_pipeline.sizes import is_vietnamese

ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
VIETNAMESE_SEASONS = {21: "mùa xuân", 22: "mùa hè", 23: "mùa thu", 24: "mùa đông"}
ENGLISH_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}

EDTF_POINT = re.compile(
    r"^(?P<year>-?\d{1,4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<doubt>[~?%]?)$"
)
EDTF_MOMENT = re.compile(r"T\d\d:.*$")


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


@dataclass(frozen=True)
class Point:
    """One EDTF level 0 or 1 date, its parts still text; `doubt` is "", "~" (about), "?" (perhaps) or "%" (both)."""

    year: str
    month: int | None
    day: int | None
    doubt: str


def read_point(text: str) -> Point | None:
    """The parts of one EDTF date, None for what this module does not write out (it is then shown as it is)."""
    match = EDTF_POINT.match(EDTF_MOMENT.sub("", text.strip().upper()))
    if match is None:
        return None
    month = int(match["month"]) if (match["month"] or "X").isdigit() else None
    day = int(match["day"]) if (match["day"] or "X").isdigit() else None
    if month is not None and not (1 <= month <= 12 or 21 <= month <= 24):
        return None
    return Point(year=match["year"], month=month, day=day if month else None, doubt=match["doubt"])


def write_vietnamese(point: Point) -> str:
    """A point in Vietnamese without its doubt: "năm 1975", "thập niên 1990", "thế kỷ 20", "tháng 4 năm 2019"."""
    if point.year.endswith("XX"):
        return f"thế kỷ {int(point.year[:2]) + 1}"
    if point.year.endswith("X"):
        return f"thập niên {point.year[:3]}0"
    year = str(int(point.year))
    if point.month is None:
        return f"năm {year}"
    if point.month in VIETNAMESE_SEASONS:
        return f"{VIETNAMESE_SEASONS[point.month]} năm {year}"
    if point.day is None:
        return f"tháng {point.month} năm {year}"
    return f"ngày {point.day} tháng {point.month} năm {year}"


def write_english(point: Point) -> str:
    """A point in English without its doubt: "1975", "the 1990s", "the 20th century", "April 2019"."""
    if point.year.endswith("XX"):
        century = int(point.year[:2]) + 1
        last = century % 10
        ending = "th" if 10 < century % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
        return f"the {century}{ending} century"
    if point.year.endswith("X"):
        return f"the {point.year[:3]}0s"
    year = str(int(point.year))
    if point.month is None:
        return year
    if point.month in ENGLISH_SEASONS:
        return f"{ENGLISH_SEASONS[point.month]} {year}"
    if point.day is None:
        return f"{ENGLISH_MONTHS[point.month - 1]} {year}"
    return f"{point.day} {ENGLISH_MONTHS[point.month - 1]} {year}"


VIETNAMESE_DOUBTS = {"": "{}", "~": "khoảng {}", "?": "có lẽ {}", "%": "có lẽ khoảng {}"}
ENGLISH_DOUBTS = {"": "{}", "~": "about {}", "?": "perhaps {}", "%": "perhaps about {}"}


def write_point(text: str, language: str) -> str:
    """One EDTF date as words; what is not understood comes back unchanged."""
    point = read_point(text)
    if point is None:
        return text
    if is_vietnamese(language):
        return VIETNAMESE_DOUBTS[point.doubt].format(write_vietnamese(point))
    return ENGLISH_DOUBTS[point.doubt].format(write_english(point))


def format_edtf(text: str, language: str) -> str:
    """An EDTF date or interval as words: "2001/2005" as "từ năm 2001 đến năm 2005", "1975~" as "khoảng năm 1975".

    Open ends ("2001/..", "../2005") are "từ năm 2001 trở đi" and "đến hết năm 2005". Sets and forms of level 2 come
    back as they are written, so that nothing is invented. The result starts in lower case.
    """
    start, slash, end = text.strip().partition("/")
    vietnamese = is_vietnamese(language)
    if not slash:
        return write_point(start, language)
    first, last = write_point(start, language), write_point(end, language)
    if start in ("", ".."):
        return f"đến hết {last}" if vietnamese else f"until {last}"
    if end in ("", ".."):
        return f"từ {first} trở đi" if vietnamese else f"from {first} on"
    return f"từ {first} đến {last}" if vietnamese else f"from {first} to {last}"
