"""Finding what was lost: leases that ran out, bells that nobody heard, work folders of dead attempts."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from media_pipeline import doorbell, intakes, jobs, work
from media_pipeline.models import Intake, Job
from media_pipeline.signals import intake_settled

ABANDONED_AFTER_S = 600


def sweep(*, everything: bool = False) -> int:
    """Take back expired leases and ring for what waits unheard (`everything`: for all that is due). Returns how many bells rang."""
    now = timezone.now()
    again, given_up = jobs.recover_expired(now=now)
    for job in given_up:
        _give_up(job)
    waiting = list(jobs.due(now=now)) if everything else jobs.unheard(now=now)
    ringing = {job.pk: job for job in [*again, *waiting]}
    for job in ringing.values():
        doorbell.ring(job.pk, job.lane)
    remove_abandoned_folders()
    return len(ringing)


def _give_up(job: Job) -> None:
    with transaction.atomic():
        if job.master_id is not None:
            work.settle_master(job.master_id)
        elif job.intake is not None:
            job.intake.state = Intake.State.REFUSED
            job.intake.reason_code = job.reason_code
            job.intake.save(update_fields=["state", "reason_code"])
            intake_settled.send(sender=Intake, intake=job.intake)


def remove_abandoned_folders() -> int:
    """Remove work folders whose token holds no job any more; returns how many."""
    root = Path(settings.WORK_DIR)
    if not root.is_dir():
        return 0
    living = set(Job.objects.filter(state=Job.State.RUNNING).values_list("token", flat=True))
    removed = 0
    for folder in root.glob("*/*"):
        if folder.name not in living and time.time() - folder.stat().st_mtime > ABANDONED_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    for parent in root.iterdir():
        if not any(parent.iterdir()):
            parent.rmdir()
    intakes.expire(now=timezone.now())
    return removed
