"""Making derivatives again: after a recipe changed, or after they were lost. Masters are all that is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from media_pipeline import chaining, jobs, settling, stores
from media_pipeline.models import Derivative, Job, Master
from media_pipeline.recipes import Recipe


def queue_all(*, role: str = "", everything: bool = False) -> Iterator[int]:
    """Queue what is missing or outdated of every identified master; yields, master by master, how many jobs were queued.

    Each master in a transaction of its own, over before the caller hears of it: a caller that prints holds nobody up.
    """
    for master in Master.objects.exclude(state=Master.State.IDENTIFYING).order_by("pk").iterator(chunk_size=200):
        yield queue_for(master, role=role, everything=everything, now=timezone.now())


def queue_for(master: Master, *, now: datetime, role: str = "", everything: bool = False) -> int:
    """Queue what is to be made of one master; returns how many jobs. One listing for each set that is looked at."""
    # Before the transaction: a storage may be slow, and SQLite lets nobody write meanwhile.
    recipes = settling.wanted(master)
    wanted = [recipe for recipe in recipes if not role or recipe.role == role]
    if not everything:
        made = {(one.role, one.version): one for one in master.derivatives.all()}
        wanted = [recipe for recipe in wanted if not _is_whole(made.get((recipe.role, recipe.version)))]
    with transaction.atomic():
        ready = chaining.put_off_followers(master, recipes, wanted)
        queued = sum(_queue_again(master, recipe, now=now) for recipe in ready)
        if queued:
            Master.objects.filter(pk=master.pk).update(state=Master.State.PROCESSING, reason_code="")
    return queued


def _queue_again(master: Master, recipe: Recipe, *, now: datetime) -> bool:
    """Queue one job, be it new or final. False: it waits or runs already."""
    job, created = Job.objects.get_or_create(
        master=master,
        role=recipe.role,
        recipe_version=recipe.version,
        defaults={"lane": recipe.lane, "created_at": now, "not_before": now, "rung_at": now},
    )
    if not created:
        return jobs.repeat(job, now=now)
    jobs.ring_after_commit(job)
    return True


def _is_whole(derivative: Derivative | None) -> bool:
    """Whether a set is there with every file in its size."""
    if derivative is None:
        return False
    there = stores.derivatives().sizes(derivative.prefix)
    return all(there.get(entry["name"]) == entry["size_bytes"] for entry in derivative.files)
