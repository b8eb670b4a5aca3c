"""Making derivatives again: after a recipe changed, or after they were lost. Masters are all that is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from media_pipeline import chaining, jobs, settling, stores
from media_pipeline.models import Derivative, Job, Master
from media_pipeline.recipes import IDENTIFY, RECIPES, Recipe, recipe

STALE_AT_ONCE = 5  # sets that a sweep queues while nothing else waits


def queue_all(*, role: str = "", everything: bool = False) -> Iterator[int]:
    """Queue what is missing or outdated of every identified master; yields, master by master, how many jobs were queued.

    Each master in a transaction of its own, over before the caller hears of it: a caller that prints holds nobody up, and one that is
    interrupted and starts anew queues only what is not queued yet.
    """
    for master in masters_in_turn():
        yield queue_for(master, role=role, everything=everything, now=timezone.now())


def count_all(*, role: str = "", everything: bool = False) -> Iterator[int]:
    """Yield, master by master, how many jobs `queue_all` would queue, those that follow from others included. Queues nothing."""
    for master in masters_in_turn():
        yield len(lacking(master, settling.wanted(master), role=role, everything=everything))


def masters_in_turn() -> Iterator[Master]:
    """Return every identified master, in the order of `masters`."""
    return masters().order_by("pk").iterator(chunk_size=200)


def masters() -> QuerySet[Master]:
    return Master.objects.exclude(state=Master.State.IDENTIFYING)


def queue_for(master: Master, *, now: datetime, role: str = "", everything: bool = False) -> int:
    """Queue what is to be made of one master; returns how many jobs. One listing for each set that is looked at."""
    # Before the transaction: a storage may be slow, and SQLite lets nobody write meanwhile.
    recipes = settling.wanted(master)
    missing = lacking(master, recipes, role=role, everything=everything)
    with transaction.atomic():
        ready = chaining.put_off_followers(master, recipes, missing)
        queued = sum(_queue_again(master, one, now=now) for one in ready)
        if queued:
            Master.objects.filter(pk=master.pk).update(state=Master.State.PROCESSING, reason_code="")
    return queued


def lacking(master: Master, recipes: Sequence[Recipe], *, role: str = "", everything: bool = False) -> list[Recipe]:
    """Return which of a master's recipes made nothing whole at their version yet; with `everything`, all of them."""
    chosen = [one for one in recipes if not role or one.role == role]
    if everything:
        return chosen
    made = {(one.role, one.version): one for one in master.derivatives.all()}
    return [one for one in chosen if not _is_whole(made.get((one.role, one.version)))]


def queue_stale(*, now: datetime, at_most: int = STALE_AT_ONCE) -> int:
    """While nothing else waits, queue a few sets that an older version of their recipe made; returns how many.

    They are shown until their successors are there. What failed at the new version already is left to a person.
    """
    if Job.objects.filter(state=Job.State.QUEUED).exists():
        return 0
    queued = 0
    for old in _stale()[:at_most]:
        with transaction.atomic():
            queued += _queue_again(old.master, recipe(old.role, old.master.kind), now=now)
    return queued or _identify_again(now=now, at_most=at_most)


def _stale() -> QuerySet[Derivative]:
    """Return sets of an older version of which nobody has tried to make the new one."""
    older = Q(pk__in=[])
    for one in RECIPES:
        if one.version > 1:
            tried = Job.objects.filter(master=OuterRef("master"), role=one.role, recipe_version=one.version)
            old = Q(role=one.role, version__lt=one.version, master__kind__in=one.kinds)
            older |= old & ~Q(Exists(tried))
    return Derivative.objects.filter(older).select_related("master").order_by("pk")


def _identify_again(*, now: datetime, at_most: int) -> int:
    """Queue another first look at a few masters that an older version of it saw."""
    newer = Job.objects.filter(master=OuterRef("master"), role=IDENTIFY.role, recipe_version=IDENTIFY.version)
    seen = Job.objects.filter(role=IDENTIFY.role, recipe_version__lt=IDENTIFY.version, state=Job.State.DONE)
    old = seen.filter(~Exists(newer)).select_related("master").order_by("pk")[:at_most]
    return sum(_queue_again(job.master, IDENTIFY, now=now) for job in old if job.master is not None)


def _queue_again(master: Master, one: Recipe, *, now: datetime) -> bool:
    """Queue one job, be it new or final. False: it waits or runs already. Call in a transaction."""
    waiting = {"lane": one.lane, "priority": jobs.REMAKE, "created_at": now, "not_before": now, "rung_at": now}
    job, created = Job.objects.get_or_create(master=master, role=one.role, recipe_version=one.version, defaults=waiting)
    if not created:
        return jobs.repeat(job, now=now, priority=jobs.REMAKE)
    jobs.ring_after_commit(job)
    return True


def _is_whole(derivative: Derivative | None) -> bool:
    """Whether a set is there with every file in its size."""
    if derivative is None:
        return False
    there = stores.derivatives().sizes(derivative.prefix)
    return all(there.get(entry["name"]) == entry["size_bytes"] for entry in derivative.files)
