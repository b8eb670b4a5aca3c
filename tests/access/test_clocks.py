"""The clocks of the law: working days until somebody reads it, days until it is done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from access.clocks import Calendar

pytestmark = pytest.mark.pure
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLAIN = Calendar(ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-09T08:00", "2026-03-11"),  # Monday: Wednesday
        ("2026-03-09T23:59", "2026-03-11"),  # the hour makes no difference
        ("2026-03-12T08:00", "2026-03-16"),  # Thursday: over the weekend to Monday
        ("2026-03-13T08:00", "2026-03-17"),  # Friday
        ("2026-03-14T08:00", "2026-03-17"),  # Saturday counts from Monday
        ("2026-04-29T08:00", "2026-05-05"),  # 30 April and 1 May, then a weekend: Monday and Tuesday
        ("2026-12-31T08:00", "2027-01-05"),  # New Year's Day is a Friday
        ("2026-09-01T08:00", "2026-09-04"),  # 2 September
    ],
)
def test_two_working_days_are_counted_from_the_day_after(received: str, due: str) -> None:
    assert PLAIN.acknowledge_by(at(received)) == at(f"{due}T23:59:59")


def test_the_librarys_own_holidays_count_as_holidays() -> None:
    with_tet = Calendar(ZONE, holidays=frozenset({date(2026, 2, day) for day in (16, 17, 18, 19, 20)}))

    assert PLAIN.acknowledge_by(at("2026-02-13T08:00")) == at("2026-02-17T23:59:59")
    assert with_tet.acknowledge_by(at("2026-02-13T08:00")) == at("2026-02-24T23:59:59")


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("takedown", "2026-03-24"),
        ("consent", "2026-03-24"),
        ("correction", "2026-03-19"),
        ("access", "2026-03-19"),
        ("joining", "2026-03-24"),
    ],
)
def test_each_kind_is_done_within_its_days_of_the_calendar(kind: str, due: str) -> None:
    assert PLAIN.act_by(kind, at("2026-03-09T08:00")) == at(f"{due}T23:59:59")


def test_a_notice_has_nothing_to_be_done_by() -> None:
    assert PLAIN.act_by("notice", at("2026-03-09T08:00")) is None


def test_the_day_is_the_librarys_and_not_that_of_the_machine() -> None:
    just_after_midnight = datetime(2026, 3, 9, 17, 30, tzinfo=UTC)  # 00:30 on Tuesday the tenth, here

    assert PLAIN.act_by("access", just_after_midnight) == at("2026-03-20T23:59:59")
    assert PLAIN.days_until(at("2026-03-11T23:59:59"), just_after_midnight) == 1


def test_on_the_last_day_no_days_are_left_and_afterwards_fewer() -> None:
    due = PLAIN.acknowledge_by(at("2026-03-09T08:00"))

    assert PLAIN.days_until(due, at("2026-03-09T09:00")) == 2
    assert PLAIN.days_until(due, at("2026-03-11T23:00")) == 0
    assert PLAIN.days_until(due, at("2026-03-13T01:00")) == -2
