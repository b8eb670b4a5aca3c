"""What is to be made of a master, and the state that follows from the work on it. The rows' side of `plan.py`."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from media_pipeline import jobs, reasons
from media_pipeline.facts import Facts
from media_pipeline.models import Derivative, Intake, Job, Master
from media_pipeline.plan import Made, plan
from media_pipeline.recipes import Recipe, recipes_for
from media_pipeline.signals import master_settled


def facts_of(master: Master) -> Facts:
    """Return what identification found, from the row."""
    return Facts.from_json(
        {
            "kind": master.kind,
            "extension": master.extension,
            "reason": master.identified_reason,
            "detail": "",
            "technical": master.technical,
            "puid": master.puid,
        }
    )


def made_of(master: Master) -> Made:
    """Return the facts of the published sets that further recipes could read. One query where a recipe of its kind reads any, else none."""
    sources = {one.source_role for one in recipes_for(master.kind)} - {""}
    if not sources:
        return {}
    rows = Derivative.objects.filter(master=master, role__in=sources).order_by("version")
    return {one.role: one.facts for one in rows}


def possible(master: Master) -> tuple[Recipe, ...]:
    """Return the recipes that apply to an identified master, those that read a published set included."""
    return plan(facts_of(master), made_of(master))


def wanted(master: Master) -> tuple[Recipe, ...]:
    """Return what is to be made of an identified master: nothing of one that came in as a proof alone. Two queries at most."""
    recipes = possible(master)
    received = Intake.objects.filter(master=master).order_by().values_list("keep_only", flat=True)
    return () if recipes and set(received.distinct()) == {True} else recipes


def plan_for(master: Master, *, now: datetime, priority: int = jobs.BULK) -> None:
    """Queue what is to be made of a master, or settle it where nothing is. Call inside the transaction that holds its row."""
    recipes = wanted(master)
    master.state = Master.State.PROCESSING if recipes else Master.State.KEPT
    master.reason_code = "" if recipes else why_kept(master)
    master.save(update_fields=["state", "reason_code"])
    if not recipes:
        master_settled.send(sender=Master, master=master, now=now)
    for recipe in recipes:
        jobs.queue(
            role=recipe.role, version=recipe.version, master=master, lane=recipe.lane, now=now, priority=priority
        )
    if recipes:
        settle_master(master.pk)  # a second look may find that all is made already


def why_kept(master: Master) -> str:
    """Return the code that says why an identified master is kept without preview."""
    return reasons.KEPT_ONLY if possible(master) else master.identified_reason or reasons.UNSUPPORTED


def settle_master(master_id: int) -> None:
    """Give a master its final state once every job of it has one. Call inside a transaction."""
    # The lock makes two workers that finish the last two jobs at once see each other. Its key stays free: rows that point at it come.
    master = Master.objects.select_for_update(no_key=True).get(pk=master_id)
    # Of each role the newest version alone: an older recipe that failed says nothing about the one that replaced it.
    newest = {job.role: job for job in master.jobs.order_by("recipe_version", "pk")}
    all_jobs = sorted(newest.values(), key=lambda job: job.pk)
    if any(not job.is_final for job in all_jobs):
        return
    extra = {one.role for one in recipes_for(master.kind) if one.is_extra}
    failed = [job for job in all_jobs if job.state != Job.State.DONE and job.role not in extra]
    if failed:
        master.state, master.reason_code = Master.State.KEPT, failed[0].reason_code
    elif wanted(master):
        master.state, master.reason_code = Master.State.READY, ""
    else:
        master.state, master.reason_code = Master.State.KEPT, why_kept(master)
    master.save(update_fields=["state", "reason_code"])
    master_settled.send(sender=Master, master=master, now=timezone.now())
