"""Doing one job: claim, work aside, verify, publish, finish. Running anything twice changes nothing."""

from __future__ import annotations

import contextlib
import logging
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from media_pipeline import chaining, doorbell, faults, intakes, jobs, places, publishing, reasons, settling, stores
from media_pipeline.facts import Facts
from media_pipeline.keeping import Keeper, LeaseLost
from media_pipeline.models import Derivative, Intake, Job, Master
from media_pipeline.plan import recipe_for
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes import IDENTIFY, Recipe
from media_pipeline.sandbox import run_processor
from media_pipeline.signals import intake_settled, master_identified
from media_pipeline.sniff import HEAD_BYTES, refuse_reason, sniff
from media_pipeline.storage import names
from media_pipeline.storage.errors import (
    Interrupted,
    MasterDamaged,
    MasterMissing,
    SourceChanged,
    SourceUnreadable,
    StorageUnavailable,
    Trouble,
    trouble_of,
)
from media_pipeline.storage.folder import FolderTree
from media_pipeline.walls import Tools

logger = logging.getLogger(__name__)


# Bytes that a store takes in or gives out in a second at the worst. While it does, a lease is lengthened beforehand.
SLOWEST_BYTES_PER_S = 2_000_000
# After an error of the database itself (gone, locked, out of connections).
DATABASE_WAIT_S = 30
PLACE_WAIT_S = 0.2


def answer(lane: str) -> bool:
    """Answer a bell of a lane: do its best job that is due, and ring for the next. False: none could be claimed.

    Heavy work without a place on this machine stays as it is, uncounted: whoever holds the place rings when it is free.
    """
    with places.place(lane) as has_place:
        done = has_place and any(perform(job.pk) for job in jobs.best(lane, now=timezone.now())[: jobs.CANDIDATES])
    waiting = jobs.best(lane, now=timezone.now()).values_list("pk", flat=True).first() if done else None
    if waiting is not None:
        doorbell.ring(waiting, lane)
    return done


def perform_next() -> bool:
    """Do the best job that is due in any lane, small ones first. False: none is due, or none of them has a place on this machine."""
    for lane in Job.Lane.values:
        job = jobs.best(lane, now=timezone.now()).first()
        if job is not None:
            with places.place(lane) as has_place:
                if has_place and perform(job.pk):
                    return True
    return False


def perform(job_id: int) -> bool:
    """Do one job if it can be claimed; returns whether it was ours. Every outcome is written to its row."""
    claim = jobs.claim(job_id, now=timezone.now(), lease_s=settings.LEASE_S)
    if claim is None:
        return False
    faults.point("job.claimed")
    job = Job.objects.select_related("intake", "master").get(pk=job_id)
    folder = Path(settings.WORK_DIR) / str(job.pk) / claim.token
    keeper = Keeper(claim, priority=job.priority)
    try:
        if job.intake is not None:
            _store(job.intake, keeper)
        elif job.master is not None:
            _make_folder(folder)
            _work_on(job, job.master, folder, keeper)
    except LeaseLost:
        logger.warning("job %s: lost or cancelled, result thrown away", job.pk)
    except Interrupted:
        jobs.release(claim, now=timezone.now())
    except ProcessorError as error:
        if error.code == reasons.STOPPED:
            jobs.release(claim, now=timezone.now())  # does nothing where the lease is lost
        else:
            _fail(job, claim, error.code, error.detail, may_pass=error.code in reasons.MAY_PASS)
    except chaining.SourceReplaced:
        jobs.release(claim, now=timezone.now())
    except chaining.SourceLost as error:
        if job.master is not None:
            _make_source_first(job.master, error.role, keeper)
    except (MasterDamaged, MasterMissing) as error:
        _fail(job, claim, reasons.MASTER_DAMAGED, str(error), may_pass=False)
    except (SourceUnreadable, SourceChanged) as error:
        _fail(job, claim, reasons.UPLOAD_VANISHED, str(error), may_pass=False)
    except (StorageUnavailable, OSError) as error:
        logger.warning("job %s: %s", job.pk, error)
        _wait_for_storage(job, claim, error)
    except (OperationalError, InterfaceError) as error:
        _give_back(job, claim, error)
    except Exception as error:
        # A bug of ours, or of a library. Without an answer here the row would wait out its lease and say that the worker was killed.
        logger.exception("job %s: unforeseen", job.pk)
        _fail(job, claim, reasons.CRASHED, type(error).__name__, may_pass=True)
    finally:
        # Only this attempt's own: beside it may lie the folder of another that took the job over.
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()
    return True


