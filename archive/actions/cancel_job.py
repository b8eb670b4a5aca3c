"""End work that waits or runs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.actions.retry_job import file_pid
from media_pipeline import work
from media_pipeline.models import Job


def cancel_job(job: Job, *, actor: User | None, now: datetime) -> None:
    """End a job that waits or runs; nothing of it is kept but the original. Raises NotAllowed, ActionRefused("work_over")."""
    require(actor, "archive.change_item")
    with transaction.atomic():
        if not work.cancel(job, now=now):
            raise ActionRefused("work_over")
        detail = {"job": job.pk, "role": job.role}
        audit.record(actor=actor, verb="cancel_job", target_pid=file_pid(job), now=now, detail=detail)
