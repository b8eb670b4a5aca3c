"""A storage that is away or full: waited for, however long; nothing that was acknowledged is given up for it."""

from __future__ import annotations

import copy
import errno
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from archive import progress
from archive.models import ItemFile
from media_pipeline import intakes, jobs, stores, work
from media_pipeline.messages import sentence
from media_pipeline.models import Intake, Job, Master
from tests.makers import file_of, item, picture, received

pytestmark = pytest.mark.django_db


class Clock:
    """Stands in for the clock of the work, which a test moves."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(work, "timezone", clock)
    return clock


@pytest.fixture
def nobody_there() -> Iterator[str]:
    """The address of an S3 server that refuses every connection."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def s3_away(settings: LazySettings, endpoint: str) -> dict[str, object]:
    """Let the store be on a server that is gone; returns what it was."""
    before = settings.STORAGES
    away = copy.deepcopy(before)
    options = {
        "bucket_name": "b",
        "access_key": "a",
        "secret_key": "s",
        "region_name": "us-east-1",
        "endpoint_url": endpoint,
        "location": "x",
    }
    away["files"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = away
    return dict(before)


def tried_for_hours(clock: Clock, hours: int) -> int:
    """Do what is due each time it becomes due; returns how many tries there were."""
    until = clock.at + timedelta(hours=hours)
    tries = 0
    while (job := Job.objects.get(state="queued")).not_before < until:
        clock.at = max(clock.at, job.not_before)
        tries += work.perform(job.pk)
    return tries


def test_an_upload_outlives_an_outage_of_hours_and_is_stored_when_the_storage_is_back(
    tmp_path: Path, settings: LazySettings, clock: Clock, nobody_there: str
) -> None:
    settings.DISK_RESERVE_BYTES = 0
    intake = received(picture(tmp_path / "a.jpg"), now=clock.at)
    before = s3_away(settings, nobody_there)

    tries = tried_for_hours(clock, 6)

    intake.refresh_from_db()
    job = Job.objects.get()
    assert tries > jobs.MAX_ERRORS
    assert (intake.state, intake.reason_code) == ("received", "storage_unavailable")
    assert (job.state, job.errors, job.reason_code) == ("queued", 0, "storage_unavailable")
    assert job.not_before - clock.at <= timedelta(minutes=15), "when it is back, it is noticed soon"
    intakes.expire(now=clock.at + timedelta(days=30))
    assert intakes.path_of(intake).exists()

    settings.STORAGES = before
    clock.at += timedelta(minutes=15)
    work.perform_all()
    intake.refresh_from_db()
    assert (intake.state, intake.reason_code) == ("stored", "")
    assert Master.objects.get().state == "ready"


def test_work_on_a_master_waits_for_the_storage_as_uploads_do(
    tmp_path: Path, settings: LazySettings, clock: Clock, nobody_there: str
) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=clock.at)
    work.perform(intake.jobs.get().pk)
    before = s3_away(settings, nobody_there)

    assert tried_for_hours(clock, 2) > jobs.MAX_ERRORS
    assert Master.objects.get().state == "identifying"

    settings.STORAGES = before
    clock.at += timedelta(minutes=15)
    work.perform_all()
    assert Master.objects.get().state == "ready"


def test_an_outage_is_not_counted_among_the_failures_of_the_work_itself(tmp_path: Path, now: datetime) -> None:
    claim = jobs.claim(received(picture(tmp_path / "a.jpg"), now=now).jobs.get().pk, now=now, lease_s=60)
    waits = []
    for _turn in range(6):
        assert claim is not None
        assert jobs.put_off(claim, now=now, code="storage_unavailable", detail="503")
        job = Job.objects.get()
        waits.append((job.not_before - now).total_seconds())
        claim = jobs.claim(job.pk, now=job.not_before, lease_s=60)

    assert claim is not None
    failed = jobs.fail(claim, now=now, code="time_limit", detail="", may_pass=True)

    assert waits == [5, 60, 300, 900, 900, 900]
    assert failed is not None
    assert (failed.state, failed.errors, failed.put_off) == ("queued", 1, 6)


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "storage_full"), (errno.EDQUOT, "storage_full"), (errno.EIO, "storage_unavailable")],
)
def test_a_full_disk_is_said_to_be_full(
    number: int, code: str, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(item(now=now), picture(tmp_path / "a.jpg"), now=now, process=False)
    monkeypatch.setattr(type(stores.masters()), "store", fails(OSError(number, "no")))

    work.perform(Job.objects.get().pk)

    shown = progress.of(ItemFile.objects.get(pk=file.pk))
    assert (Job.objects.get().reason_code, shown.state, shown.reason) == (code, "checking", sentence(code))


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "no_space"), (errno.EIO, "not_stored")])
def test_a_file_read_where_it_lies_is_given_up_and_said_to_be_where_it_was(
    number: int, code: str, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = intakes.begin_local(picture(tmp_path / "a.jpg"), now=now)
    monkeypatch.setattr(type(stores.masters()), "store", fails(OSError(number, "no")))

    for _turn in range(jobs.MAX_ERRORS):
        Job.objects.update(not_before=now)
        work.perform(Job.objects.get().pk)

    intake.refresh_from_db()
    assert (intake.state, intake.reason_code) == (Intake.State.REFUSED, code)


def fails(error: Exception) -> object:
    def fail(*_words: object, **_named: object) -> None:
        raise error

    return fail
