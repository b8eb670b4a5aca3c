"""The life of a job row: queue, claim by lease, renew, finish, fail, recover. Everything is a guarded update of one row."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from media_pipeline import doorbell, reasons
from media_pipeline.models import FINAL_STATES, Intake, Job, Master

MAX_ERRORS = 3  # of what may pass: a busy machine, a program that fell
MAX_LOST = 6  # leases that ran out because the worker died
LOST_BEFORE_SOLO = 2
BACK_OFF_S = (5, 60, 300, 300, 1500, 1500)
RING_AGAIN_AFTER_S = 120
# Between two tries while the storage is away or full. They never end: what was acknowledged is not given up for that.
OUTAGE_WAITS_S = (5, 60, 300, 900)
# What goes first within a lane. What follows from a piece of work (identifying, making) is as urgent as that was.
PERSON, BULK, REMAKE = 10, 0, -10
# Who answers a bell rings for the next one, so that a few bring all of a lane to an end.
RINGS_AT_ONCE = 4
CANDIDATES = 8  # of which others may be faster to claim some


@dataclass(frozen=True)
class Claim:
    """The right to work on one job until the lease ends, unless renewed."""

    job_id: int
    token: str
    lease_s: int


def queue(
    *,
    role: str,
    now: datetime,
    version: int = 0,
    intake: Intake | None = None,
    master: Master | None = None,
    lane: str = Job.Lane.QUICK,
    priority: int = BULK,
) -> Job:
    """Return the one job of this work, queued if it is new; its bell rings after commit. Call inside a transaction.

    One that waits already goes as far forward as whoever asks now is entitled to.
    """
    job, created = Job.objects.get_or_create(
        role=role,
        recipe_version=version,
        intake=intake,
        master=master,
        defaults={"lane": lane, "priority": priority, "created_at": now, "not_before": now, "rung_at": now},
    )
    if created:
        ring_after_commit(job)
    elif job.priority < priority:
        raise_priority(Job.objects.filter(pk=job.pk), priority)
    return job


def raise_priority(jobs: QuerySet[Job], priority: int) -> int:
    """Let those of some jobs that wait go as far forward as this; returns how many."""
    return jobs.filter(state=Job.State.QUEUED, priority__lt=priority).update(priority=priority)


def ring_after_commit(job: Job) -> None:
    """Ring the job's lane once the row is there to be seen. A bell that fails is harmless: the sweep rings again."""
    job_id, lane = job.pk, job.lane
    transaction.on_commit(lambda: doorbell.ring(job_id, lane), robust=True)


def claim(job_id: int, *, now: datetime, lease_s: int) -> Claim | None:
    """Claim a queued job that is due: exactly one of many claimants gets it, the others None. Counts the start first."""
    token = secrets.token_hex(16)
    changed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, not_before__lte=now).update(
        state=Job.State.RUNNING,
        token=token,
        lease_until=now + timedelta(seconds=lease_s),
        starts=F("starts") + 1,
        started_at=now,
        finished_at=None,
        percent=0,
        reason_code="",
        reason_detail="",
    )
    return Claim(job_id, token, lease_s) if changed == 1 else None


def renew(claim: Claim, *, now: datetime, percent: float, silent_s: float = 0) -> bool:
    """Lengthen the lease and write the progress (0 to 100). False: the job is somebody else's now, stop.

    `silent_s`: how much longer than a lease the holder will have no occasion to renew.
    """
    until = now + timedelta(seconds=claim.lease_s + silent_s)
    return _held(claim).update(lease_until=until, percent=round(percent, 1)) == 1


def is_held(claim: Claim) -> bool:
    """Whether the job is still the holder's: neither lost to another nor cancelled."""
    return _held(claim).exists()


def finish(claim: Claim, *, now: datetime) -> bool:
    """Mark the job done. Call in the transaction that records its outcome; False: roll back, somebody else has it."""
    changed = _held(claim).update(
        state=Job.State.DONE, token="", lease_until=None, finished_at=now, percent=100, reason_code="", reason_detail=""
    )
    return changed == 1


def fail(claim: Claim, *, now: datetime, code: str, detail: str, may_pass: bool) -> Job | None:
    """Record a failure. What may pass goes back to the queue with a longer wait each time, at most MAX_ERRORS times."""
    job = _held(claim).first()
    if job is None:
        return None
    errors = job.errors + 1
    again = may_pass and errors < MAX_ERRORS
    changed = _held(claim).update(
        state=Job.State.QUEUED if again else Job.State.FAILED,
        errors=errors,
        token="",
        lease_until=None,
        not_before=now + timedelta(seconds=BACK_OFF_S[min(errors, len(BACK_OFF_S)) - 1]),
        reason_code=code,
        reason_detail=detail[:4000],
        finished_at=None if again else now,
    )
    if changed != 1:
        return None
    job.refresh_from_db()
    return job


def put_off(claim: Claim, *, now: datetime, code: str, detail: str) -> bool:
    """Queue a job again because the storage is away or full: counted, and however often, never a failure."""
    job = _held(claim).first()
    if job is None:
        return False
    wait_s = OUTAGE_WAITS_S[min(job.put_off, len(OUTAGE_WAITS_S) - 1)]
    changed = _held(claim).update(
        state=Job.State.QUEUED,
        put_off=job.put_off + 1,
        token="",
        lease_until=None,
        not_before=now + timedelta(seconds=wait_s),
        reason_code=code,
        reason_detail=detail[:4000],
    )
    return changed == 1


