"""What a lease protects: the folder of whoever holds it, the master that waits for it, the retry that is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from media_pipeline import jobs, stores, work
from media_pipeline.models import Intake, Job, Master
from media_pipeline.storage.errors import StorageUnavailable, Trouble
from tests.makers import picture, received

pytestmark = pytest.mark.django_db


def test_an_attempt_that_lost_its_lease_leaves_the_folder_of_its_successor_alone(
    tmp_path: Path, now: datetime, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    work.perform(intake.jobs.get().pk)
    job = Job.objects.get(role="identify")
    theirs = settings.WORK_DIR / str(job.pk) / "another-token"

    def taken_over(*_words: object, **_named: object) -> object:
        theirs.mkdir(parents=True)
        Job.objects.filter(pk=job.pk).update(token="another-token")
        raise work.ProcessorError("stopped")

    monkeypatch.setattr(work, "run_processor", taken_over)
    work.perform(job.pk)

    job.refresh_from_db()
    assert theirs.is_dir()
    assert [folder.name for folder in theirs.parent.iterdir()] == ["another-token"]
    assert (job.state, job.token, job.starts) == ("running", "another-token", 1)


def test_a_command_that_works_itself_settles_what_it_gives_up(tmp_path: Path, now: datetime) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    work.perform(intake.jobs.get().pk)
    past = timezone.now() - timedelta(hours=1)
    Job.objects.filter(role="identify").update(state="running", token="t", lease_until=past, lost=jobs.MAX_LOST - 1)

    work.perform_all()

    master = Master.objects.get()
    assert (master.state, master.reason_code) == ("kept", "worker_killed")


def test_an_upload_whose_every_worker_died_is_refused_with_a_reason(tmp_path: Path, now: datetime) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    past = timezone.now() - timedelta(hours=1)
    Job.objects.update(state="running", token="t", lease_until=past, lost=jobs.MAX_LOST - 1)

    work.recover(now=timezone.now())

    intake.refresh_from_db()
    assert (intake.state, intake.reason_code) == (Intake.State.REFUSED, "worker_killed")


def test_what_follows_from_giving_up_is_written_with_it_or_not_at_all(tmp_path: Path, now: datetime) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    past = timezone.now() - timedelta(hours=1)
    Job.objects.update(state="running", token="t", lease_until=past, lost=jobs.MAX_LOST - 1)

    def cut_off(job: Job) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.recover_expired(now=timezone.now(), on_given_up=cut_off)

    assert Job.objects.get().state == "running"


def test_a_retry_is_rung_for_as_soon_as_it_is_due(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)

    def full(*_words: object, **_named: object) -> object:
        raise StorageUnavailable(Trouble.UNREACHABLE, "no room")

    monkeypatch.setattr(type(stores.masters()), "store", full)
    work.perform(intake.jobs.get().pk)

    job = Job.objects.get()
    assert (job.state, job.put_off, job.reason_code) == ("queued", 1, "storage_unavailable")
    assert jobs.unheard(now=job.not_before - timedelta(milliseconds=1)) == []
    assert jobs.unheard(now=job.not_before) == [job]
    assert jobs.unheard(now=job.not_before + timedelta(seconds=1)) == []


def test_a_job_of_a_recipe_that_is_no_more_ends_quietly(tmp_path: Path, now: datetime) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    work.perform(intake.jobs.get().pk)
    work.perform(Job.objects.get(role="identify").pk)
    jobs.queue(role="hologram", version=1, master=Master.objects.get(), now=now)

    work.perform_all()

    assert Master.objects.get().state == "ready"
    assert Job.objects.get(role="hologram").state == "done"
