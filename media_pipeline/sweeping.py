"""Finding what was lost: leases that ran out, bells that nobody heard, folders and staged files of dead attempts."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from media_pipeline import (
    arrivals,
    doorbell,
    folder_broker,
    intakes,
    jobs,
    places,
    publishing,
    remaking,
    stores,
    work,
)
from media_pipeline.models import Job
from media_pipeline.signals import tidied

# A staged file that nobody touched for so long belongs to nobody: no read-back of a master takes longer.
STAGED_FOR_AT_MOST = timedelta(hours=1)


def sweep(*, everything: bool = False) -> int:
    """Take back expired leases and ring where work waits unheard (`everything`: in each lane where any is due).

    Returns how many pieces of work were due. A few bells do for a lane: whoever answers one rings for the next.
    """
    now = timezone.now()
    work.recover(now=now)
    due = jobs.due(now=now)
    lanes = Job.Lane.values if everything else []
    waiting = [job for lane in lanes for job in due.filter(lane=lane)[: jobs.RINGS_AT_ONCE]] or jobs.unheard(now=now)
    for job in waiting:
        doorbell.ring(job.pk, job.lane)
    remove_abandoned_folders()
    publishing.remove_replaced(now=now)
    remaking.queue_stale(now=now)
    return due.count()


def remove_abandoned_folders() -> int:
    """Remove work folders whose token holds no job any more and has not for two leases; returns how many."""
    root = Path(settings.WORK_DIR)
    living = set(Job.objects.filter(state=Job.State.RUNNING).values_list("token", flat=True))
    removed = 0
    for folder in _folders_of_attempts(root):
        # Workers come and go meanwhile: what vanished is what was to be removed.
        with contextlib.suppress(FileNotFoundError):
            if folder.name not in living and time.time() - folder.stat().st_mtime > 2 * settings.LEASE_S:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    for parent in root.glob("*"):
        with contextlib.suppress(OSError):  # not empty
            parent.rmdir()
    return removed


def _folders_of_attempts(root: Path) -> Iterator[Path]:
    """Yield the folders below those of jobs, also while workers take both away: `glob` of two levels would end with an error then."""
    for parent in list(root.glob("*")):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            yield from list(parent.iterdir())


def tidy() -> int:
    """Remove what killed processes and abandoned uploads left in staging and in the broker's folder; returns how many.

    Reads folders: not for every minute.
    """
    now = timezone.now()
    older_than = now - STAGED_FOR_AT_MOST
    removed = stores.masters().sweep_staging(older_than=older_than)
    removed += stores.derivatives().sweep_staging(older_than=older_than)
    messages = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_in")
    if messages is not None:
        removed += folder_broker.remove_left_behind(Path(messages), older_than=older_than)
    removed += intakes.expire(now=now)
    arrivals.queue_waiting(now=now)
    places.remove_old_boots()
    tidied.send_robust(sender=None, now=now)
    return removed
