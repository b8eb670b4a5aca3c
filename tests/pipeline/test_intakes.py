"""Files on their way in: offsets, ends, and points of the fault tests that do nothing in a product."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from media_pipeline import faults, intakes, staging
from media_pipeline.models import Intake, Job

pytestmark = pytest.mark.django_db


def begun(now: datetime, size_bytes: int = 10) -> Intake:
    return intakes.begin(original_name="a.jpg", size_bytes=size_bytes, now=now)


@pytest.mark.parametrize("cut", range(11))
def test_a_file_sent_in_two_parts_cut_anywhere_is_the_file(cut: int, now: datetime) -> None:
    intake, content = begun(now), b"0123456789"

    if cut:
        intakes.append(intake, 0, [content[:cut]], now=now)
    if cut < 10:
        intakes.append(intake, cut, [content[cut:]], now=now)

    assert intakes.path_of(intake).read_bytes() == content
    assert (intake.state, intake.offset_bytes, Job.objects.filter(role="store").count()) == ("received", 10, 1)


@pytest.mark.parametrize("offset", [0, 3, 5, 10])
def test_a_part_at_a_wrong_offset_is_refused_and_the_upload_goes_on(offset: int, now: datetime) -> None:
    intake = begun(now)
    intakes.append(intake, 0, [b"0123"], now=now)

    with pytest.raises(intakes.WrongOffset):
        intakes.append(intake, offset, [b"4"], now=now)

    assert intakes.append(intake, 4, [b"456789"], now=now) == 10
    assert intakes.path_of(intake).read_bytes() == b"0123456789"


def test_a_byte_more_than_was_said_is_refused_and_not_kept(now: datetime) -> None:
    intake = begun(now)

    with pytest.raises(intakes.IntakeError, match="longer_than_said"):
        intakes.append(intake, 0, [b"01234", b"567890"], now=now)

    intake.refresh_from_db()
    assert (intake.state, intake.offset_bytes) == ("receiving", 5)
    assert not Job.objects.exists()


def test_what_arrived_before_the_line_broke_is_kept(now: datetime) -> None:
    def broken() -> object:
        yield b"012"
        raise ConnectionResetError

    intake = begun(now)
    with pytest.raises(ConnectionResetError):
        intakes.append(intake, 0, broken(), now=now)  # type: ignore[arg-type]

    intake.refresh_from_db()
    assert intake.offset_bytes == 3
    assert intakes.append(intake, 3, [b"3456789"], now=now) == 10


def test_a_file_that_is_too_large_or_has_no_room_is_refused_before_a_byte(
    now: datetime, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(intakes.IntakeError, match="too_large"):
        begun(now, 101)
    settings.UPLOAD_MAX_BYTES = 10**18
    with pytest.raises(intakes.IntakeError, match="no_space"):
        begun(now, 10**17)

    assert not Intake.objects.exists()


def test_the_name_of_the_sender_is_never_part_of_a_path(now: datetime, settings: LazySettings) -> None:
    intake = intakes.begin(original_name="../../etc/passwd", size_bytes=1, now=now)

    assert intakes.path_of(intake).parent == Path(settings.INCOMING_DIR)
    assert "passwd" not in str(intakes.path_of(intake))


def test_a_file_read_where_it_lies_is_never_removed(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"a")

    intakes.discard_staged(intakes.begin_local(path, now=now))

    assert path.read_bytes() == b"a"


def test_staged_bytes_of_living_uploads_stay_and_others_go(now: datetime, settings: LazySettings) -> None:
    living = begun(now)
    stray = Path(settings.INCOMING_DIR) / "nobody.part"
    stray.write_bytes(b"x")
    # What a process leaves that is killed between removing the bytes and the name of who wrote them.
    alone = staging.holder_path(stray.with_stem("another"))
    alone.touch()
    for path in (stray, alone, intakes.path_of(living)):
        os.utime(path, (0, 0))

    intakes.expire(now=now + timedelta(days=1))

    assert intakes.path_of(living).exists()
    assert not stray.exists()
    assert not alone.exists()
    assert not staging.holder_path(stray).exists()


def test_fault_points_are_inert_unless_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(faults.os, "kill", lambda pid, _signal: killed.append(pid))

    for value in ("", "kill", "kill:", "kill:other", "kill:job.made:subject", "job.made"):
        monkeypatch.setenv("HERITAGE_FAULT", value)
        faults.point("job.made")
    monkeypatch.delenv("HERITAGE_FAULT")
    faults.point("job.made")
    assert killed == []

    monkeypatch.setenv("HERITAGE_FAULT", "kill:job.made")
    faults.point("job.made", "any")
    assert killed == [os.getpid()]
