"""A person ends work: the child is killed, nothing half-made is kept, the file says why, and it can be started over."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.utils import timezone

from media_pipeline import intakes, jobs, keeping, recipes, stores, work
from media_pipeline.keeping import Keeper
from media_pipeline.models import Derivative, Intake, Job, Master
from media_pipeline.processors import Result
from media_pipeline.recipes import Recipe
from media_pipeline.sandbox import run_processor
from media_pipeline.walls import Tools
from tests.makers import picture, received

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent


@pytest.fixture
def master(tmp_path: Path, now: datetime) -> Master:
    received(picture(tmp_path / "a.jpg"), now=now)
    while job := jobs.due(now=timezone.now()).filter(role__in=["store", "identify"]).first():
        work.perform(job.pk)
    return Master.objects.get()


def job(role: str) -> Job:
    return Job.objects.get(role=role)


def test_work_that_waits_is_ended_its_file_says_so_and_the_rest_is_done(master: Master, now: datetime) -> None:
    assert work.cancel(job("pyramid"), now=now)
    assert not work.cancel(job("pyramid"), now=now)
    work.perform_all()

    assert (job("pyramid").state, job("pyramid").starts, job("thumbnail").state) == ("cancelled", 0, "done")
    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("kept", "cancelled")

    assert work.retry(job("pyramid"), now=now)
    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("processing", "")
    work.perform_all()
    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("ready", "")


@pytest.mark.parametrize("when", ["while it runs", "when all is made"])
def test_nothing_of_running_work_is_published_once_it_is_cancelled(
    master: Master, now: datetime, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = work.run_processor

    def cancelled(recipe: Recipe, *words: Any, **named: Any) -> Result:  # Any: passed on
        if when == "when all is made":
            result = make(recipe, *words, **named)
        work.cancel(Job.objects.get(role=recipe.role), now=now)
        return result if when == "when all is made" else make(recipe, *words, **named)

    monkeypatch.setattr(work, "run_processor", cancelled)
    monkeypatch.setattr(keeping, "LOOK_EVERY_S", 0.0)
    work.perform(job("pyramid").pk)

    assert (job("pyramid").state, job("pyramid").reason_code, job("pyramid").errors) == ("cancelled", "cancelled", 0)
    assert not Derivative.objects.filter(role="pyramid").exists()
    assert [prefix for prefix in stores.derivatives().walk() if "pyramid" in prefix] == []


@pytest.mark.django_db(transaction=True)  # another connection cancels
def test_the_child_is_killed_within_seconds(tmp_path: Path, now: datetime) -> None:
    path = picture(tmp_path / "a.jpg")
    made = Master.objects.create(sha256="a" * 64, sha512="b", size_bytes=1, stored_at=now, verified_at=now)
    row = jobs.queue(role="sleep", version=1, master=made, now=now)
    claim = jobs.claim(row.pk, now=timezone.now(), lease_s=600)
    assert claim is not None
    keeper = Keeper(claim)
    recipe = Recipe("sleep", 1, "sleeps", "heavy", frozenset())
    tools = Tools(package="hostile_processors", folders=(FOLDER,))

    def cancel() -> None:
        time.sleep(0.5)
        work.cancel(row, now=timezone.now())
        connection.close()

    person = threading.Thread(target=cancel)
    person.start()
    (tmp_path / "work").mkdir()
    began = time.monotonic()
    with pytest.raises(work.ProcessorError) as caught:
        run_processor(recipe, path, tmp_path / "work", should_stop=keeper.should_stop, tools=tools)
    person.join()

    assert caught.value.code == "stopped"
    assert time.monotonic() - began < keeping.LOOK_EVERY_S + 4


def test_an_upload_that_is_cancelled_keeps_its_bytes_for_whoever_starts_it_again(
    tmp_path: Path, now: datetime, settings: LazySettings
) -> None:
    settings.DISK_RESERVE_BYTES = 0
    intake = received(picture(tmp_path / "a.jpg"), now=now)
    assert work.cancel(job("store"), now=now)

    intake.refresh_from_db()
    assert (intake.state, intake.reason_code) == ("refused", "cancelled")
    intakes.expire(now=timezone.now() + timedelta(days=6))
    assert intakes.path_of(intake).exists()

    work.retry(job("store"), now=now)
    work.perform_all()
    assert Intake.objects.get().state == "stored"
    assert Master.objects.get().state == "ready"


def test_cancelling_what_others_read_leaves_nothing_waiting(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Recipe("first", 1, "x", "quick", frozenset({"image"}))
    second = Recipe("second", 1, "x", "quick", frozenset({"image"}), source_role="first")
    monkeypatch.setattr(recipes, "RECIPES", (first, second))
    received(picture(tmp_path / "a.jpg"), now=now)
    for _ in range(2):
        work.perform(Job.objects.get(state="queued").pk)

    work.cancel(job("first"), now=now)

    assert not Job.objects.filter(state="queued").exists()
    assert Master.objects.get().state == "kept"


def test_a_database_that_is_away_for_seconds_ends_no_work(
    now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    intake = Intake.objects.create(pid="a", original_name="a", size_bytes=1, created_at=now, touched_at=now)
    row = jobs.queue(role="store", intake=intake, now=now)
    claim = jobs.claim(row.pk, now=timezone.now(), lease_s=600)
    assert claim is not None
    keeper = Keeper(claim)
    monkeypatch.setattr(keeping, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(keeping.connection, "close_if_unusable_or_obsolete", lambda: None)

    def away(*_words: object, **_named: object) -> bool:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "is_held", away)
        time.sleep(1.1)
        assert not keeper.should_stop()
    assert "goes on while the database is away" in caplog.text

    work.cancel(row, now=now)
    time.sleep(1.1)
    assert keeper.should_stop()
