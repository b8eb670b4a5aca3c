"""Checking that every master is still what it was: reads all bytes, keeps what was found in the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from media_pipeline import stores
from media_pipeline.models import Master
from media_pipeline.storage import fixity
from media_pipeline.storage.fixity import Report
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


def overdue(*, now: datetime, days: int = 90) -> int:
    """Return how many masters were not read for so many days."""
    return Master.objects.filter(verified_at__lt=now - timedelta(days=days)).count()
