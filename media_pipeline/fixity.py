"""Checking that every master, and every file made of one, is still what it was: reads all bytes, keeps what was found in the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from media_pipeline import remaking, stores
from media_pipeline.models import Derivative, Job, Master, ReplacedSet
from media_pipeline.storage import fixity
from media_pipeline.storage.fixity import KnownFile, Report
from media_pipeline.storage.objects import Fixity, FixityState


def check_masters(
    *, not_since: datetime | None = None, on_checked: Callable[[str, Fixity], None] = lambda _name, _found: None
) -> Report:
    """Read the masters (those not read since a moment, or all) and list what changed, is missing, or belongs to no row.

    Each finding is kept at once in its row (`verified_at`, `damage`): a check that is interrupted and run again with `not_since` goes on
    from there. Raises StorageUnavailable.
    """
    known = list(Master.objects.order_by("sha256").values_list("sha256", "verified_at"))
    due = {sha256 for sha256, verified_at in known if not_since is None or verified_at < not_since}

    def keep(sha256: str, found: Fixity) -> None:
        if found.state is FixityState.OK:
            Master.objects.filter(sha256=sha256).update(verified_at=timezone.now(), damage="")
        else:
            Master.objects.filter(sha256=sha256).update(damage=found.state.value)
        on_checked(sha256, found)

    return fixity.check(
        stores.masters(),
        sorted(due),
        on_checked=keep,
        is_known=lambda sha256: Master.objects.filter(sha256=sha256).exists(),
    )


def check_derivatives(*, on_checked: Callable[[str, Fixity], None] = lambda _name, _found: None) -> Report:
    """Read every published file and list what changed, is missing, or belongs to no row; what is bad is queued to be made again.

    `on_checked` hears the key of each file. A set that an attempt is just publishing is no stranger. Raises StorageUnavailable.
    """
    rows = Derivative.objects.order_by("prefix")
    known = (
        (one.prefix, [KnownFile(file["name"], file["sha256"], file["size_bytes"]) for file in one.files])
        for one in rows.iterator(chunk_size=100)
    )
    report = fixity.check_derivatives(stores.derivatives(), known, on_checked=on_checked)
    for prefix in sorted({finding.name.rpartition("/")[0] for finding in [*report.changed, *report.missing]}):
        for one in Derivative.objects.filter(prefix=prefix).select_related("master"):
            remaking.queue_for(one.master, now=timezone.now(), role=one.role, everything=True)
    report.untracked = [finding for finding in report.untracked if not _is_under_way(finding.name)]
    return report


def _is_under_way(name: str) -> bool:
    """Return whether a set has a row since the check began, or may get one: its master is being worked on."""
    parts = name.split("/")
    prefix, sha256 = "/".join(parts[:5]), parts[3] if len(parts) > 3 else ""
    if len(parts) > 5:
        return False  # a file too many in a published set
    published = Derivative.objects.filter(prefix=prefix).exists() or ReplacedSet.objects.filter(prefix=prefix).exists()
    return published or Job.objects.filter(master__sha256=sha256, state=Job.State.RUNNING).exists()


def overdue(masters: QuerySet[Master], *, now: datetime, days: int = 90) -> QuerySet[Master]:
    """Return those of the masters that were not read for so many days."""
    return masters.filter(verified_at__lt=now - timedelta(days=days))