def release(claim: Claim, *, now: datetime, wait_s: float = 0) -> None:
    """Give an unfinished job back, uncounted: the worker is going home, or could not work at all."""
    due_at = now + timedelta(seconds=wait_s)
    _held(claim).update(state=Job.State.QUEUED, token="", lease_until=None, not_before=due_at, starts=F("starts") - 1)


def withdraw(claim: Claim) -> bool:
    """Delete a claimed job: it will be queued anew when what it needs is there. False: somebody else has it."""
    return _held(claim).delete()[0] == 1


def recover_expired(
    *, now: datetime, on_given_up: Callable[[Job], None] = lambda job: None
) -> tuple[list[Job], list[Job]]:
    """Take back the jobs whose lease ran out. Returns (queued again, given up: these need a person).

    From the second loss on a job goes to the solo lane, where it can harm nobody; after MAX_LOST it waits for a person.
    `on_given_up` runs in the transaction that gives a job up: what follows from it is written with it or not at all.
    """
    again: list[Job] = []
    given_up: list[Job] = []
    for job in Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now):
        with transaction.atomic():
            if not _take_back(job, now=now):
                continue
            job.refresh_from_db()
            hopeless = job.state == Job.State.NEEDS_PERSON
            if hopeless:
                on_given_up(job)
        (given_up if hopeless else again).append(job)
    return again, given_up


def _take_back(job: Job, *, now: datetime) -> bool:
    lost = job.lost + 1
    hopeless = lost >= MAX_LOST
    solo = lost >= LOST_BEFORE_SOLO
    wait_s = BACK_OFF_S[min(lost - LOST_BEFORE_SOLO, len(BACK_OFF_S) - 1)] if solo else 0
    changed = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, token=job.token, lease_until__lt=now).update(
        state=Job.State.NEEDS_PERSON if hopeless else Job.State.QUEUED,
        lost=lost,
        lane=Job.Lane.SOLO if solo else job.lane,
        token="",
        lease_until=None,
        not_before=now + timedelta(seconds=wait_s),
        reason_code=reasons.WORKER_KILLED,
        finished_at=now if hopeless else None,
    )
    return changed == 1


def due(*, now: datetime) -> QuerySet[Job]:
    """Return the jobs that could be claimed now: quick ones first, then the most urgent, then in order of arrival."""
    order = {lane: place for place, lane in enumerate(Job.Lane.values)}
    jobs = Job.objects.filter(state=Job.State.QUEUED, not_before__lte=now)
    from_lane = [When(lane=lane, then=place) for lane, place in order.items()]
    return jobs.order_by(Case(*from_lane, default=9), "-priority", "pk")


def best(lane: str, *, now: datetime) -> QuerySet[Job]:
    """Return the jobs of a lane that could be claimed now, in the order of `due`; the first few cost nothing however many wait."""
    return Job.objects.filter(lane=lane, state=Job.State.QUEUED, not_before__lte=now).order_by("-priority", "pk")


def unheard(*, now: datetime) -> list[Job]:
    """Return a few due jobs of each lane in which some wait unheard, and note that their bells ring now.

    Unheard: the last bell is long ago, or rang before they were due. A few are enough: each answer rings for the next.
    """
    long_ago = Q(rung_at__lt=now - timedelta(seconds=RING_AGAIN_AFTER_S)) | Q(rung_at__lt=F("not_before"))
    jobs = [job for lane in Job.Lane.values for job in best(lane, now=now).filter(long_ago)[:RINGS_AT_ONCE]]
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(rung_at=now)
    return jobs


def retry(job: Job, *, now: datetime, priority: int = PERSON) -> bool:
    """Queue a failed job again, with its counts forgotten. False: it was not failed any more. People's wishes go through `work.retry`."""
    triable = (Job.State.FAILED, Job.State.NEEDS_PERSON, Job.State.CANCELLED)
    return _start_over(job, triable, now=now, priority=priority)


def repeat(job: Job, *, now: datetime, priority: int) -> bool:
    """Queue a final job again, done or failed, with its counts forgotten. False: it waits or runs."""
    return _start_over(job, FINAL_STATES, now=now, priority=priority)


def cancel(job: Job, *, now: datetime) -> bool:
    """End a job that waits or runs, and take the token from whoever works on it. False: it was final already.

    The holder hears of it at its next look at the row and kills its child; nothing it made is published.
    """
    changed = Job.objects.filter(pk=job.pk, state__in=(Job.State.QUEUED, Job.State.RUNNING)).update(
        state=Job.State.CANCELLED,
        token="",
        lease_until=None,
        finished_at=now,
        reason_code=reasons.CANCELLED,
        reason_detail="",
    )
    return changed == 1


def _start_over(job: Job, states: Sequence[str], *, now: datetime, priority: int) -> bool:
    changed = Job.objects.filter(pk=job.pk, state__in=states).update(
        state=Job.State.QUEUED,
        priority=priority,
        errors=0,
        lost=0,
        put_off=0,
        percent=0,
        reason_code="",
        reason_detail="",
        not_before=now,
        rung_at=now,
        finished_at=None,
    )
    if changed == 1:
        ring_after_commit(job)
    return changed == 1


def _held(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.job_id, token=claim.token, state=Job.State.RUNNING)
