"""Dates as EDTF (ISO 8601-2): reading them into a range for sorting and filtering. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from time import struct_time

import edtf
from edtf.parser.edtf_exceptions import EDTFParseException


class DateError(ValueError):
    """The text is not EDTF."""


@dataclass(frozen=True)
class DateRange:
    """First and last day that a date may mean; None where it is open or out of the calendar (before year 1, after 9999)."""

    first: date | None
    last: date | None


def read(text: str) -> DateRange:
    """Return the range of an EDTF date; an empty text is a range open on both sides. Raises DateError."""
    text = text.strip()
    if not text:
        return DateRange(None, None)
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


def _day(moment: object) -> date | None:
    if not isinstance(moment, struct_time) or not 1 <= moment.tm_year <= 9999:
        return None
    return date(moment.tm_year, max(moment.tm_mon, 1), max(moment.tm_mday, 1))
