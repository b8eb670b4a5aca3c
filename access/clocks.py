"""By when a request has to be answered: the clocks of the law. Pure.

Source: Law 91/2025/QH15 on personal data with Decree 356/2025/NĐ-CP (domain.md 4.6). How days are counted: Civil Code 91/2015/QH13,
articles 147 and 148: the day on which a request comes in is not counted, and the last day ends at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

# Labour Code 45/2019/QH14, article 112, those that have a fixed day of the calendar: New Year, Reunification, Labour, National Day.
# Tết, the Hùng Kings' day and the second day of the National Day move or are announced each year: they are the library's to name.
FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
SATURDAY = 5

WORKING_DAYS_TO_ACKNOWLEDGE = 2  # the first answer to whoever asks about what concerns them

# Days of the calendar until it is done. The law lets some of them be prolonged once: the library does not count on it. A last day that
# falls on a holiday is not moved on: who answers before it is never late.
DAYS_TO_ACT: Mapping[str, int] = {
    "takedown": 15,  # restricting the use of personal data, objecting to it
    "consent": 15,  # withdrawing consent
    "correction": 10,  # correcting personal data
    "access": 10,  # seeing personal data; of other works it is the library's own promise
    "joining": 15,  # no law: people of a community have to talk to each other first
}


@dataclass(frozen=True)
class Calendar:
    """The library's calendar: its zone, and the days off beside the fixed ones."""

    zone: tzinfo
    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work: Monday to Friday but for holidays."""
        return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS and day not in self.holidays

    def acknowledge_by(self, received_at: datetime) -> datetime:
        """Return the last second of the second working day after a request came in."""
        day, left = self._day(received_at), WORKING_DAYS_TO_ACKNOWLEDGE
        while left:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return self._end_of(day)

    def act_by(self, kind: str, received_at: datetime) -> datetime | None:
        """Return the last second of the day by which a request of this kind is to be decided; None where there is nothing to decide."""
        days = DAYS_TO_ACT.get(kind)
        return None if days is None else self._end_of(self._day(received_at) + timedelta(days=days))

    def days_until(self, due: datetime, now: datetime) -> int:
        """Return how many midnights lie between now and a due moment: 0 on the last day, below 0 when it is over."""
        return (self._day(due) - self._day(now)).days

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59, 59), self.zone)