def _make_folder(folder: Path) -> None:
    """Make an attempt's folder. A sweep, or the last attempt, may remove the job's empty folder between two steps."""
    for _ in range(10):
        with contextlib.suppress(FileNotFoundError):
            folder.mkdir(parents=True)
            return
    folder.mkdir(parents=True)


def recover(*, now: datetime) -> list[Job]:
    """Take back the jobs of dead workers; those given up settle what waits for them. Returns the ones queued again."""
    again, _given_up = jobs.recover_expired(now=now, on_given_up=_give_up)
    return again


def retry(job: Job, *, now: datetime, priority: int = jobs.PERSON) -> bool:
    """Queue a failed or cancelled job again because a person asked, and take back what its failure made of the file.

    False: it was not failed any more.
    """
    with transaction.atomic():
        if not jobs.retry(job, now=now, priority=priority):
            return False
        if job.master_id is not None:
            state = Master.State.IDENTIFYING if job.role == IDENTIFY.role else Master.State.PROCESSING
            Master.objects.filter(pk=job.master_id).update(state=state, reason_code="")
        elif job.intake_id is not None:
            Intake.objects.filter(pk=job.intake_id).update(state=Intake.State.RECEIVED, reason_code="", touched_at=now)
    return True


def cancel(job: Job, *, now: datetime) -> bool:
    """End a job because a person asked, whether it waits or runs, and settle what waited for it. False: it was final already."""
    with transaction.atomic():
        if not jobs.cancel(job, now=now):
            return False
        job.refresh_from_db()
        _give_up(job)
    return True


def perform_all() -> int:
    """Do every job that is due, until none is left; returns how many. For commands and tests without a worker."""
    done = 0
    while True:
        recover(now=timezone.now())
        if perform_next():
            done += 1
        elif not jobs.due(now=timezone.now()).exists():
            return done
        else:
            time.sleep(PLACE_WAIT_S)  # others hold all places of this machine


def _store(intake: Intake, keeper: Keeper) -> None:
    """Turn a received file into a master, or refuse it with a reason."""
    path = intakes.path_of(intake)
    if not path.is_file():
        _refuse(intake, keeper, reasons.UPLOAD_VANISHED)
        return
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    reason = refuse_reason(head, path.stat().st_size)
    if reason:
        _refuse(intake, keeper, reason)
        return
    try:
        stored = stores.masters().store(
            path,
            extension=names.clean_extension(sniff(head) or ""),
            original_name=intake.original_name,
            expected_sha256=intake.declared_sha256 or None,
            now=timezone.now(),
            on_progress=lambda share: keeper.progress(100 * share),
            should_stop=keeper.should_stop,
        )
    except SourceChanged:
        if not intake.declared_sha256:
            raise
        _refuse(intake, keeper, reasons.HASH_MISMATCH)
        return
    faults.point("master.stored")
    keeper.check()
    now = timezone.now()
    with transaction.atomic():
        master, created = Master.objects.get_or_create(
            sha256=stored.sha256,
            defaults={
                "sha512": stored.sha512,
                "size_bytes": stored.size_bytes,
                "extension": names.clean_extension(sniff(head) or ""),
                "stored_at": now,
                "verified_at": now,
            },
        )
        if stored.repaired:
            logger.warning(
                "master %s: the stored copy was damaged; the one just received took its place", stored.sha256
            )
            Master.objects.filter(pk=master.pk).update(damage="", verified_at=now)
        if created:
            jobs.queue(role="identify", version=IDENTIFY.version, master=master, now=now, priority=keeper.priority)
        else:
            jobs.raise_priority(Job.objects.filter(master=master), keeper.priority)
        _settle_intake(intake, keeper, Intake.State.STORED, master=master)
        if not created and not intake.keep_only:
            _show_what_was_kept(master, now=now, priority=keeper.priority)
        faults.point("intake.recorded")
    faults.point("intake.settled")
    intakes.discard_staged(intake)


