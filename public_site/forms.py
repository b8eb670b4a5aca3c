"""What a reader asks of the lists: words, filters, order and place in the list.

Not one of Django's forms: nothing is asked for more often, and a form of a dozen fields takes longer to make than the search.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.search import Filters, Sort
from archive.search.engine import QUERY_LENGTH_MOST

DAY_PARTS = re.compile(r"^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")
FILTER_NAMES = ("people", "kind", "language", "place", "subject", "collection")
# Letters of each part of the query string; of one that is longer nothing is taken.
LENGTHS_MOST = {
    "q": QUERY_LENGTH_MOST, "people": 80, "kind": 10, "language": 35, "place": 120, "subject": 80, "collection": 80, "sort": 10,
    "cursor": 1000,
}  # fmt: skip
SORTS = frozenset(Sort)


class NoDate(ValueError):
    """What was written is no date; says so in the reader's language."""


@dataclass(frozen=True)
class AskedDate:
    """A date as it was written, the day that it means, and what is wrong with it."""

    value: str = ""
    day: datetime.date | None = None
    errors: tuple[str, ...] = ()


def partial_date(text: str, *, is_last: bool) -> datetime.date | None:
    """Return the first or the last day that a year, a month or a day means ("1975", "1975-04", "1975-04-30"), None for nothing. Raises
    NoDate."""
    text = text.strip()
    if not text:
        return None
    match = DAY_PARTS.match(text)
    if match is None:
        raise NoDate(_("Write a year, such as 1975, or a day, such as 1975-04-30."))
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if month is None:
            return datetime.date(year or 0, 12, 31) if is_last else datetime.date(year or 0, 1, 1)
        if day is None:
            day = calendar.monthrange(year or 0, month)[1] if is_last else 1
        return datetime.date(year or 0, month, day)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise NoDate(_("There is no such day.")) from error


class SiftForm:
    """The query string of the lists. Unknown slugs are no error: they find nothing, as a hidden one does."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self._asked = asked
        self.date_from = self._date("date_from", is_last=False)
        self.date_to = self._date("date_to", is_last=True)

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong with it."""
        return self.date_from.errors + self.date_to.errors

    def words(self) -> str:
        """What is searched for; empty when it was too long or is missing."""
        return self._text("q")

    def filters(self, fixed: Mapping[str, str]) -> Filters:
        """The filters that were understood, under those that the page itself sets; a wrong date filters nothing."""
        chosen = {name: fixed.get(name) or self._text(name) for name in FILTER_NAMES}
        return Filters(**chosen, date_from=self.date_from.day, date_to=self.date_to.day)

    def order(self) -> Sort:
        """The order asked for, else the best one for the question."""
        asked = self._text("sort")
        return Sort(asked) if asked in SORTS else Sort.RELEVANCE

    def position(self) -> str:
        """The cursor."""
        return self._text("cursor")

    def _text(self, name: str) -> str:
        text = self._asked.get(name, "").strip()
        return text if len(text) <= LENGTHS_MOST[name] else ""

    def _date(self, name: str, *, is_last: bool) -> AskedDate:
        value = self._asked.get(name, "")
        try:
            return AskedDate(value, partial_date(value, is_last=is_last))
        except NoDate as error:
            return AskedDate(value, None, (str(error),))
