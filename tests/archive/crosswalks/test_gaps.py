"""What a record lacks is told, and a whole one lacks nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.admin.partner_gaps import SENTENCES
from archive.crosswalks.gaps import Gap, gaps
from archive.crosswalks.record import Rights, Text, When
from tests.archive.records import full_record

pytestmark = pytest.mark.pure
WHOLE = full_record(doers=full_record().doers[:2], other_identifiers=(("isbn", "978-0-306-40615-7"),))


def test_a_whole_record_lacks_nothing() -> None:
    assert gaps(WHOLE) == ()


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"titles": ()}, Gap.NO_TITLE),
        ({"titles": (Text("bdq", "Ching"),)}, Gap.NO_TITLE_OF_OURS),
        ({"rights": Rights()}, Gap.NO_RIGHTS),
        ({"rights": Rights("https://example.org/terms", family="other")}, Gap.RIGHTS_UNKNOWN_TO_EUROPEANA),
        ({"languages": ()}, Gap.NO_LANGUAGE),
        ({"languages": ("qq",)}, Gap.UNKNOWN_LANGUAGE),
        ({"created": When(), "issued": When()}, Gap.NO_DATE),
        ({"created": When("", "thời xưa"), "issued": When()}, Gap.UNREADABLE_DATE),
        ({"doers": ()}, Gap.NOBODY),
        ({"doers": full_record().doers}, Gap.NAME_WITHHELD),
        ({"descriptions": ()}, Gap.NO_DESCRIPTION),
        ({"peoples": (), "subjects": ()}, Gap.NO_SUBJECT),
        ({"places": ()}, Gap.NO_PLACE),
        ({"parts": ()}, Gap.NO_FILE),
        ({"parts": full_record().parts[:1], "kind": "video"}, Gap.NO_PICTURE),
        ({"has_closed_files": True}, Gap.CLOSED_FILES),
        ({"other_identifiers": (("isbn", "978-0-306-40615-8"),)}, Gap.BAD_ISBN),
    ],
)
def test_each_lack_is_told_alone(changes: dict[str, object], gap: Gap) -> None:
    assert gaps(replace(WHOLE, **changes)) == (gap,)  # type: ignore[arg-type]  # values of a test


def test_a_recording_is_seen_by_nobody_and_lacks_no_picture() -> None:
    assert gaps(replace(WHOLE, kind="audio", parts=WHOLE.parts[:1])) == ()


def test_every_lack_has_its_words() -> None:
    assert set(SENTENCES) == set(Gap)