def _show_what_was_kept(master: Master, *, now: datetime, priority: int) -> None:
    """Queue what is made of a master that was a proof alone until now. The lock settles who is first: this, or its identification."""
    master = Master.objects.select_for_update(no_key=True).get(pk=master.pk)
    if master.reason_code == reasons.KEPT_ONLY:
        settling.plan_for(master, now=now, priority=priority)


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
    try:
        recipe = _recipe_of(job, master)
    except KeyError:
        _drop(master, keeper)
        return
    read = chaining.source_of(master, recipe)
    tools = Tools(ffmpeg=settings.FFMPEG_BINARY, tessdata=settings.TESSDATA, soffice=settings.SOFFICE)
    # The copy of a master on S3 lies beside the child's folder, not in it: what is in there counts as the child's output.
    run = folder / "run"
    run.mkdir()
    with _file_to_read(master, read, folder, keeper) as source:
        keeper.check()
        faults.point("job.started", master.sha256)
        try:
            result = run_processor(
                recipe, source, run, on_progress=keeper.progress, should_stop=keeper.should_stop, tools=tools
            )
        except ProcessorError:
            with transaction.atomic():
                chaining.hold(read)  # a set that was replaced meanwhile may have gone under the program's eyes
            raise
    faults.point("job.made")
    keeper.check()
    if recipe is IDENTIFY:
        _record_identity(master, Facts.from_json(result.facts), keeper)
    else:
        _publish(master, recipe, read, run / "out", result, keeper)


def _recipe_of(job: Job, master: Master) -> Recipe:
    """Raises KeyError for work that does not apply (any more), SourceLost where what it reads is not published."""
    if job.role == IDENTIFY.role:
        return IDENTIFY
    made = settling.made_of(master)
    try:
        return recipe_for(job.role, settling.facts_of(master), made)
    except KeyError:
        source_role = chaining.reads_another(job.role, master.kind)
        if source_role and source_role not in made:
            raise chaining.SourceLost(source_role) from None
        raise


@contextlib.contextmanager
def _file_to_read(master: Master, read: Derivative | None, folder: Path, keeper: Keeper) -> Iterator[Path]:
    """Give the file on this machine that a recipe reads: of a published set, or the master. Raises SourceLost among others."""
    store = stores.masters(scratch=folder)
    if not isinstance(store.tree, FolderTree):
        size_bytes = master.size_bytes if read is None else read.files[0]["size_bytes"]
        keeper.check(silent_s=size_bytes / SLOWEST_BYTES_PER_S)
    if read is not None:
        yield chaining.local_path(read, scratch=folder)
        return
    with store.local_path(master.sha256) as source:
        yield source


def _make_source_first(master: Master, role: str, keeper: Keeper) -> None:
    """Put away a job whose source is lost, and queue the source."""
    with transaction.atomic():
        if jobs.withdraw(keeper.claim):
            chaining.make_again(master, role, now=timezone.now(), priority=keeper.priority)


def _drop(master: Master, keeper: Keeper) -> None:
    """Finish a job whose recipe does not apply any more: it was queued before an upgrade."""
    with transaction.atomic():
        if not jobs.finish(keeper.claim, now=timezone.now()):
            raise LeaseLost
        settling.settle_master(master.pk)


def _record_identity(master: Master, facts: Facts, keeper: Keeper) -> None:
    now = timezone.now()
    with transaction.atomic():
        if not jobs.finish(keeper.claim, now=now):
            raise LeaseLost
        Master.objects.filter(pk=master.pk).update(
            kind=facts.kind,
            extension=facts.extension,
            media_type=facts.media_type,
            format_name=facts.format_name,
            puid=facts.puid,
            embedded=[dict(one) for one in facts.embedded],
            technical=dict(facts.technical),
            identified_reason=facts.reason,
        )
        master.refresh_from_db()
        master_identified.send(sender=Master, master=master)
        Job.objects.filter(master=master, role=IDENTIFY.role, recipe_version__lt=IDENTIFY.version).delete()
        settling.plan_for(master, now=now, priority=keeper.priority)
        faults.point("identity.recorded")
    faults.point("identity.settled")


