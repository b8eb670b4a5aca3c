"""What a reader asks of the lists: words, filters, order and place in the list."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.search import Filters, Sort
from archive.search.engine import QUERY_LENGTH_MOST

DAY_PARTS = re.compile(r"^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")
FILTER_NAMES = ("people", "kind", "language", "place", "subject", "collection")


class PartialDateField(forms.CharField):
    """A year, a month or a day ("1975", "1975-04", "1975-04-30") as the first or the last day that it means."""

    def __init__(self, *, is_last: bool) -> None:
        super().__init__(required=False, max_length=10)
        self.is_last = is_last

    def clean(self, value: object) -> datetime.date | None:
        """Return the day, None for nothing. Raises ValidationError for what is no date."""
        text = super().clean(value)
        if not text:
            return None
        match = DAY_PARTS.match(text)
        if match is None:
            raise forms.ValidationError(_("Write a year, such as 1975, or a day, such as 1975-04-30."))
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if month is None:
                return datetime.date(year or 0, 12, 31) if self.is_last else datetime.date(year or 0, 1, 1)
            if day is None:
                day = calendar.monthrange(year or 0, month)[1] if self.is_last else 1
            return datetime.date(year or 0, month, day)
        except (ValueError, calendar.IllegalMonthError) as error:
            raise forms.ValidationError(_("There is no such day.")) from error


class SiftForm(forms.Form):
    """The query string of the lists. Unknown slugs are no error: they find nothing, as a hidden one does."""

    q = forms.CharField(required=False, max_length=QUERY_LENGTH_MOST)
    people = forms.CharField(required=False, max_length=80)
    kind = forms.CharField(required=False, max_length=10)
    language = forms.CharField(required=False, max_length=35)
    place = forms.CharField(required=False, max_length=120)
    subject = forms.CharField(required=False, max_length=80)
    collection = forms.CharField(required=False, max_length=80)
    date_from = PartialDateField(is_last=False)
    date_to = PartialDateField(is_last=True)
    sort = forms.CharField(required=False, max_length=10)
    cursor = forms.CharField(required=False, max_length=1000)

    def words(self) -> str:
        """What is searched for; empty when it was too long or is missing."""
        return str(self.cleaned_data.get("q", ""))

    def filters(self, fixed: Mapping[str, str]) -> Filters:
        """The filters that were understood, under those that the page itself sets; a wrong date filters nothing."""
        chosen = {name: fixed.get(name) or str(self.cleaned_data.get(name, "")) for name in FILTER_NAMES}
        return Filters(**chosen, date_from=self.cleaned_data.get("date_from"), date_to=self.cleaned_data.get("date_to"))

    def order(self) -> Sort:
        """The order asked for, else the best one for the question."""
        asked = str(self.cleaned_data.get("sort", ""))
        return Sort(asked) if asked in set(Sort) else Sort.RELEVANCE

    def position(self) -> str:
        """The cursor."""
        return str(self.cleaned_data.get("cursor", ""))
