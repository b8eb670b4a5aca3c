"""Doing one job: claim, work aside, verify, publish, finish. Running anything twice changes nothing."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from media_pipeline import faults, intakes, jobs, stores
from media_pipeline.models import Derivative, Intake, Job, Master
from media_pipeline.plan import Facts, plan
from media_pipeline.processors.errors import ProcessorError
from media_pipeline.processors.identify import HEAD_BYTES, refuse_reason, sniff
from media_pipeline.recipes import IDENTIFY, RECIPES, Recipe
from media_pipeline.sandbox import run_processor
from media_pipeline.signals import intake_settled
from media_pipeline.storage import names
from media_pipeline.storage.errors import MasterDamaged, StorageUnavailable

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has the job now; whatever was made here is thrown away."""


class Keeper:
    """Keeps a claim alive while the work goes on: renews a third of the way through each lease, and when the percent moved."""

    def __init__(self, claim: jobs.Claim) -> None:
        self.claim = claim
        self.percent = 0.0
        self._written = (time.monotonic(), 0.0)
        self._lost = False

    def progress(self, percent: float) -> None:
        """Take the tool's word (0 to 100); never backwards, and 100 only when finished."""
        self.percent = max(self.percent, min(percent, 99.0))
        self._renew_if_due()

    def should_stop(self) -> bool:
        self._renew_if_due()
        return self._lost

    def check(self) -> None:
        if not jobs.renew(self.claim, now=timezone.now(), percent=self.percent):
            raise LeaseLost

    def _renew_if_due(self) -> None:
        at, percent = self._written
        waited = time.monotonic() - at
        if waited > self.claim.lease_s / 3 or (waited > 1 and self.percent - percent >= 1):
            self._lost = not jobs.renew(self.claim, now=timezone.now(), percent=self.percent)
            self._written = (time.monotonic(), self.percent)


def perform(job_id: int) -> bool:
    """Do one job if it can be claimed; returns whether it was ours. Every outcome is written to its row."""
    claim = jobs.claim(job_id, now=timezone.now(), lease_s=settings.LEASE_S)
    if claim is None:
        return False
    faults.point("job.claimed")
    job = Job.objects.select_related("intake", "master").get(pk=job_id)
    folder = Path(settings.WORK_DIR) / str(job.pk) / claim.token
    keeper = Keeper(claim)
    try:
        if job.intake is not None:
            _store(job.intake, keeper)
        elif job.master is not None:
            folder.mkdir(parents=True)
            _work_on(job, job.master, folder, keeper)
    except LeaseLost:
        logger.warning("job %s: lease lost, result thrown away", job.pk)
    except ProcessorError as error:
        _fail(job, claim, error.code, error.detail, may_pass=False)
    except MasterDamaged as error:
        _fail(job, claim, "master_damaged", str(error), may_pass=False)
    except (StorageUnavailable, OSError) as error:
        logger.warning("job %s: %s", job.pk, error)
        _fail(job, claim, "storage_unavailable", str(error), may_pass=True)
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
    return True


def perform_all() -> int:
    """Do every job that is due, until none is left; returns how many. For commands and tests without a worker."""
    done = 0
    while True:
        now = timezone.now()
        jobs.recover_expired(now=now)
        job = jobs.due(now=now).first()
        if job is None:
            return done
        done += perform(job.pk)


def _store(intake: Intake, keeper: Keeper) -> None:
    """Turn a received file into a master, or refuse it with a reason."""
    path = intakes.path_of(intake)
    if not path.is_file():
        _refuse(intake, keeper, "upload_vanished")
        return
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    reason = refuse_reason(head, path.stat().st_size)
    if reason:
        _refuse(intake, keeper, reason)
        return
    stored = stores.masters().store(
        path, extension=sniff(head) or "bin", now=timezone.now(), on_progress=keeper.progress, should_stop=keeper.should_stop
    )
    faults.point("master.stored")
    if keeper.should_stop():
        raise LeaseLost
    if intake.declared_sha256 and intake.declared_sha256 != stored.sha256:
        _refuse(intake, keeper, "hash_mismatch")
        return
    now = timezone.now()
    with transaction.atomic():
        master, created = Master.objects.get_or_create(
            sha256=stored.sha256,
            defaults={
                "sha512": stored.sha512,
                "size_bytes": stored.size_bytes,
                "extension": stored.extension,
                "stored_at": now,
                "verified_at": now,
            },
        )
        if created:
            jobs.queue(role="identify", version=IDENTIFY.version, master=master, now=now)
        _settle_intake(intake, keeper, Intake.State.STORED, master=master)
    faults.point("intake.settled")
    intakes.discard_staged(intake)


