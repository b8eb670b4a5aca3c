"""An EDTF date in words. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from archive.dates_as_said.parts import DRY, EARLY, LATE, MIDDLE, QUARTERS, RAINY, SEASONS, part_of, whole_of
from archive.dates_as_said.words import ENGLISH_MONTHS

_POINT = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<doubt>[~?%]?)"
)
_MOMENT = re.compile(r"T[0-9]{2}:.*\Z")
_DOUBTS = {
    "vi": {"": "{}", "~": "khoảng {}", "?": "có lẽ {}", "%": "có lẽ khoảng {}"},
    "en": {"": "{}", "~": "about {}", "?": "perhaps {}", "%": "perhaps about {}"},
}
_PARTS = {
    "vi": {EARLY: "đầu", MIDDLE: "giữa", LATE: "cuối"},
    "en": {EARLY: "early", MIDDLE: "mid", LATE: "late"},
}
KEPT_MOST = 4_000  # dates whose words are kept in memory: a page of a list has dozens, most of them years


def say(edtf: str, lang: str) -> str:
    """Return an EDTF date as people read it, in Vietnamese ("vi", "vi-VN") or else in English; it begins in lower case.

    What it has no words for (sets of many, marks of doubt within a date, days of years before 1000) comes back as it is, so that nothing is
    invented. Of a moment the day is said.
    """
    return _said(edtf, lang)


@lru_cache(maxsize=KEPT_MOST)
def _said(edtf: str, lang: str) -> str:
    text = _MOMENT.sub("", edtf.strip())
    return _words(text, "vi" if lang.partition("-")[0].lower() == "vi" else "en") or edtf.strip()


def _words(text: str, lang: str) -> str | None:
    if text == "XXXX":
        return "không rõ thời gian" if lang == "vi" else "date not known"
    if text[:1] in "[{" and text[-1:] in "]}" and len(text) > 2:
        return _set(text, lang)
    if "/" in text:
        return _interval(text, lang)
    return _point(text, lang)


def _point(text: str, lang: str) -> str | None:
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    bare = _bare(year, month, day, lang)
    return None if bare is None else _DOUBTS[lang][match["doubt"]].format(bare)


def _bare(year: str, month: str | None, day: str | None, lang: str) -> str | None:
    if not year.isdigit():
        return None if month else _span(year, lang)
    if int(year) < 100:
        return None
    called = _year(year, lang)
    if month is None:
        return called
    if int(year) < 1000:
        return None
    if month == "XX":
        if day not in (None, "XX"):
            return None
        if lang == "vi":
            return f"một {'ngày' if day else 'tháng'} trong {called}"
        return f"a {'day' if day else 'month'} in {called}"
    if month in SEASONS or month in QUARTERS:
        if day:
            return None
        name = (SEASONS.get(month) or QUARTERS[month])[0 if lang == "vi" else 1]
        return f"{name} {called}"
    if not 1 <= int(month) <= 12:
        return None
    named = f"tháng {int(month)} năm {int(year)}" if lang == "vi" else f"{ENGLISH_MONTHS[int(month) - 1]} {int(year)}"
    if day is None:
        return named
    if day == "XX":
        return f"một ngày trong {named}" if lang == "vi" else f"a day in {named}"
    return f"ngày {int(day)} {named}" if lang == "vi" else f"{int(day)} {named}"


def _year(year: str, lang: str) -> str:
    if lang == "vi":
        return f"năm {int(year)}"
    return str(int(year)) if int(year) >= 1000 else f"the year {int(year)}"


def _span(year: str, lang: str) -> str | None:
    """Return the words of a decade or century."""
    if year.endswith("XX"):
        century = int(year[:2]) + 1
        return f"thế kỷ {century}" if lang == "vi" else f"the {_ordinal(century)} century"
    if int(year[:3]) < 100:
        return None
    if lang == "vi":
        return f"thập niên {int(year[:3])}0"
    # "The 1900s" are a century to one half of the readers.
    return f"the {year[:3]}0s" if year[2] != "0" else f"the decade {int(year[:3])}0-{int(year[:3])}9"


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _interval(text: str, lang: str) -> str | None:
    first, _slash, last = text.partition("/")
    if "/" in last:
        return None
    if (said := _known_part(text, lang)) is not None:
        return said
    begins, ends = _point(first, lang), _point(last, lang)
    if first in ("", ".."):
        if ends is None:
            return None
        return f"đến hết {ends}" if lang == "vi" else f"until {ends}"
    if last in ("", ".."):
        if begins is None:
            return None
        return f"từ {begins} trở đi" if lang == "vi" else f"from {begins} on"
    if begins is None or ends is None:
        return None
    if re.fullmatch(r"[0-9-]+", text.replace("/", "")):
        begins = _shortened(first, last, lang) or begins
    return f"từ {begins} đến {ends}" if lang == "vi" else f"from {begins} to {ends}"


def _shortened(first: str, last: str, lang: str) -> str | None:
    """Return the first of two plain dates without the year, or month and year, that the second says again."""
    if len(first) != len(last) or first[:4] != last[:4] or int(first[5:7] or 0) > 12 or int(last[5:7] or 0) > 12:
        return None
    if len(first) == 10:
        day, month = int(first[8:]), int(first[5:7])
        if first[:7] == last[:7]:
            return f"ngày {day}" if lang == "vi" else str(day)
        return f"ngày {day} tháng {month}" if lang == "vi" else f"{day} {ENGLISH_MONTHS[month - 1]}"
    if len(first) == 7:
        return f"tháng {int(first[5:])}" if lang == "vi" else ENGLISH_MONTHS[int(first[5:]) - 1]
    return None


def _known_part(text: str, lang: str) -> str | None:
    """Return the words of an interval that is a named part of something: an early century, a dry season."""
    if (found := whole_of(text)) is not None:
        whole, part = found
        return _part(whole, part, lang)
    first, _slash, last = text.partition("/")
    if re.fullmatch(r"[0-9]{4}~/[0-9]{4}~", text):
        late, early = f"{first[:2]}XX", f"{last[:2]}XX"
        ends = (part_of(late, LATE) or "").partition("/")[0], (part_of(early, EARLY) or "").partition("/")[2]
        if (first, last) == ends and int(early[:2]) == int(late[:2]) + 1:
            said = _part(late, LATE, lang), _part(early, EARLY, lang)
            return f"{said[0]} {said[1]}" if lang == "vi" else f"{said[0]} to {said[1]}"
    years = re.fullmatch(r"([0-9]{4})-([0-9]{2})~/([0-9]{4})-([0-9]{2})~", text)
    if years is None or int(years[1]) < 1000:
        return None
    months, since = (years[2], years[4]), int(years[3]) - int(years[1])
    if months == DRY and since == 1:
        return f"mùa khô {years[1]}-{years[3]}" if lang == "vi" else f"dry season {years[1]}-{years[3]}"
    if months == RAINY and since == 0:
        return f"mùa mưa năm {years[1]}" if lang == "vi" else f"rainy season {years[1]}"
    return None


def _part(whole: str, part: str, lang: str) -> str | None:
    name = _point(whole, lang)
    if name is None or name.startswith(("the decade", "the year")):
        return None
    word = _PARTS[lang][part]
    return f"the {word} {name[4:]}" if name.startswith("the ") else f"{word} {name}"


def _set(text: str, lang: str) -> str | None:
    inner, one = text[1:-1], text[0] == "["
    if one and inner.startswith(".."):
        point = _neighbour(inner[2:], +1, lang)
        return point and (f"trước {point}" if lang == "vi" else f"before {point}")
    if one and inner.endswith(".."):
        point = _neighbour(inner[:-2], -1, lang)
        return point and (f"sau {point}" if lang == "vi" else f"after {point}")
    first, dots, last = inner.partition("..")
    if dots:
        begins, ends = _point(first, lang), _point(last, lang)
        if not one or begins is None or ends is None:
            return None
        return f"trong khoảng từ {begins} đến {ends}" if lang == "vi" else f"between {begins} and {ends}"
    points = [_point(point.strip(), lang) for point in inner.split(",")]
    if len(points) != 2 or None in points or inner != inner.replace(" ", ""):
        return None
    if lang == "vi":
        return (" hoặc " if one else " và ").join(point for point in points if point)
    return (" or " if one else " and ").join(point for point in points if point)


def _neighbour(text: str, step: int, lang: str) -> str | None:
    """Return the words of the year, month or day next to a plain one: what is before 1945 ends with 1944."""
    try:
        if re.fullmatch(r"[0-9]{4}", text):
            return _point(f"{int(text) + step:04}", lang)
        if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
            months = int(text[:4]) * 12 + int(text[5:]) - 1 + step
            return _point(f"{months // 12:04}-{months % 12 + 1:02}", lang)
        return _point((date.fromisoformat(text) + timedelta(days=step)).isoformat(), lang)
    except (ValueError, OverflowError):
        return None