def _publish(
    master: Master, recipe: Recipe, read: Derivative | None, out: Path, result: Result, keeper: Keeper
) -> None:
    """Move the verified files into place, then record them: the row is the publication."""
    keeper.check(silent_s=sum((out / file.name).stat().st_size for file in result.files) / SLOWEST_BYTES_PER_S)
    made = publishing.files_made(out, result)
    prefix = publishing.prefix_of(master, recipe, made)
    stores.derivatives().publish(prefix, made)
    faults.point("derivative.placed")
    now = timezone.now()
    described = [
        {
            "name": file.name,
            "media_type": file.media_type,
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
            **output.facts,
        }
        for file, output in zip(made, result.files, strict=True)
    ]
    with transaction.atomic():
        chaining.hold(read)
        if not jobs.finish(keeper.claim, now=now):
            raise LeaseLost
        own = Derivative.objects.filter(master=master, role=recipe.role, version=recipe.version)
        before = own.select_for_update().values_list("prefix", flat=True).first() or ""
        made_now, _created = Derivative.objects.update_or_create(
            master=master,
            role=recipe.role,
            version=recipe.version,
            defaults={
                "prefix": prefix,
                "files": described,
                "facts": result.facts,
                "size_bytes": sum(file.size_bytes for file in made),
                "made_at": now,
            },
        )
        publishing.take_the_place(master, recipe, before=before, prefix=prefix, now=now)
        facts = settling.facts_of(master)
        chaining.queue_followers(facts, made_now, changed=before != prefix, now=now, priority=keeper.priority)
        settling.settle_master(master.pk)
        faults.point("derivative.recorded")
    faults.point("job.finished")
    publishing.remove_left_over(master, recipe)


def _fail(job: Job, claim: jobs.Claim, code: str, detail: str, *, may_pass: bool) -> None:
    with transaction.atomic():
        failed = jobs.fail(claim, now=timezone.now(), code=code, detail=detail, may_pass=may_pass)
        if failed is None or not failed.is_final:
            return
        if job.intake is not None:
            _refuse_intake(job.intake, code)
        elif job.master is not None:
            settling.settle_master(job.master.pk)


def _give_back(job: Job, claim: jobs.Claim, error: Exception) -> None:
    """Give a job back, uncounted, because the database is away or busy; another takes it once that may be over."""
    logger.warning("job %s: the database: %s", job.pk, error)
    connection.close_if_unusable_or_obsolete()
    try:
        jobs.release(claim, now=timezone.now(), wait_s=DATABASE_WAIT_S)
    except DatabaseError:
        logger.warning("job %s: the database is still away; its lease brings the job back", job.pk)


def _wait_for_storage(job: Job, claim: jobs.Claim, error: StorageUnavailable | OSError) -> None:
    """Put a job off for as long as the storage is away or full.

    Only a file that is read where it lies is given up in the end: nobody was told that it is here, and its stick may be pulled out.
    """
    full = (error.trouble if isinstance(error, StorageUnavailable) else trouble_of(error)) is Trouble.FULL
    if job.intake is not None and job.intake.source_path:
        _fail(job, claim, reasons.NO_SPACE if full else reasons.NOT_STORED, str(error), may_pass=True)
        return
    code = reasons.STORAGE_FULL if full else reasons.STORAGE_UNAVAILABLE
    with transaction.atomic():
        if jobs.put_off(claim, now=timezone.now(), code=code, detail=str(error)) and job.intake is not None:
            Intake.objects.filter(pk=job.intake.pk, state=Intake.State.RECEIVED).update(reason_code=code)


def _give_up(job: Job) -> None:
    """Write what follows from a job that no worker survived, or that a person cancelled. Runs in the transaction that says so."""
    if job.master_id is not None:
        settling.settle_master(job.master_id)
    elif job.intake is not None:
        _refuse_intake(job.intake, job.reason_code)


def _refuse_intake(intake: Intake, code: str) -> None:
    intake.state = Intake.State.REFUSED
    intake.reason_code = code
    # The week in which a person can have it tried again begins now, however long the bytes have waited.
    intake.touched_at = timezone.now()
    intake.save(update_fields=["state", "reason_code", "touched_at"])
    intake_settled.send(sender=Intake, intake=intake)