def _refuse(intake: Intake, keeper: Keeper, reason_code: str) -> None:
    with transaction.atomic():
        _settle_intake(intake, keeper, Intake.State.REFUSED, reason_code=reason_code)
    intakes.discard_staged(intake)


def _settle_intake(
    intake: Intake, keeper: Keeper, state: Intake.State, *, master: Master | None = None, reason_code: str = ""
) -> None:
    now = timezone.now()
    if not jobs.finish(keeper.claim, now=now):
        raise LeaseLost
    intake.state = state
    intake.master = master
    intake.reason_code = reason_code
    intake.touched_at = now
    intake.save(update_fields=["state", "master", "reason_code", "touched_at"])
    intake_settled.send(sender=Intake, intake=intake)


def _work_on(job: Job, master: Master, folder: Path, keeper: Keeper) -> None:
    recipe = IDENTIFY if job.role == IDENTIFY.role else RECIPES[job.role]
    with stores.masters().local_path(master.sha256) as source:
        result = run_processor(recipe, source, folder, on_progress=keeper.progress, should_stop=keeper.should_stop)
    faults.point("job.made")
    if keeper.should_stop():
        raise LeaseLost
    if recipe is IDENTIFY:
        _record_identity(master, result.facts, keeper)
    else:
        _publish(master, recipe, folder, result, keeper)


def _record_identity(master: Master, facts: dict[str, object], keeper: Keeper) -> None:
    now = timezone.now()
    known = Facts.from_json(facts)
    with transaction.atomic():
        if not jobs.finish(keeper.claim, now=now):
            raise LeaseLost
        master = Master.objects.select_for_update().get(pk=master.pk)
        master.kind = known.kind
        master.media_type = known.media_type
        master.format_name = known.format_name[:127]
        master.technical = known.technical
        recipes = plan(known)
        master.state = Master.State.PROCESSING if recipes else Master.State.KEPT
        master.reason_code = "" if recipes else (known.reason or "unsupported")
        master.save()
        for recipe in recipes:
            jobs.queue(role=recipe.role, version=recipe.version, master=master, lane=recipe.lane, now=now)


def _publish(master: Master, recipe: Recipe, folder: Path, result: Result, keeper: Keeper) -> None:
    """Move the verified files into place, then record them: the row is the publication."""
    keeper.check()
    prefix = names.derivative_prefix(master.sha256, recipe.role, recipe.version, recipe.params_key)
    files = [made.to_json() for made in result.files]
    stores.derivatives().publish(prefix, folder / "out", files)
    faults.point("derivative.placed")
    now = timezone.now()
    with transaction.atomic():
        if not jobs.finish(keeper.claim, now=now):
            raise LeaseLost
        Derivative.objects.update_or_create(
            master=master,
            role=recipe.role,
            version=recipe.version,
            defaults={
                "prefix": prefix,
                "files": files,
                "facts": result.facts,
                "size_bytes": sum(made.size_bytes for made in result.files),
                "made_at": now,
            },
        )
        settle_master(master.pk)
    faults.point("job.finished")


def _fail(job: Job, claim: jobs.Claim, code: str, detail: str, *, may_pass: bool) -> None:
    with transaction.atomic():
        failed = jobs.fail(claim, now=timezone.now(), code=code, detail=detail, may_pass=may_pass)
        if failed is None or not failed.is_final:
            return
        if job.intake is not None:
            job.intake.state = Intake.State.REFUSED
            job.intake.reason_code = code
            job.intake.save(update_fields=["state", "reason_code"])
            intake_settled.send(sender=Intake, intake=job.intake)
        elif job.master is not None:
            settle_master(job.master.pk)


def settle_master(master_id: int) -> None:
    """Give a master its final state once every job of it has one. Call inside a transaction."""
    # The lock makes two workers that finish the last two jobs at once see each other.
    master = Master.objects.select_for_update().get(pk=master_id)
    all_jobs = list(master.jobs.order_by("pk"))
    if any(not job.is_final for job in all_jobs):
        return
    failed = [job for job in all_jobs if job.state != Job.State.DONE]
    master.state = Master.State.KEPT if failed else Master.State.READY
    master.reason_code = failed[0].reason_code if failed else ""
    master.save(update_fields=["state", "reason_code"])
