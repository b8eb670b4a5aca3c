"""What can be made now because a program or its data was installed since: LibreOffice, and what Tesseract reads with."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from media_pipeline import installed, jobs, reasons
from media_pipeline.models import Derivative, Job, Master

_AT_ONCE = 500  # masters a round: the next is soon


def queue_waiting(*, now: datetime) -> int:
    """Queue again what was not made for want of a program that is here now; returns how many jobs. Two queries where nothing arrived."""
    waiting: list[Job] = []
    if settings.SOFFICE or installed.soffice():
        waiting += Job.objects.filter(state=Job.State.FAILED, reason_code=reasons.NO_OFFICE).order_by("pk")[:_AT_ONCE]
    if settings.TESSDATA or installed.tessdata():
        unread = Derivative.objects.filter(role="ocr", facts__has_key="missing").order_by("pk")[:_AT_ONCE]
        wanted = {(one.master_id, one.version) for one in unread}
        found = Job.objects.filter(role="ocr", master__in={master for master, _version in wanted})
        waiting += [one for one in found if (one.master_id, one.recipe_version) in wanted]
    return sum(_again(job, now=now) for job in waiting)


def _again(job: Job, *, now: datetime) -> bool:
    with transaction.atomic():
        queued = jobs.repeat(job, now=now, priority=jobs.BULK)
        if queued:
            Master.objects.filter(jobs=job).update(state=Master.State.PROCESSING, reason_code="")
    return queued
