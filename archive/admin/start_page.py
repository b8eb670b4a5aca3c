"""What the desk's start page says: what needs doing, in numbers made of what the asking member of staff may see."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from access.actions.break_glass import is_administrator
from access.requests import viewer_of
from archive import consent_records, petition_rights
from archive.admin.base import actor_of, decider_of
from archive.admin.files import Card, card, visible_files
from archive.admin.filters import KEPT, REFUSED, unopened
from archive.admin.visible_work import items_under, visible_jobs, visible_masters
from archive.models import Item, ItemState
from media_pipeline import fixity
from media_pipeline.models import Job
from media_pipeline.sizes import format_size

TROUBLE_SHOWN = 10
LOW_SPACE_SHARE = 0.1


@dataclass(frozen=True)
class Task:
    """One line: how many, of what, and where to find them."""

    count: int
    text: str
    address: str
    is_urgent: bool = False


@dataclass(frozen=True)
class Trouble:
    """One file that did not become what it should."""

    card: Card
    item: Item
    address: str


@dataclass(frozen=True)
class Start:
    """All that the start page shows beside the list of screens."""

    is_empty: bool
    may_add: bool
    is_administrators: bool = False
    tasks: list[Task] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    disk_free: str = ""  # as people read it: "24 GB"
    disk_is_low: bool = False


def read(request: HttpRequest) -> Start:
    """Return what needs doing. About ten queries. Who is not of the library reads of what they look after."""
    if not request.user.is_staff:
        return Start(is_empty=False, may_add=False, tasks=[task for task in _of_steward(request) if task.count])
    items = Item.objects.visible_to(viewer_of(request))
    disk = shutil.disk_usage(settings.DATA_DIR)
    return Start(
        is_empty=not items.filter(is_sample=False).exists(),
        may_add=request.user.has_perm("archive.add_item"),
        is_administrators=is_administrator(actor_of(request)),
        tasks=[task for task in _tasks(request) if task.count],
        troubles=_troubles(request),
        disk_free=format_size(disk.free, get_language() or "en"),
        disk_is_low=disk.free < max(disk.total * LOW_SPACE_SHARE, settings.DISK_RESERVE_BYTES * 2),
    )


def _tasks(request: HttpRequest) -> list[Task]:
    items = Item.objects.visible_to(viewer_of(request))
    review = items.filter(state=ItemState.IN_REVIEW).count()
    drafts = items.filter(state=ItemState.DRAFT).count()
    closed = unopened(items).count() if request.user.has_perm("archive.protect_item") else 0
    unconsented = 0
    if request.user.has_perm("archive.publish_item"):
        unconsented = consent_records.published_lacking(items, day=timezone.localdate()).count()
    jobs = visible_jobs(request)
    waiting = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).count()
    stuck = jobs.filter(state=Job.State.NEEDS_PERSON).count()
    failed = jobs.filter(state=Job.State.FAILED).count()
    single = visible_masters(request).count()
    unread = fixity.overdue(visible_masters(request), now=timezone.now()).count()
    return [
        *_requests(request),
        Task(
            stuck,
            ngettext("piece of work needs a person", "pieces of work need a person", stuck),
            _jobs("needs_person"),
            True,
        ),
        Task(failed, ngettext("piece of work failed", "pieces of work failed", failed), _jobs("failed"), True),
        Task(
            unconsented,
            ngettext("published item lacks a consent", "published items lack a consent", unconsented),
            f"{reverse('admin:archive_item_changelist')}?consent=lacking",
            True,
        ),
        Task(review, ngettext("item waits for review", "items wait for review", review), _items(state="in_review")),
        Task(
            closed,
            ngettext(
                "published item has a file that waits to be opened",
                "published items have files that wait to be opened",
                closed,
            ),
            f"{reverse('admin:archive_item_changelist')}?files=unopened",
        ),
        Task(drafts, ngettext("draft", "drafts", drafts), _items(state="draft")),
        Task(waiting, ngettext("piece of work waits or runs", "pieces of work wait or run", waiting), _jobs("queued")),
        Task(
            single,
            ngettext("file is kept in one copy only", "files are kept in one copy only", single),
            reverse("admin:media_pipeline_master_changelist"),
        ),
        Task(
            unread,
            # Translators: check_fixity is the name of a command and stays as it is.
            ngettext(
                "original was not read for 90 days (check_fixity)",
                "originals were not read for 90 days (check_fixity)",
                unread,
            ),
            reverse("admin:media_pipeline_master_changelist"),
        ),
    ]


def _of_steward(request: HttpRequest) -> list[Task]:
    under = items_under(request).count()
    text = ngettext("item lies under your protocols", "items lie under your protocols", under)
    return [*_requests(request), Task(under, text, reverse("admin:archive_item_changelist"))]


def _requests(request: HttpRequest) -> list[Task]:
    viewer = viewer_of(request)
    waiting = petition_rights.waiting(decider_of(request), viewer)
    urgent = waiting.filter(petition_rights.is_urgent(viewer.decided_at)).count()
    rest = waiting.count() - urgent
    address = f"{reverse('admin:access_petition_changelist')}?waiting=yes"
    return [
        Task(urgent, ngettext("request cannot wait longer", "requests cannot wait longer", urgent), address, True),
        Task(rest, ngettext("request waits for an answer", "requests wait for an answer", rest), address),
    ]


def _items(*, state: str) -> str:
    return f"{reverse('admin:archive_item_changelist')}?{urlencode({'state__exact': state})}"


def _jobs(state: str) -> str:
    return f"{reverse('admin:media_pipeline_job_changelist')}?{urlencode({'state__exact': state})}"


def _troubles(request: HttpRequest) -> list[Trouble]:
    files = visible_files(request).filter(Q(KEPT) | Q(REFUSED)).order_by("-pk")[:TROUBLE_SHOWN]
    return [Trouble(card(file), file.item, reverse("admin:archive_item_change", args=[file.item_id])) for file in files]
