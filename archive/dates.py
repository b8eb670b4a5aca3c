"""Dates as EDTF (ISO 8601-2): reading them into a range for sorting and filtering. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time


class DateError(ValueError):
    """The text is not EDTF."""


@dataclass(frozen=True)
class DateRange:
    """First and last day that a date may mean; None where it is open or out of the calendar (before year 1, after 9999)."""

    first: date | None
    last: date | None


# No column of ours is longer. The library takes 9 s for a list of four hundred years, and the longer the worse.
CHARS_MOST = 200
# Most dates by far; the library takes some 7 ms for one, too long for tables of many rows.
_PLAIN = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?[~?%]?\Z")


def read(text: str) -> DateRange:
    """Return the range of an EDTF date; an empty text and XXXX are open on both sides. Raises DateError."""
    text = text.strip()
    if len(text) > CHARS_MOST:
        raise DateError(text[:CHARS_MOST])
    # XXXX is any year at all; the library ends it with the calendar.
    if text in ("", "XXXX"):
        return DateRange(None, None)
    return _plain(text) or _read(text)


def _plain(text: str) -> DateRange | None:
    """Return the range of a day, month, year, or of two of these; None for what the library is to read or refuse."""
    first, slash, last = text.partition("/")
    begins = _days(first)
    if not slash:
        return begins
    ends = _days(last)
    if begins is None or ends is None or begins.first is None or ends.last is None or begins.first > ends.last:
        return None
    return DateRange(begins.first, ends.last)


def _days(text: str) -> DateRange | None:
    match = _PLAIN.match(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if not month:
        return DateRange(date(year, 1, 1), date(year, 12, 31))
    most = monthrange(year, month)[1]
    if match[3] and not 1 <= day <= most:
        return None
    return DateRange(date(year, month, day or 1), date(year, month, day or most))


@lru_cache(maxsize=4096)
def _read(text: str) -> DateRange:
    import edtf  # noqa: PLC0415  # its grammar takes a tenth of the start of every process, and most dates never ask it
    from edtf.parser.edtf_exceptions import EDTFParseException  # noqa: PLC0415  # as above

    try:
        parsed = edtf.parse_edtf(text)
        first, last = _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (EDTFParseException, ValueError, AttributeError, TypeError, OverflowError) as error:
        raise DateError(text) from error
    # An end that is left out is unknown (ISO 8601-2, 4.4.2); the library guesses ten years.
    first = None if text.startswith("/") else first
    last = None if text.endswith("/") else last
    if first is not None and last is not None and first > last:
        raise DateError(text)
    return DateRange(first, last)


def is_edtf(text: str) -> bool:
    """Return whether a text is a date in EDTF; an empty one is."""
    try:
        read(text)
    except DateError:
        return False
    return True


def _day(moment: object) -> date | None:
    if not isinstance(moment, struct_time) or not 1 <= moment.tm_year <= 9999:
        return None
    return date(moment.tm_year, max(moment.tm_mon, 1), max(moment.tm_mday, 1))
