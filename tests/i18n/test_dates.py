"""Dates are written in one way in each language, wherever: pages, the desk, letters."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.formats import date_format

from access import policy
from access.models.rule import describe
from access.policy import Level
from public_site.formatting import format_day

pytestmark = pytest.mark.pure
DAY = date(2026, 3, 4)
MOMENT = datetime(2026, 3, 4, 7, 5, tzinfo=UTC)  # 14:05 here
FORMATS = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")
WRITTEN_OUT = re.compile(r"strftime\([^)]*%d[/.-]%m|strftime\([^)]*%b|\|date:\"[^\"]*[NMF] ?j")


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en", "4 March 2026", "4 March 2026, 14:05"), ("vi", "04/03/2026", "14:05 04/03/2026")],
)
def test_a_day_and_a_moment_are_written_alike_in_every_format(language: str, day: str, moment: str) -> None:
    here = timezone.localtime(MOMENT)

    with translation.override(language):
        said = [date_format(here, name) for name in FORMATS]
        shown = Template("{{ day }} {{ day|date:'SHORT_DATE_FORMAT' }}").render(Context({"day": DAY}))

    assert said == [day, day, moment, moment]
    assert shown == f"{day} {day}"
    assert format_day(DAY, language) == day


@pytest.mark.parametrize(("language", "day"), [("en", "4 March 2026"), ("vi", "04/03/2026")])
def test_a_rule_says_its_days_as_its_language_does(language: str, day: str) -> None:
    with translation.override(language):
        assert day in describe(policy.of(Level.PUBLIC, opens_at=MOMENT))


def test_no_code_writes_a_day_for_people_by_itself() -> None:
    root = Path(settings.BASE_DIR)
    files = [
        file
        for folder in ("access", "archive", "public_site", "templates", "media_pipeline", "interop")
        for file in sorted((root / folder).rglob("*"))
        if file.suffix in {".py", ".html", ".txt"}
    ]

    assert len(files) > 300
    assert not [str(file) for file in files if WRITTEN_OUT.search(file.read_text())]
