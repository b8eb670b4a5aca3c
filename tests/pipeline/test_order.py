"""Which work is done first: what a person waits for, then loads, then remaking; a few bells do for all; heavy work has places."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from media_pipeline import doorbell, intakes, jobs, places, sweeping, work
from media_pipeline.folder_broker import BELL_QUEUES, BELLS_AT_MOST
from media_pipeline.models import Intake, Job
from tests.makers import picture, received
from tests.pipeline.test_folder_broker import channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lanes that are rung for, in turn; nobody hears."""
    lanes: list[str] = []
    monkeypatch.setattr(doorbell, "ring", lambda _job_id, lane: lanes.append(lane))
    return lanes


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let work be done by name only: the uploads that were performed, in turn."""
    names: list[str] = []

    def perform(job_id: int) -> bool:
        claim = jobs.claim(job_id, now=timezone.now(), lease_s=60)
        if claim is not None:
            jobs.finish(claim, now=timezone.now())
            names.append(Job.objects.select_related("intake").get(pk=job_id).intake.original_name)  # type: ignore[union-attr]
        return claim is not None

    monkeypatch.setattr(work, "perform", perform)
    return names


def load(count: int, *, now: datetime, lane: str = "quick", priority: int = jobs.BULK, name: str = "load") -> None:
    """Queue so many uploads at once."""
    first = Intake.objects.count()
    Intake.objects.bulk_create(
        Intake(pid=f"{first + n}", original_name=f"{name}-{n}", size_bytes=1, created_at=now, touched_at=now)
        for n in range(count)
    )
    Job.objects.bulk_create(
        Job(role="store", intake=one, lane=lane, priority=priority, created_at=now, not_before=now, rung_at=now)
        for one in Intake.objects.order_by("pk")[first:]
    )


def test_ten_thousand_files_of_a_load_do_not_starve_the_upload_of_a_person(
    now: datetime, rung: list[str], done: list[str], settings: LazySettings
) -> None:
    settings.DISK_RESERVE_BYTES = 0
    load(10_000, now=now)
    work.answer("quick")
    mine = intakes.begin(original_name="mine", size_bytes=1, now=now)
    intakes.append(mine, 0, [b"a"], now=now)

    began = time.perf_counter()
    work.answer("quick")
    took_s = time.perf_counter() - began

    assert done == ["load-0", "mine"]
    assert took_s < 0.5


def test_the_best_of_a_lane_is_found_by_its_index(now: datetime) -> None:
    query = jobs.best("quick", now=now)[: jobs.CANDIDATES]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")  # a table of a few rows is sorted in no time

    assert "job_best_of_lane" in query.explain()


def test_what_was_asked_for_comes_before_loads_and_remaking_after_them(
    now: datetime, rung: list[str], done: list[str]
) -> None:
    for name, priority in (("remake", jobs.REMAKE), ("load", jobs.BULK), ("person", jobs.PERSON)):
        load(1, now=now, priority=priority, name=name)

    while work.answer("quick"):
        pass

    assert done == ["person-0", "load-0", "remake-0"]


def test_uploads_and_tries_of_people_are_urgent_and_what_follows_from_them_too(
    tmp_path: Path, now: datetime, settings: LazySettings
) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    intakes.begin_local(picture(tmp_path / "b.jpg", colour=(1, 2, 3)), now=now)
    work.perform_all()

    found = {(job.role, job.priority) for job in Job.objects.all()}
    assert found == {(role, n) for role in ("store", "identify", "thumbnail", "pyramid") for n in (10, 0)}
    failed = Job.objects.filter(priority=0, role="pyramid")
    failed.update(state="failed")
    job = failed.get()
    work.retry(job, now=now)
    job.refresh_from_db()
    assert job.priority == jobs.PERSON


def test_a_person_who_sends_what_a_load_brought_takes_its_work_forward(tmp_path: Path, now: datetime) -> None:
    path = picture(tmp_path / "a.jpg")
    intakes.begin_local(path, now=now)
    work.perform(Job.objects.get().pk)
    second = received(path, now=now)

    work.perform(second.jobs.get().pk)

    assert Job.objects.get(role="identify").priority == jobs.PERSON


def test_one_bell_brings_all_of_a_lane_to_its_end(now: datetime, rung: list[str], done: list[str]) -> None:
    load(3, now=now)
    bells = 1
    while bells:
        bells -= 1
        rung.clear()
        work.answer("quick")
        bells += len(rung)

    assert len(done) == 3


def test_a_sweep_rings_a_few_bells_in_each_lane_however_many_wait(now: datetime, rung: list[str]) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    load(50, now=long_ago)
    load(50, now=long_ago, lane="heavy")

    assert sweeping.sweep() == 100

    assert sorted(rung) == ["heavy"] * jobs.RINGS_AT_ONCE + ["quick"] * jobs.RINGS_AT_ONCE


@pytest.mark.pure
def test_bells_do_not_heap_up_in_the_folder(tmp_path: Path) -> None:
    mine = channel(tmp_path)
    for number in range(BELLS_AT_MOST + 20):
        mine._put("quick", {"number": number})  # type: ignore[attr-defined]
    mine._put("clock", {"number": 1})  # type: ignore[attr-defined]

    assert len(list((tmp_path / "queue").glob("*.quick.msg"))) == BELLS_AT_MOST
    assert len(list((tmp_path / "queue").glob("*.clock.msg"))) == 1
    assert set(BELL_QUEUES) == set(Job.Lane.values)


@pytest.fixture
def one_place(settings: LazySettings, tmp_path: Path) -> None:
    settings.HEAVY_AT_ONCE = 1
    settings.PLACES_DIR = tmp_path / "places"


def test_heavy_work_without_a_place_stays_uncounted_and_unspun(
    one_place: None, now: datetime, rung: list[str], done: list[str]
) -> None:
    load(2, now=now, lane="heavy")
    load(1, now=now, lane="quick", name="small")

    with places.place("heavy"):
        assert places.taken() == 1
        assert not work.answer("heavy")
        assert not work.answer("solo")
        assert work.answer("quick")
        assert rung == []
        assert [job.starts for job in Job.objects.filter(lane="heavy")] == [0, 0]

    assert places.taken() == 0
    assert work.answer("heavy")
    assert rung == ["heavy"], "whoever held the place rings for the next"
    assert done == ["small-0", "load-0"]


def test_the_place_of_a_killed_process_is_free_at_once(one_place: None) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys, time\n"
            "held = open(sys.argv[1], 'w')\n"
            "fcntl.flock(held, fcntl.LOCK_EX)\n"
            "print('held', flush=True)\n"
            "time.sleep(60)\n",
            str(places.folder() / "heavy-0"),
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    with places.place("heavy") as has_place:
        assert not has_place

    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()

    with places.place("heavy") as has_place:
        assert has_place


def test_a_child_does_not_keep_the_place_of_its_worker(one_place: None) -> None:
    with places.place("heavy"):
        child = subprocess.Popen(["/bin/sleep", "60"], close_fds=False)
    try:
        until = time.monotonic() + 5
        while places.taken() and time.monotonic() < until:
            time.sleep(0.01)  # the kernel closes what a program does not inherit a moment after it has begun
        assert places.taken() == 0
    finally:
        child.kill()
        child.wait()


def test_the_machine_says_how_much_it_bears(settings: LazySettings) -> None:
    cores = len(os.sched_getaffinity(0))

    assert 1 <= places.fitting_number() <= cores
