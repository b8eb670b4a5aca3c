"""One said date: a day, month, season, year, decade or century, or a named part of one. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from archive.dates_as_said.failures import Ambiguous, Unread
from archive.dates_as_said.parts import dry_season, part_of, rainy_season
from archive.dates_as_said.words import (
    CENTURY_WORDS,
    MONTHS,
    ORDINALS,
    PARTS,
    ROMAN,
    SEASONS,
    VIETNAMESE_MONTHS,
)

_YOUNGEST_SHORT_YEAR = 30  # '30 is 2030 before it is 1930


def _any(words: object) -> str:
    assert hasattr(words, "__iter__")  # noqa: S101 (our own tables)
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH_NAME = _any(MONTHS)
_MONTH_WORD = _any(VIETNAMESE_MONTHS)
_SEASON = _any(SEASONS)
_DECADES = r"(?:thap nien nhung nam|thap nien|thap ky|thap ki|nhung nam|cac nam)"
_CENTURY = r"(?:the ky|the ki|tk)(?: thu)?"
_ROMAN = _any(ROMAN)

_FILLER = re.compile(r"^(?:(?:vao luc|vao|hoi|luc|in the|in|on|during|the(?! k[yi]\b| year\b))\b|,) ?")
_YEAR = re.compile(r"(?:nam |the year )?([0-9]{4})|(?:nam |the year )([0-9]{3})")
_COPYRIGHT = re.compile(r"(?:©|℗|\(c\)|cop\.?|copyright|p)\s*([0-9]{4})")
_SHORT_YEAR = re.compile(r"(?:nam )?([0-9]{2})")
_DECADE = re.compile(rf"{_DECADES} (?:nam )?([0-9]{{3}})0|(?:the )?([0-9]{{3}})0s|([0-9]{{3}})[x-]\]?")
_DECADE_YEARS = re.compile(r"(?:the )?decade ([0-9]{3})0 ?- ?(?:\1)9")
_DECADE_IN_CENTURY = re.compile(rf"{_DECADES} (?:nam )?([0-9])0,? (?:cua )?{_CENTURY} ([0-9]{{1,2}}|{_ROMAN})")
_SHORT_DECADE = re.compile(
    rf"({_DECADES} (?:nam )?)([0-9]0)(?:,? (?:cua )?the k[yi] (?:truoc|qua|nay))?|(?:the )?([0-9]0)s"
)
_CENTURY_VI = re.compile(rf"{_CENTURY} ?([0-9]{{1,2}}|{_ROMAN})")
_CENTURY_EN = re.compile(r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th)[ -]?(?:century|cent\.?|c\.?)")
_CENTURY_WORD = re.compile(rf"(?:the )?({_any(CENTURY_WORDS)}) century")
_CENTURY_X = re.compile(r"([0-9]{2})(?:xx|--?)")
_PART = re.compile(rf"(?:the )?({_any(PARTS)})[ -](?:cua )?(.+)")
_HALF = re.compile(r"(?:(?:the )?(first|second) half of|nua (dau|cuoi|sau)) (?:cua )?(.+)")
_QUARTER = re.compile(
    r"(?:quy |q)([1-4]|iv|i{1,3})(?: ?/ ?| nam | )([0-9]{4})|(?:the )?(first|second|third|fourth) quarter of ([0-9]{4})"
)
_SEASON_OF = re.compile(rf"(?:mua )?({_SEASON})(?: nam| of)? ([0-9]{{4}})")
_DRY = re.compile(r"(?:mua kho|(?:the )?dry season)(?: nam| of)? ([0-9]{4})(?: ?[-/] ?([0-9]{4}))?")
_RAINY = re.compile(r"(?:mua mua|(?:the )?(?:rainy|wet) season)(?: nam| of)? ([0-9]{4})")
_SOME_DAY = re.compile(r"(?:mot|a|some) (ngay|day|thang|month)(?: nao do)? (?:trong|cua|in|of) (.+)")

_MONTH_OF_YEAR = (
    re.compile(r"(?:thang )?([0-9]{1,2}) ?[/.-] ?(?:nam )?([0-9]{4})"),
    re.compile(rf"thang ([0-9]{{1,2}}|{_MONTH_WORD}),? (?:nam )?([0-9]{{4}})"),
    re.compile(rf"({_MONTH_NAME})\.?,? (?:of )?([0-9]{{4}})"),
)
_YEAR_MONTH = re.compile(r"([0-9]{4}) ?[/.] ?([0-9]{1,2})")
_DAY_OF_MONTH = (
    re.compile(r"(?:ngay )?([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})"),
    re.compile(rf"(?:ngay )?([0-9]{{1,2}})(,?) ?thang ([0-9]{{1,2}}|{_MONTH_WORD}) ?,? ?(?:nam|/|-)? ?([0-9]{{4}})"),
    re.compile(r"ngay ([0-9]{1,2}) ?([/-]) ?([0-9]{1,2}) nam ([0-9]{4})"),
    re.compile(rf"([0-9]{{1,2}})(st|nd|rd|th)?(?: of)? ({_MONTH_NAME})\.?,? ([0-9]{{4}})"),
)
_MONTH_DAY = re.compile(rf"({_MONTH_NAME})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}})")
_YEAR_MONTH_DAY = re.compile(r"([0-9]{4}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
# "5/75" is a month; "5/12" a day without its year.
_SHORT_MONTH = re.compile(
    rf"(?:thang [0-9]{{1,2}} ?(?:/|-|nam)|(?:{_MONTH_NAME})|[0-9]{{1,2}} ?/(?= ?(?:3[2-9]|[4-9]))) ?([0-9]{{2}})"
)
_TIME_WORDS = re.compile(rf"\b(ngay|thang|nam|mua|{_SEASON}|{_MONTH_NAME}|spring|day|month|year)\b")


def read(said: str) -> str | None:
    """Return one date in EDTF, None if the text has none of the forms. Raises Ambiguous, and Unread for a day that there is none of."""
    said = _FILLER.sub("", said, count=1).strip(" .,;")
    for form in (_year, _day, _month, _season, _decade, _century, _part, _some):
        if (edtf := form(said)) is not None:
            return edtf
    return None


def is_copyright(said: str) -> bool:
    """Return whether this is "c1975": the year of copyright to librarians, "about 1975" to others."""
    return re.fullmatch(r"c[0-9]{4}", said) is not None


def names_time(said: str) -> bool:
    """Return whether a text without figures names a day, month or season all the same."""
    return _TIME_WORDS.search(said) is not None


def why_not(said: str) -> str:
    """Return the code for a text that has no form of a date."""
    figures = re.fullmatch(r"(?:ngay )?([0-9]{1,2})(?: ?[/.-] ?| thang )[0-9]{1,2}", said)
    dayless = re.fullmatch(rf"(?:ngay |thang )[0-9]{{1,2}}|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH_NAME})", said)
    return "no_year" if figures or dayless else "unreadable"


def completed(said: str, end: str) -> str | None:
    """Return the first of two dates that leaves out what the second (in EDTF) says: "21" before 2017-12-27; None if it does not."""
    end = end.rstrip("~?%")
    said = said.strip(" ,.")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", end):
        if match := re.fullmatch(r"(?:ngay )?([0-9]{1,2})(?:st|nd|rd|th)?", said):
            return _built(end[:4], end[5:7], match[1])
        for pattern in (
            rf"(?:ngay )?([0-9]{{1,2}}) ?(?:/|-|\.|thang) ?([0-9]{{1,2}}|{_MONTH_WORD})",
            rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH_NAME})",
        ):
            if match := re.fullmatch(pattern, said):
                return _built(end[:4], _month_number(match[2]), match[1])
        if match := re.fullmatch(rf"({_MONTH_NAME}) ([0-9]{{1,2}})(?:st|nd|rd|th)?", said):
            return _built(end[:4], _month_number(match[1]), match[2])
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", end):
        match = re.fullmatch(rf"(?:thang )?([0-9]{{1,2}})|thang ({_MONTH_WORD})|({_MONTH_NAME})", said)
        if match:
            return _built(end[:4], _month_number(match[1] or match[2] or match[3]))
    return None


def moved(point: str, step: int) -> str:
    """Return the plain year, month or day `step` years, months or days later. Raises Unread beyond the calendar."""
    try:
        if re.fullmatch(r"[0-9]{4}", point):
            return f"{date(int(point) + step, 1, 1).year:04}"
        if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", point):
            months = int(point[:4]) * 12 + int(point[5:]) - 1 + step
            return date(months // 12, months % 12 + 1, 1).isoformat()[:7]
        return (date.fromisoformat(point) + timedelta(days=step)).isoformat()
    except (ValueError, OverflowError) as error:
        raise Unread("unreadable") from error


def _year(said: str) -> str | None:
    if match := _YEAR.fullmatch(said):
        return (match[1] or match[2]).zfill(4)
    if match := _COPYRIGHT.fullmatch(said):
        return match[1]
    if is_copyright(said):
        raise Ambiguous(said, (said[1:], f"khoang {said[1:]}"))
    if match := _SHORT_YEAR.fullmatch(said):
        raise Ambiguous(match[1], _years_of(match[1]))
    return None


def _years_of(short: str) -> tuple[str, ...]:
    return (f"20{short}", f"19{short}") if int(short) <= _YOUNGEST_SHORT_YEAR else (f"19{short}", f"18{short}")


def _day(said: str) -> str | None:
    for pattern in _DAY_OF_MONTH:
        if match := pattern.fullmatch(said):
            return _built(match[4], _month_number(match[3]), match[1])
    if match := _MONTH_DAY.fullmatch(said):
        return _built(match[3], _month_number(match[1]), match[2])
    if match := _YEAR_MONTH_DAY.fullmatch(said):
        return _built(match[1], match[3], match[4])
    if match := re.fullmatch(r"(?:ngay )?[0-9]{1,2} ?([/.-]) ?[0-9]{1,2} ?\1 ?([0-9]{2})", said):
        raise Ambiguous(said, tuple(said[: match.start(2)] + year for year in _years_of(match[2])))
    return None


def _month(said: str) -> str | None:
    for pattern in _MONTH_OF_YEAR:
        if match := pattern.fullmatch(said):
            return _built(match[2], _month_number(match[1]))
    if match := _YEAR_MONTH.fullmatch(said):
        return _built(match[1], match[2])
    if match := _SHORT_MONTH.fullmatch(said):
        raise Ambiguous(said, tuple(said[: match.start(1)] + year for year in _years_of(match[1])))
    return None


def _season(said: str) -> str | None:
    if match := _SEASON_OF.fullmatch(said):
        return f"{match[2]}-{SEASONS[match[1]]}"
    if match := _RAINY.fullmatch(said):
        return rainy_season(int(match[1]))
    if match := _DRY.fullmatch(said):
        years = int(match[1]), int(match[2] or match[1])
        if match[2] and years[1] != years[0] + 1:
            raise Unread("unreadable")
        if years[1] < 2:
            raise Unread("unreadable")
        return dry_season(years[1])
    if match := _QUARTER.fullmatch(said):
        quarter = match[1] or match[3]
        return f"{match[2] or match[4]}-{32 + (int(quarter) if quarter.isdigit() else ORDINALS[quarter])}"
    return None


def _decade(said: str) -> str | None:
    if match := _DECADE.fullmatch(said):
        figures = match[1] or match[2] or match[3]
        if figures[2] == "0" and not match[3] and not said.startswith(("thap", "decade")):
            # "The 1900s", "những năm 1900": ten years, or a hundred.
            decade, century = f"thap nien {figures}0", f"the ky {int(figures[:2]) + 1}"
            raise Ambiguous(said, (decade, century))
        return f"{figures}X"
    if match := _DECADE_YEARS.fullmatch(said):
        return f"{match[1]}X"
    if match := _DECADE_IN_CENTURY.fullmatch(said):
        return f"{_century_number(match[2]) - 1:02}{match[1]}X"
    if match := _SHORT_DECADE.fullmatch(said):
        short = match[2] or match[3]
        raise Ambiguous(said, tuple(f"thap nien {year}" for year in _years_of(short)))
    return None


def _century(said: str) -> str | None:
    number = 0
    if match := _CENTURY_VI.fullmatch(said) or _CENTURY_EN.fullmatch(said):
        number = _century_number(match[1])
    elif match := _CENTURY_WORD.fullmatch(said):
        number = CENTURY_WORDS[match[1]]
    elif match := _CENTURY_X.fullmatch(said):
        number = int(match[1]) + 1
    return f"{number - 1:02}XX" if number else None


def _century_number(text: str) -> int:
    number = int(text) if text.isdigit() else ROMAN[text]
    if not number:
        raise Unread("unreadable")
    return number


def _part(said: str) -> str | None:
    if match := _HALF.fullmatch(said):
        return _half(read(match[3]), second=(match[1] or match[2]) in ("second", "cuoi", "sau"))
    match = _PART.fullmatch(said)
    if match is None:
        return None
    # "late 19th" of "late 19th to the early 20th century" has its noun further on.
    rest = f"{match[2]} century" if re.fullmatch(r"[0-9]{1,2}(?:st|nd|rd|th)", match[2]) else match[2]
    whole = read(rest)
    return part_of(whole, PARTS[match[1]]) if whole else None


def _half(whole: str | None, *, second: bool) -> str | None:
    if whole is None:
        return None
    if re.fullmatch(r"[0-9]{2}XX", whole):
        return f"{whole[:2]}50/{whole[:2]}99" if second else f"{whole[:2]}00/{whole[:2]}49"
    if re.fullmatch(r"[0-9]{3}X", whole):
        return f"{whole[:3]}5/{whole[:3]}9" if second else f"{whole[:3]}0/{whole[:3]}4"
    if re.fullmatch(r"[0-9]{4}", whole):
        return f"{whole}-{'41' if second else '40'}"
    return None


def _some(said: str) -> str | None:
    match = _SOME_DAY.fullmatch(said)
    if match is None:
        return None
    whole, day = read(match[2]), match[1] in ("ngay", "day")
    if whole and re.fullmatch(r"[0-9]{4}", whole):
        return f"{whole}-XX-XX" if day else f"{whole}-XX"
    if whole and day and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", whole):
        return f"{whole}-XX"
    return None


def _month_number(text: str) -> str:
    return text if text.isdigit() else str(MONTHS.get(text) or VIETNAMESE_MONTHS[text])


def _built(year: str, month: str, day: str | None = None) -> str:
    """Return the date of figures. Raises Unread if there is none, with the one that has day and month the other way round."""
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        turned: tuple[str, ...] = ()
        if day is not None and 1 <= int(day) <= 12 < int(month) <= 31 and year != "0000":
            turned = (f"{year}-{int(day):02}-{int(month):02}",)
        raise Unread("no_such_day", turned) from None
    return found.isoformat() if day is not None else found.isoformat()[:7]
