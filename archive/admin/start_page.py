"""What the desk's start page says: what needs doing, in numbers made of what the asking member of staff may see."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from access.actions.break_glass import is_administrator
from access.models import AuditEntry
from access.requests import viewer_of
from archive import consent_records, contributions, moves, petition_rights
from archive.admin.base import actor_of, decider_of
from archive.admin.files import Card, card, visible_files
from archive.admin.filters import KEPT, REFUSED, unopened
from archive.admin.lacking import lacking
from archive.admin.list_filters import mine
from archive.admin.visible_work import items_under, visible_jobs, visible_masters
from archive.backup import BACKUP
from archive.models import Item, ItemState
from media_pipeline import fixity
from media_pipeline.models import Job, Master
from media_pipeline.sizes import format_size

TROUBLE_SHOWN = 10
COUNTED_MOST = 999
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING, Job.State.NEEDS_PERSON, Job.State.FAILED)
# docs/operations/running.md asks for a backup each day, and for each original to be read each quarter.
BACKUP_DUE, READ_DUE = timedelta(days=2), timedelta(days=90)
LOOKED_BACK = timedelta(days=90)
LOW_SPACE_SHARE = 0.1


@dataclass(frozen=True)
class Task:
    """One line: how many, of what, and where to find them."""

    count: int
    text: str
    address: str
    is_urgent: bool = False
    is_more: bool = False  # counting went no further


@dataclass(frozen=True)
class Trouble:
    """One file that did not become what it should."""

    card: Card
    item: Item
    address: str


@dataclass(frozen=True)
class Keeping:
    """Whether what is here would survive the machine. `read_since`: since when every original was read back."""

    backup_at: datetime | None
    backup_is_old: bool
    read_since: datetime | None
    read_is_old: bool


@dataclass(frozen=True)
class Start:
    """All that the start page shows beside the list of screens."""

    is_empty: bool
    may_add: bool
    is_administrators: bool = False
    may_see_work: bool = False
    tasks: list[Task] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    disk_free: str = ""  # as people read it: "24 GB"
    disk_is_low: bool = False
    keeping: Keeping | None = None


def read(request: HttpRequest) -> Start:
    """Return what needs doing. Up to 27 queries. Who is not of the library reads of what they look after."""
    if not request.user.is_staff:
        return Start(is_empty=False, may_add=False, tasks=[task for task in _of_steward(request) if task.count])
    items = Item.objects.visible_to(viewer_of(request))
    disk = shutil.disk_usage(settings.DATA_DIR)
    return Start(
        is_empty=not items.filter(is_sample=False).exists(),
        may_add=request.user.has_perm("archive.add_item"),
        is_administrators=is_administrator(actor_of(request)),
        may_see_work=request.user.has_perm("media_pipeline.view_job"),
        tasks=[task for task in _tasks(request) if task.count],
        troubles=_troubles(request),
        disk_free=format_size(disk.free, get_language() or "en"),
        keeping=_keeping(now=timezone.now()),
        disk_is_low=disk.free < max(disk.total * LOW_SPACE_SHARE, settings.DISK_RESERVE_BYTES * 2),
    )


def _tasks(request: HttpRequest) -> list[Task]:
    states = _counted(visible_jobs(request).filter(state__in=UNFINISHED))
    stuck, failed = states.get(Job.State.NEEDS_PERSON, 0), states.get(Job.State.FAILED, 0)
    waiting = states.get(Job.State.QUEUED, 0) + states.get(Job.State.RUNNING, 0)
    return [
        *_requests(request),
        Task(
            stuck,
            ngettext("piece of work needs a person", "pieces of work need a person", stuck),
            _jobs("needs_person"),
            True,
        ),
        Task(failed, ngettext("piece of work failed", "pieces of work failed", failed), _jobs("failed"), True),
        *_of_items(request),
        *_lacking(request),
        Task(waiting, ngettext("piece of work waits or runs", "pieces of work wait or run", waiting), _jobs("queued")),
        *_of_masters(request),
    ]


def _of_items(request: HttpRequest) -> list[Task]:
    """Return where items wait for this person. Up to five queries."""
    items = Item.objects.visible_to(viewer_of(request))
    user = actor_of(request)
    states = _counted(items)
    review, drafts = states.get(ItemState.IN_REVIEW, 0), states.get(ItemState.DRAFT, 0)
    if settings.TWO_PAIRS_OF_EYES:
        # What one has submitted oneself waits for somebody else.
        review = items.filter(state=ItemState.IN_REVIEW).exclude(submitted_by=user).count()
    tasks = []
    if user.has_perm(moves.PUBLISH):
        tasks.append(
            _task(
                consent_records.published_lacking(items, day=timezone.localdate()),
                lambda count: ngettext("published item lacks a consent", "published items lack a consent", count),
                _list(consent="lacking"),
                is_urgent=True,
            )
        )
    tasks += [
        _task(
            mine(items, "back", user=user),
            lambda count: ngettext("item was sent back to you", "items were sent back to you", count),
            _list(mine="back"),
            is_urgent=True,
        ),
        Task(
            review, ngettext("item waits for review", "items wait for review", review), _list(state__exact="in_review")
        ),
    ]
    if user.has_perm("archive.protect_item"):
        tasks.append(
            _task(
                unopened(items),
                lambda count: ngettext(
                    "published item has a file that waits to be opened",
                    "published items have files that wait to be opened",
                    count,
                ),
                _list(files="unopened"),
            )
        )
    return [*tasks, Task(drafts, ngettext("draft", "drafts", drafts), _list(state__exact="draft"))]


def _counted(rows: QuerySet[Any]) -> dict[str, int]:
    """Return how many of the rows are in each state. One query."""
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def _lacking(request: HttpRequest) -> list[Task]:
    """Return what descriptions lack, for those who describe."""
    if not request.user.has_perm(moves.EDIT):
        return []
    viewer = viewer_of(request)
    items = Item.objects.visible_to(viewer)

    def task(what: str, text: Callable[[int], str]) -> Task:
        return _task(lacking(items, what, viewer=viewer), text, _list(lacking=what))

    return [
        task("rights", lambda count: ngettext("item has no rights statement", "items have no rights statement", count)),
        task(
            "languages",
            lambda count: ngettext("item does not say its language", "items do not say their language", count),
        ),
        task(
            "transcript",
            lambda count: ngettext("recording has no transcript", "recordings have no transcript", count),
        ),
    ]


def _of_masters(request: HttpRequest) -> list[Task]:
    masters = visible_masters(request)
    address = reverse("admin:media_pipeline_master_changelist")
    return [
        _task(
            masters,
            lambda count: ngettext("file is kept in one copy only", "files are kept in one copy only", count),
            address,
        ),
        _task(
            fixity.overdue(masters, now=timezone.now()),
            # Translators: check_fixity is the name of a command and stays as it is.
            lambda count: ngettext(
                "original was not read for 90 days (check_fixity)",
                "originals were not read for 90 days (check_fixity)",
                count,
            ),
            address,
        ),
    ]


def _task(rows: QuerySet[Any], text: Callable[[int], str], address: str, *, is_urgent: bool = False) -> Task:
    """Return the line of some rows, counted as far as a person cares. One query."""
    count = rows.order_by()[: COUNTED_MOST + 1].count()
    shown = min(count, COUNTED_MOST)
    return Task(shown, text(shown), address, is_urgent, is_more=count > COUNTED_MOST)


def _keeping(*, now: datetime) -> Keeping:
    """Return when the last backup was written and since when all originals were read. Two queries."""
    made = AuditEntry.objects.filter(verb=BACKUP, at__gte=now - LOOKED_BACK)
    backup_at = made.order_by("-at", "-pk").values_list("at", flat=True).first()
    read_since = Master.objects.aggregate(oldest=Min("verified_at"))["oldest"]
    return Keeping(
        backup_at,
        backup_at is None or now - backup_at > BACKUP_DUE,
        read_since,
        read_since is not None and now - read_since > READ_DUE,
    )


def _of_steward(request: HttpRequest) -> list[Task]:
    under = items_under(request).count()
    text = ngettext("item lies under your protocols", "items lie under your protocols", under)
    return [*_requests(request), Task(under, text, reverse("admin:archive_item_changelist"))]


def _requests(request: HttpRequest) -> list[Task]:
    viewer = viewer_of(request)
    waiting = petition_rights.waiting(decider_of(request), viewer)
    urgent = waiting.filter(petition_rights.is_urgent(viewer.decided_at)).count()
    rest = waiting.count() - urgent
    told = contributions.waiting(decider_of(request), viewer).count()
    address = f"{reverse('admin:access_petition_changelist')}?waiting=yes"
    return [
        Task(urgent, ngettext("request cannot wait longer", "requests cannot wait longer", urgent), address, True),
        Task(rest, ngettext("request waits for an answer", "requests wait for an answer", rest), address),
        Task(
            told,
            ngettext("thing that was told waits to be read", "things that were told wait to be read", told),
            f"{reverse('admin:archive_contribution_changelist')}?state=open",
        ),
    ]


def _list(**asked: str) -> str:
    return f"{reverse('admin:archive_item_changelist')}?{urlencode(asked)}"


def _jobs(state: str) -> str:
    return f"{reverse('admin:media_pipeline_job_changelist')}?{urlencode({'state__exact': state})}"


def _troubles(request: HttpRequest) -> list[Trouble]:
    files = visible_files(request).filter(Q(KEPT) | Q(REFUSED)).order_by("-pk")[:TROUBLE_SHOWN]
    return [Trouble(card(file), file.item, reverse("admin:archive_item_change", args=[file.item_id])) for file in files]
