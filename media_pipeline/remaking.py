"""Making derivatives again: after a recipe changed, or after they were lost. Masters are all that is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from media_pipeline import jobs, stores, work
from media_pipeline.models import Derivative, Job, Master
from media_pipeline.plan import plan
from media_pipeline.storage.errors import KeyMissing


def queue_all(*, role: str = "", everything: bool = False) -> Iterator[int]:
    """Queue what is missing or outdated of every identified master; yields, master by master, how many jobs were queued."""
    for master in Master.objects.exclude(state=Master.State.IDENTIFYING).order_by("pk").iterator(chunk_size=200):
        with transaction.atomic():
            yield queue_for(master, role=role, everything=everything, now=timezone.now())


def queue_for(master: Master, *, now: datetime, role: str = "", everything: bool = False) -> int:
    """Queue what is to be made of one master; returns how many jobs. Call inside a transaction."""
    made = {(one.role, one.version): one for one in master.derivatives.all()}
    queued = 0
    for recipe in plan(work.facts_of(master)):
        if role and recipe.role != role:
            continue
        current = made.get((recipe.role, recipe.version))
        if current is not None and not everything and _is_whole(current):
            continue
        job, created = Job.objects.get_or_create(
            master=master,
            role=recipe.role,
            recipe_version=recipe.version,
            defaults={"lane": recipe.lane, "created_at": now, "not_before": now, "rung_at": now},
        )
        if not created:
            reset = Job.objects.filter(pk=job.pk).exclude(state__in=[Job.State.QUEUED, Job.State.RUNNING])
            if not reset.update(
                state=Job.State.QUEUED,
                errors=0,
                lost=0,
                put_off=0,
                percent=0,
                reason_code="",
                not_before=now,
                rung_at=now,
                finished_at=None,
            ):
                continue
        jobs.ring_after_commit(job)
        queued += 1
    if queued:
        Master.objects.filter(pk=master.pk).update(state=Master.State.PROCESSING, reason_code="")
    return queued


def _is_whole(derivative: Derivative) -> bool:
    store = stores.derivatives()
    try:
        return all(
            store.size_bytes(derivative.prefix, entry["name"]) == entry["size_bytes"] for entry in derivative.files
        )
    except KeyMissing:
        return False
