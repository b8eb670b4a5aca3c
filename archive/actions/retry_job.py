"""Try failed work again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.models import ItemFile
from media_pipeline import work
from media_pipeline.models import Job


def retry_job(job: Job, *, actor: User | None, now: datetime) -> None:
    """Queue a failed job again. Raises NotAllowed, ActionRefused("still_working")."""
    require(actor, "archive.change_item")
    with transaction.atomic():
        if not work.retry(job, now=now):
            raise ActionRefused("still_working")
        detail = {"job": job.pk, "role": job.role}
        audit.record(actor=actor, verb="retry_job", target_pid=file_pid(job), now=now, detail=detail)


def file_pid(job: Job) -> str:
    """Return the pid of the first file that a job is about, empty when no item has it any more."""
    files = ItemFile.objects.filter(intake=job.intake) if job.intake_id else ItemFile.objects.filter(master=job.master)
    return files.order_by("pk").values_list("pid", flat=True).first() or ""
