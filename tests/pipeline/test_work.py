"""Whole jobs with real tools: a file in, a master and its derivatives out, whatever happens in between."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from media_pipeline import intakes, jobs, remaking, stores, sweeping, work
from media_pipeline.models import Derivative, Intake, Job, Master
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes import Recipe
from tests.makers import picture, received, sound
from tests.pipeline import tagged_files

pytestmark = pytest.mark.django_db


def stored(path: Path, now: datetime) -> Master:
    intake = received(path, now=now)
    work.perform_all()
    intake.refresh_from_db()
    assert intake.master is not None
    return Master.objects.get(pk=intake.master.pk)


def test_a_picture_becomes_ready(tmp_path: Path, now: datetime) -> None:
    master = stored(picture(tmp_path / "anh.bin"), now)

    assert (master.state, master.kind, master.media_type) == ("ready", "image", "image/jpeg")
    assert (master.technical["width"], master.technical["height"]) == (640, 480)
    made = {one.role: [entry["name"] for entry in one.files] for one in master.derivatives.all()}
    assert sorted(made["thumbnail"]) == ["1280.webp", "160.webp", "480.webp"]
    assert made["pyramid"] == ["pyramid.tif"]


def test_what_a_picture_says_of_itself_is_kept_with_its_master_and_not_among_its_facts(
    tmp_path: Path, now: datetime
) -> None:
    master = stored(tagged_files.jpeg(tmp_path / "anh.jpg"), now)

    assert master.puid == "fmt/43"
    assert {"source": "EXIF", "name": "Artist", "value": tagged_files.OWNER} in master.embedded
    assert tagged_files.PLANTED not in str([master.technical, *(one.facts for one in master.derivatives.all())])


def test_every_recorded_file_is_there_with_its_size_and_hash(tmp_path: Path, now: datetime) -> None:
    master = stored(sound(tmp_path / "chieng.wav"), now)

    store = stores.derivatives()
    entries = [(one.prefix, entry) for one in master.derivatives.all() for entry in one.files]
    assert entries
    for prefix, entry in entries:
        content = b"".join(store.read_range(prefix, entry["name"], 0, entry["size_bytes"]))
        assert len(content) == store.size_bytes(prefix, entry["name"]) == entry["size_bytes"]


def test_the_same_file_twice_is_stored_once(tmp_path: Path, now: datetime) -> None:
    first = stored(picture(tmp_path / "a.jpg"), now)
    second = stored(picture(tmp_path / "b.jpg"), now)

    assert first.pk == second.pk
    assert [found.is_object for found in stores.masters().walk()] == [True]


def test_an_empty_file_and_a_program_are_refused_with_a_reason(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "photo.jpg").write_bytes(b"#!/bin/sh\necho no\n")

    reasons = []
    for name in ("empty.jpg", "photo.jpg"):
        intake = intakes.begin_local(tmp_path / name, now=now)
        work.perform_all()
        intake.refresh_from_db()
        reasons.append((intake.state, intake.reason_code))

    assert reasons == [("refused", "empty"), ("refused", "executable")]
    assert not Master.objects.exists()


def test_a_file_that_changed_on_its_way_is_refused(tmp_path: Path, now: datetime) -> None:
    content = picture(tmp_path / "a.jpg").read_bytes()
    intake = intakes.begin(original_name="a.jpg", size_bytes=len(content), now=now, declared_sha256="0" * 64)
    intakes.append(intake, 0, [content], now=now)
    work.perform_all()

    intake.refresh_from_db()
    assert (intake.state, intake.reason_code) == ("refused", "hash_mismatch")


def test_a_drawing_that_could_run_is_kept_without_preview(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.jpg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    master = stored(tmp_path / "a.jpg", now)

    assert (master.state, master.reason_code) == ("kept", "unsupported")
    assert not master.derivatives.exists()


def test_doing_every_job_again_changes_nothing(tmp_path: Path, now: datetime) -> None:
    master = stored(picture(tmp_path / "a.jpg"), now)
    before = list(Derivative.objects.order_by("pk").values("role", "version", "prefix", "files", "facts"))
    Job.objects.update(state="queued", not_before=now)
    Intake.objects.update(source_path=str(tmp_path / "a.jpg"))

    work.perform_all()

    assert list(Derivative.objects.order_by("pk").values("role", "version", "prefix", "files", "facts")) == before
    master.refresh_from_db()
    assert master.state == "ready"


def test_lost_derivatives_are_made_again_from_the_master(tmp_path: Path, now: datetime) -> None:
    master = stored(picture(tmp_path / "a.jpg"), now)
    for one in master.derivatives.all():
        stores.derivatives().delete(one.prefix)

    assert sum(remaking.queue_all()) == 2
    work.perform_all()

    master.refresh_from_db()
    assert master.state == "ready"
    assert sum(remaking.queue_all()) == 0


def test_a_missing_master_is_said_and_not_tried_for_ever(tmp_path: Path, now: datetime, settings: LazySettings) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    work.perform(intake.jobs.get().pk)
    sha256 = Master.objects.get().sha256
    stores.masters().tree.delete([stores.masters().locate(sha256).content_key])

    work.perform_all()

    master = Master.objects.get()
    assert (master.state, master.reason_code) == ("kept", "master_damaged")


def test_the_staged_upload_goes_when_the_master_is_safe(tmp_path: Path, now: datetime, settings: LazySettings) -> None:
    stored(picture(tmp_path / "a.jpg"), now)

    assert list(settings.INCOMING_DIR.iterdir()) == []
    assert not settings.WORK_DIR.exists() or list(settings.WORK_DIR.iterdir()) == []


def test_folders_of_dead_attempts_are_swept(settings: LazySettings, now: datetime) -> None:
    import os  # noqa: PLC0415

    dead = settings.WORK_DIR / "7" / ("a" * 32)
    dead.mkdir(parents=True)
    os.utime(dead, (0, 0))

    assert sweeping.remove_abandoned_folders() == 1
    assert not dead.exists()


def test_folders_that_workers_take_away_meanwhile_do_not_end_a_sweep(settings: LazySettings) -> None:
    def come_and_go() -> None:
        while not over.is_set():
            folder = settings.WORK_DIR / "7" / ("a" * 32)
            with contextlib.suppress(FileNotFoundError):  # the sweep takes an empty folder of a job away
                folder.mkdir(parents=True)
                shutil.rmtree(folder.parent)

    over = threading.Event()
    worker = threading.Thread(target=come_and_go)
    worker.start()
    try:
        removed = [sweeping.remove_abandoned_folders() for _ in range(2000)]
    finally:
        over.set()
        worker.join()

    assert set(removed) == {0}


def test_a_job_given_up_settles_its_master_with_a_reason(tmp_path: Path, now: datetime) -> None:
    master = stored(picture(tmp_path / "a.jpg"), now)
    Master.objects.update(state="processing")
    past = timezone.now() - timedelta(hours=1)
    Job.objects.filter(role="pyramid").update(state="running", token="t", lease_until=past, lost=jobs.MAX_LOST - 1)

    sweeping.sweep()

    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("kept", "worker_killed")


def test_an_unfinished_upload_ends_after_a_week(tmp_path: Path, now: datetime, settings: LazySettings) -> None:
    intake = intakes.begin(original_name="a", size_bytes=10, now=now)
    intakes.append(intake, 0, [b"half"], now=now)

    assert intakes.expire(now=now + timedelta(days=6)) == 0
    assert intakes.expire(now=now + timedelta(days=8)) == 1
    intake.refresh_from_db()
    assert intake.state == "expired"
    shutil.rmtree(settings.INCOMING_DIR)


def test_bytes_that_waited_long_are_kept_a_week_from_the_day_they_could_not_be_stored(
    now: datetime, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DISK_RESERVE_BYTES = 0
    content = b"\x00\x01 the only copy that there is"
    intake = intakes.begin(original_name="a", size_bytes=len(content), now=now)
    intakes.append(intake, 0, [content], now=now)
    staged = intakes.path_of(intake)
    os.utime(staged, (0, 0))
    long_ago = timezone.now() - timedelta(days=30)
    Intake.objects.filter(pk=intake.pk).update(touched_at=long_ago)
    Job.objects.filter(intake=intake).update(errors=jobs.MAX_ERRORS - 1)

    def fails(*_args: object, **_more: object) -> None:
        raise ProcessorError("crashed")

    monkeypatch.setattr(type(stores.masters()), "store", fails)
    work.perform(Job.objects.get(intake=intake).pk)
    assert Job.objects.get(intake=intake).state == "failed"

    intakes.expire(now=timezone.now() + timedelta(days=6))
    assert staged.read_bytes() == content
    intakes.expire(now=timezone.now() + timedelta(days=8))
    assert not staged.exists()


def test_what_a_busy_machine_may_cause_is_tried_again_and_damage_is_not(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["crashed", "damaged"])

    def fall(*_args: object, **_kwargs: object) -> None:
        raise ProcessorError(next(codes), "as told")

    intake = received(picture(tmp_path / "a.jpg"), now=now)
    work.perform(intake.jobs.get().pk)
    monkeypatch.setattr(work, "run_processor", fall)
    identify = Job.objects.get(role="identify")

    work.perform(identify.pk)
    identify.refresh_from_db()
    first = (identify.state, identify.reason_code)
    Job.objects.filter(pk=identify.pk).update(not_before=now)
    work.perform(identify.pk)
    identify.refresh_from_db()

    assert first == ("queued", "crashed")
    assert (identify.state, identify.reason_code) == ("failed", "damaged")
    assert Master.objects.get().state == "kept"


def test_a_master_with_failed_work_is_remade_like_any_other(tmp_path: Path, now: datetime) -> None:
    master = stored(picture(tmp_path / "a.jpg"), now)
    Job.objects.filter(role="pyramid").update(state="failed", reason_code="time_limit")
    Job.objects.exclude(role="pyramid").delete()  # as after a restore: the rows of jobs stay behind
    Master.objects.update(state="kept", reason_code="time_limit")
    for one in master.derivatives.all():
        stores.derivatives().delete(one.prefix)

    assert sum(remaking.queue_all()) == 2
    work.perform_all()

    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("ready", "")


def test_a_file_that_cannot_be_shown_is_never_called_ready(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.txt").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    master = stored(tmp_path / "a.txt", now)
    Job.objects.create(
        role="thumbnail", recipe_version=1, master=master, state="queued", created_at=now, not_before=now, rung_at=now
    )  # queued before an upgrade that took its recipe away

    work.perform_all()

    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("kept", "unsupported")
    assert sum(remaking.queue_all()) == 0


def test_failed_work_tried_again_by_the_command_is_done(tmp_path: Path, now: datetime) -> None:
    master = stored(picture(tmp_path / "a.jpg"), now)
    stores.derivatives().delete(master.derivatives.get(role="pyramid").prefix)
    Derivative.objects.filter(role="pyramid").delete()
    Job.objects.filter(role="pyramid").update(state="failed", reason_code="time_limit")
    Master.objects.update(state="kept", reason_code="time_limit")

    call_command("recover_jobs", "--retry-failed", stdout=io.StringIO())
    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("processing", "")
    work.perform_all()

    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("ready", "")
    assert set(master.derivatives.values_list("role", flat=True)) == {"pyramid", "thumbnail"}


def test_an_upload_tried_again_by_the_command_keeps_its_bytes_until_it_is_stored(tmp_path: Path, now: datetime) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    long_ago = timezone.now() - timedelta(days=30)
    os.utime(intakes.path_of(intake), (0, 0))
    Job.objects.update(state="needs_person", reason_code="worker_killed")
    Intake.objects.update(state="refused", reason_code="worker_killed", touched_at=long_ago)

    call_command("recover_jobs", "--retry-failed", stdout=io.StringIO())
    intakes.expire(now=timezone.now())

    intake.refresh_from_db()
    assert (intake.state, intake.reason_code) == ("received", "")
    work.perform_all()
    intake.refresh_from_db()
    assert intake.state == "stored"


@pytest.mark.parametrize("state", ["queued", "running"])
def test_bytes_that_work_still_needs_stay_whatever_the_intake_says(state: str, tmp_path: Path, now: datetime) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    os.utime(intakes.path_of(intake), (0, 0))
    Job.objects.update(state=state, token="t", lease_until=timezone.now() + timedelta(minutes=1))
    Intake.objects.update(state="refused", touched_at=timezone.now() - timedelta(days=30))

    intakes.expire(now=timezone.now())

    assert intakes.path_of(intake).exists()


def test_an_unforeseen_error_is_said_for_what_it_is_and_the_other_work_goes_on(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    master = stored(picture(tmp_path / "a.jpg"), now)
    Job.objects.filter(role__in=["pyramid", "thumbnail"]).update(state="queued", not_before=now)
    make = work.run_processor

    def stumble(recipe: Recipe, *words: Any, **named: Any) -> Result:  # Any: passed on
        if recipe.role == "pyramid":
            raise ZeroDivisionError("a bug")
        return make(recipe, *words, **named)

    monkeypatch.setattr(work, "run_processor", stumble)
    caplog.set_level("ERROR", "media_pipeline.work")

    for _turn in range(jobs.MAX_ERRORS):
        Job.objects.filter(state="queued").update(not_before=now)
        work.perform_all()

    pyramid = Job.objects.get(role="pyramid")
    assert (pyramid.state, pyramid.reason_code, pyramid.reason_detail) == ("failed", "crashed", "ZeroDivisionError")
    assert (pyramid.lost, Job.objects.get(role="thumbnail").state) == (0, "done")
    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("kept", "crashed")
    assert "a bug" in caplog.text


@pytest.mark.django_db(transaction=True)  # the worker drops its connection, which it never does inside a transaction
def test_a_database_that_is_away_for_a_moment_costs_nothing(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = received(picture(tmp_path / "a.jpg"), now=now)

    def locked(*_words: object, **_named: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(work, "_store", locked)
        work.perform_all()

    job = Job.objects.get()
    assert (job.state, job.starts, job.errors, job.lost) == ("queued", 0, 0, 0)
    assert timezone.now() < job.not_before <= timezone.now() + timedelta(seconds=work.DATABASE_WAIT_S)
    Job.objects.update(not_before=now)
    work.perform_all()
    intake.refresh_from_db()
    assert intake.state == "stored"


def test_masters_of_earlier_versions_keep_what_identification_found(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.txt").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    drawing = stored(tmp_path / "a.txt", now)
    image = stored(picture(tmp_path / "a.jpg"), now)
    Master.objects.update(identified_reason="")
    Master.objects.filter(pk=image.pk).update(state="kept", reason_code="damaged")  # as a failed derivative said
    migration = importlib.import_module("media_pipeline.migrations.0004_fill_reason_of_identification")

    migration.fill(apps, None)

    assert dict(Master.objects.values_list("pk", "identified_reason")) == {drawing.pk: "unsupported", image.pk: ""}
