"""Recipes that read what another recipe made: the file they are given, and when they are queued.

Such work is queued in the transaction that publishes its source, never before, and publishes nothing once its source was replaced: the
source's row is locked first by both, so that one of them sees the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from media_pipeline import jobs, stores
from media_pipeline.facts import Facts
from media_pipeline.models import FINAL_STATES, Derivative, Job, Master
from media_pipeline.plan import following
from media_pipeline.recipes import Recipe, recipe, recipes_for
from media_pipeline.storage.errors import KeyMissing


class SourceReplaced(Exception):
    """The set that was read is not the published one any more: what was made of it is thrown away, and made again."""


class SourceLost(Exception):
    """The set that a recipe reads is not there. It is made again first, and what follows from it after."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role


def reads_another(role: str, kind: str) -> str:
    """Return the role that the recipe of a role reads, for files of a kind; empty for the master, and for no such recipe."""
    return next((one.source_role for one in recipes_for(kind) if one.role == role), "")


def source_of(master: Master, recipe: Recipe) -> Derivative | None:
    """Return the set that a recipe reads, None where it reads the master. One query at most. Raises SourceLost."""
    if not recipe.source_role:
        return None
    found = Derivative.objects.filter(master=master, role=recipe.source_role).order_by("-version").first()
    if found is None:
        raise SourceLost(recipe.source_role)
    return found


def local_path(source: Derivative, *, scratch: Path) -> Path:
    """Return the first file of a set as a file on this machine, not to be written to; from S3 a copy in `scratch`.

    Raises SourceLost where it is gone or is not what its row says, StorageUnavailable.
    """
    entry = source.files[0]
    try:
        return stores.derivatives().local_path(source.prefix, entry["name"], sha256=entry["sha256"], scratch=scratch)
    except KeyMissing as error:
        raise SourceLost(source.role) from error


def hold(source: Derivative | None) -> None:
    """Keep the set that was read published until the end of this transaction. Raises SourceReplaced where it is not any more."""
    if source is None:
        return
    rows = Derivative.objects.select_for_update().filter(pk=source.pk, prefix=source.prefix)
    if rows.first() is None:
        raise SourceReplaced


def queue_followers(facts: Facts, made: Derivative, *, changed: bool, now: datetime, priority: int) -> None:
    """Queue what reads a set that is being published: what was never made, and, where the set `changed`, all of it.

    Call in the transaction that publishes it, after the rows of its older versions are gone.
    """
    for one in following(made.role, facts, made.facts):
        job = jobs.queue(
            role=one.role, version=one.version, master=made.master, lane=one.lane, now=now, priority=priority
        )
        if changed:
            jobs.repeat(job, now=now, priority=priority)


def make_again(master: Master, role: str, *, now: datetime, priority: int) -> None:
    """Queue the recipe of a lost set, whose publication queues what reads it. Call in a transaction. Raises KeyError for no such recipe."""
    source = recipe(role, master.kind)
    job = jobs.queue(role=role, version=source.version, master=master, lane=source.lane, now=now, priority=priority)
    jobs.repeat(job, now=now, priority=priority)


def put_off_followers(master: Master, recipes: Sequence[Recipe], wanted: Sequence[Recipe]) -> list[Recipe]:
    """Return what of `wanted` can be queued now; the rest waits for a source that is among them, and is forgotten until that is made.

    `recipes` are all of the master's. Call in a transaction.
    """
    now_roles = {one.role for one in wanted}
    sources = {one.role: one.source_role for one in recipes}
    later = {role for role in now_roles if _waits(role, sources, now_roles)}
    Job.objects.filter(master=master, role__in=later, state__in=FINAL_STATES).delete()
    return [one for one in wanted if one.role not in later]


def _waits(role: str, sources: dict[str, str], chosen: set[str]) -> bool:
    source = sources.get(role, "")
    return bool(source) and (source in chosen or _waits(source, sources, chosen))
