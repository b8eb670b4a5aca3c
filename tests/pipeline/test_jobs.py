"""The life of a job row: no two workers have one job, nothing is lost, nothing runs for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from media_pipeline import jobs
from media_pipeline.models import Intake, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(now: datetime) -> Job:
    intake = Intake.objects.create(pid="a", original_name="a", size_bytes=1, created_at=now, touched_at=now)
    return jobs.queue(role="store", intake=intake, now=now)


def claimed(job: Job, *, now: datetime) -> jobs.Claim:
    claim = jobs.claim(job.pk, now=now, lease_s=60)
    assert claim is not None
    return claim


def test_the_same_work_is_queued_once(job: Job, now: datetime) -> None:
    again = jobs.queue(role="store", intake=job.intake, now=now)

    assert again.pk == job.pk


def test_a_job_is_claimed_by_one_of_many(job: Job, now: datetime) -> None:
    claims = [jobs.claim(job.pk, now=now, lease_s=60) for _ in range(5)]

    assert [claim is not None for claim in claims] == [True, False, False, False, False]
    job.refresh_from_db()
    assert job.starts == 1


def test_a_job_is_not_claimed_before_its_time(job: Job, now: datetime) -> None:
    Job.objects.update(not_before=now + timedelta(seconds=1))

    assert jobs.claim(job.pk, now=now, lease_s=60) is None


def test_only_the_holder_of_the_token_finishes(job: Job, now: datetime) -> None:
    first = claimed(job, now=now)
    jobs.recover_expired(now=now + timedelta(seconds=61))
    second = claimed(job, now=now + timedelta(seconds=62))

    assert not jobs.finish(first, now=now)
    assert not jobs.renew(first, now=now, percent=50)
    assert jobs.fail(first, now=now, code="damaged", detail="", may_pass=False) is None
    assert jobs.finish(second, now=now)


def test_a_renewed_lease_is_not_taken_back(job: Job, now: datetime) -> None:
    claim = claimed(job, now=now)

    assert jobs.renew(claim, now=now + timedelta(seconds=50), percent=30)
    assert jobs.recover_expired(now=now + timedelta(seconds=100)) == ([], [])
    assert [one.pk for one in jobs.recover_expired(now=now + timedelta(seconds=111))[0]] == [job.pk]


def test_from_the_second_loss_on_a_job_runs_alone(job: Job, now: datetime) -> None:
    lanes = []
    for turn in range(2):
        at = now + timedelta(hours=turn)
        claimed(job, now=at)
        jobs.recover_expired(now=at + timedelta(seconds=61))
        job.refresh_from_db()
        lanes.append(job.lane)

    assert lanes == ["quick", "solo"]


def test_a_job_that_kills_every_worker_ends_with_a_person(job: Job, now: datetime) -> None:
    starts = 0
    at = now
    while jobs.claim(job.pk, now=at, lease_s=60) is not None:
        starts += 1
        _again, given_up = jobs.recover_expired(now=at + timedelta(seconds=61))
        at += timedelta(hours=3)

    job.refresh_from_db()
    assert job.state == Job.State.NEEDS_PERSON
    assert [one.pk for one in given_up] == [job.pk]
    assert starts == jobs.MAX_LOST
    assert job.reason_code == "worker_killed"


def test_what_may_pass_is_tried_three_times(job: Job, now: datetime) -> None:
    at = now
    states = []
    for _turn in range(3):
        failed = jobs.fail(claimed(job, now=at), now=at, code="time_limit", detail="", may_pass=True)
        assert failed is not None
        states.append(failed.state)
        at = failed.not_before

    assert states == ["queued", "queued", "failed"]


def test_a_damaged_file_fails_at_once(job: Job, now: datetime) -> None:
    failed = jobs.fail(claimed(job, now=now), now=now, code="damaged", detail="x" * 9000, may_pass=False)

    assert failed is not None
    assert (failed.state, failed.reason_code, len(failed.reason_detail)) == ("failed", "damaged", 4000)


def test_a_released_job_is_free_at_once_and_not_counted(job: Job, now: datetime) -> None:
    jobs.release(claimed(job, now=now), now=now)

    job.refresh_from_db()
    assert (job.state, job.starts, job.lost) == ("queued", 0, 0)


def test_small_work_comes_before_big_work(now: datetime) -> None:
    for number, lane in enumerate(["heavy", "quick", "solo", "quick"]):
        intake = Intake.objects.create(pid=str(number), original_name="a", size_bytes=1, created_at=now, touched_at=now)
        jobs.queue(role="store", intake=intake, now=now, lane=lane)

    assert [one.lane for one in jobs.due(now=now)] == ["quick", "quick", "heavy", "solo"]


def test_a_person_may_ask_again_and_the_counts_are_forgotten(job: Job, now: datetime) -> None:
    Job.objects.update(state="needs_person", lost=6, errors=2)

    assert jobs.retry(job, now=now)
    assert not jobs.retry(job, now=now)
    job.refresh_from_db()
    assert (job.state, job.lost, job.errors) == ("queued", 0, 0)


def test_a_bell_nobody_heard_rings_again_once(job: Job, now: datetime) -> None:
    assert jobs.unheard(now=now + timedelta(seconds=119)) == []
    assert [one.pk for one in jobs.unheard(now=now + timedelta(seconds=121))] == [job.pk]
    assert jobs.unheard(now=now + timedelta(seconds=122)) == []
