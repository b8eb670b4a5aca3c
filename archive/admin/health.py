"""The health board: who works, what waits, what runs, what fails and how fast it goes, over the work that the asking person may see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from archive.admin.visible_work import visible_jobs
from media_pipeline import heartbeat, places
from media_pipeline.admin import ROLE_NAMES
from media_pipeline.messages import sentence
from media_pipeline.models import Job, Worker
from media_pipeline.sizes import format_size

COUNTED_MOST = 5000  # counting goes no further in one lane or one hour: the board is there at once however much waits
RUNNING_SHOWN = 25
FAILING_SHOWN = 25
FAILED = (Job.State.FAILED, Job.State.NEEDS_PERSON)
LOW_SPACE_SHARE = 0.1


@dataclass(frozen=True)
class Tally:
    """A number that may go on where counting ended."""

    number: int

    @property
    def shown(self) -> int:
        return min(self.number, COUNTED_MOST)

    @property
    def is_more(self) -> bool:
        return self.number > COUNTED_MOST


@dataclass(frozen=True)
class Waiting:
    """What waits of one kind in one lane, and since when its oldest does."""

    lane: str
    lane_name: str
    role: str
    role_name: str
    count: Tally
    oldest_at: datetime


@dataclass(frozen=True)
class Failing:
    """What failed of one kind for one reason, and when it last did."""

    role: str
    role_name: str
    reason: str
    sentence: str
    count: Tally
    last_at: datetime | None


@dataclass(frozen=True)
class Hands:
    """One worker process."""

    name: str
    lanes: list[str]
    seen_at: datetime
    is_alive: bool


@dataclass(frozen=True)
class Board:
    """All that the page shows. `nobody_hears`: lanes in which something waits and no living worker listens."""

    workers: list[Hands]
    nobody_hears: list[str]
    places_taken: int
    places: int
    waiting: list[Waiting]
    running: list[Job]
    failing: list[Failing]
    last_hour: Tally
    last_day: Tally
    disk_free: str
    disk_is_low: bool


def read(request: HttpRequest, *, now: datetime) -> Board:
    """Return the board. Ten queries, each over a window that an index bounds."""
    jobs = visible_jobs(request)
    workers = [_hands(one, now=now) for one in Worker.objects.order_by("name")]
    waiting = [one for lane in Job.Lane.values for one in _waiting(jobs, lane)]
    heard = {lane for one in workers if one.is_alive for lane in one.lanes}
    disk = shutil.disk_usage(settings.DATA_DIR)
    return Board(
        workers=workers,
        nobody_hears=list(dict.fromkeys(one.lane_name for one in waiting if one.lane not in heard)),
        places_taken=places.taken(),
        places=places.number_of_places(),
        waiting=waiting,
        running=list(running(jobs)),
        failing=_failing(jobs),
        last_hour=_done_since(jobs, now - timedelta(hours=1)),
        last_day=_done_since(jobs, now - timedelta(days=1)),
        disk_free=format_size(disk.free, get_language() or "en"),
        disk_is_low=disk.free < max(disk.total * LOW_SPACE_SHARE, settings.DISK_RESERVE_BYTES * 2),
    )


def waiting_of(jobs: QuerySet[Job], *, lane: str, role: str) -> QuerySet[Job]:
    """Return what waits of one kind in one lane, oldest first."""
    return jobs.filter(state=Job.State.QUEUED, lane=lane, role=role).order_by("pk")


def failed_of(jobs: QuerySet[Job], *, role: str, reason: str) -> QuerySet[Job]:
    """Return what failed of one kind for one reason, the latest first."""
    return jobs.filter(state__in=FAILED, role=role, reason_code=reason).order_by("-finished_at", "-pk")


def running(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return what runs now, the longest first."""
    return jobs.filter(state=Job.State.RUNNING).order_by("started_at", "pk")[:RUNNING_SHOWN]


def _hands(worker: Worker, *, now: datetime) -> Hands:
    is_alive = now - worker.seen_at < heartbeat.ALIVE_FOR
    return Hands(worker.name, worker.lanes.split(","), worker.seen_at, is_alive)


def _waiting(jobs: QuerySet[Job], lane: str) -> Iterator[Waiting]:
    # In the order of the index that bells use: nothing is sorted, and what lies beyond the window is not looked at.
    window = jobs.filter(state=Job.State.QUEUED, lane=lane).order_by("-priority", "pk")[: COUNTED_MOST + 1]
    found = Job.objects.filter(pk__in=window.values("pk")).order_by().values("role")
    counted = found.annotate(count=Count("pk"), oldest_at=Min("created_at")).order_by("role")
    for role, count, oldest_at in counted.values_list("role", "count", "oldest_at"):
        name = str(ROLE_NAMES.get(role, role))
        yield Waiting(lane, str(Job.Lane(lane).label), role, name, Tally(count), oldest_at)


def _failing(jobs: QuerySet[Job]) -> list[Failing]:
    """Return the most frequent failures first. One query for each state: together they would be sorted before they are counted."""
    found: dict[tuple[str, str], tuple[int, datetime | None]] = {}
    for state in FAILED:
        window = jobs.filter(state=state).order_by("-pk")[: COUNTED_MOST + 1]
        rows = Job.objects.filter(pk__in=window.values("pk")).order_by().values("role", "reason_code")
        counted = rows.annotate(count=Count("pk"), last_at=Max("finished_at"))
        for role, reason, count, last_at in counted.values_list("role", "reason_code", "count", "last_at"):
            before, then = found.get((role, reason), (0, None))
            found[role, reason] = before + count, max(filter(None, (then, last_at)), default=None)
    most = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))[:FAILING_SHOWN]
    return [
        Failing(
            role, str(ROLE_NAMES.get(role, role)), reason, sentence(reason) if reason else "", Tally(count), last_at
        )
        for (role, reason), (count, last_at) in most
    ]


def _done_since(jobs: QuerySet[Job], moment: datetime) -> Tally:
    # Said by what it is not, so that the moment's index is used: nearly all rows are done.
    done = jobs.filter(finished_at__gte=moment).exclude(state__in=[*FAILED, Job.State.CANCELLED])
    return Tally(done.order_by()[: COUNTED_MOST + 1].count())
