"""Bring a backup to an empty machine. Cut off at any moment and run again, it goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from access import audit, audit_checking
from archive.backup import manifest as parts
from archive.backup.manifest import LogEnd, Manifest, NotABackup
from archive.backup.saving import masters_of
from archive.backup.tables import Model, digest_of_table, fill_table, set_sequences, tables
from archive.models import Item
from archive.search import indexing, triggers
from media_pipeline import intakes, jobs, remaking, stores
from media_pipeline.models import Intake, Job, Master
from media_pipeline.recipes import IDENTIFY
from media_pipeline.storage.bundle import CopyReport, copy_masters

# Rows in any of these mean that somebody works with this archive; the rest is filled by migrations.
TELLING_MODELS = ("access.user", "access.auditentry", "archive.item", "media_pipeline.master", "media_pipeline.intake")

# Between the commit of the rows and the end of what is made from them: a second run goes on there.
GOING_ON = "restore-going-on"


class NotEmpty(Exception):
    """The archive to restore into has something in it; the message names it."""


class NotRestored(Exception):
    """The backup could not be brought over whole; nothing was changed. The message says what is wrong."""


@dataclass(frozen=True)
class Told:
    """How far a long step is."""

    on_master: Callable[[int, int, int], None]
    on_table: Callable[[str, int], None]
    on_item: Callable[[int, int], None]


def restore(folder: Path, *, data: Path, now: datetime, told: Told, despite_losses: bool = False) -> Manifest:
    """The manifest of what is now here, verified: counts and hashes of rows and of masters.

    `data` is the folder of this machine's own state. Raises NotABackup, NotEmpty, NotRestored, StorageUnavailable.
    With despite_losses masters that the backup holds only damaged are left behind and named by check_fixity.
    """
    manifest = parts.read_manifest(folder)
    mark = data / GOING_ON
    filled = filled_table()
    if filled and not (mark.exists() and mark.read_text("utf-8") == manifest.made_at):
        raise NotEmpty(filled)
    if not filled:
        bring_masters(folder, manifest, told=told, despite_losses=despite_losses)
        bring_uploads(folder, manifest)
        data.mkdir(parents=True, exist_ok=True)
        # Before the rows: rows without the mark would look like somebody's work.
        mark.write_text(manifest.made_at, "utf-8")
        bring_rows(folder, manifest, told=told)
    call_command("migrate", interactive=False, verbosity=0)
    triggers.begin_anew()
    settle_intakes(manifest, now=now)
    make_again(now=now, told=told)
    audit.record(actor=None, verb="restore", target_pid="", now=now, detail={"made_at": manifest.made_at})
    mark.unlink(missing_ok=True)
    return manifest


def filled_table() -> str:
    """What the archive already has something of, in words for people; empty for an archive without content or tables."""
    there = set(connection.introspection.table_names())
    for label in TELLING_MODELS:
        model = apps.get_model(label)
        if model._meta.db_table in there and model._base_manager.exists():
            return str(model._meta.verbose_name_plural)
    return ""


def bring_masters(folder: Path, manifest: Manifest, *, told: Told, despite_losses: bool) -> CopyReport:
    """Raises NotRestored when one that should be whole is not, before a single row is written."""
    settled = [0, 0]

    def count(_sha256: str, size_bytes: int) -> None:
        settled[0] += 1
        settled[1] += size_bytes
        told.on_master(settled[0], len(manifest.masters), settled[1])

    report = copy_masters(masters_of(folder), stores.masters(), manifest.masters, on_master=count)
    bad = sorted({*report.damaged, *report.missing} - set(manifest.lost))
    if bad and not despite_losses:
        raise NotRestored(
            _("%(count)s original files in the backup are damaged or missing: %(which)s")
            % {"count": len(bad), "which": ", ".join(bad[:5])}
        )
    return report


def bring_uploads(folder: Path, manifest: Manifest) -> None:
    """Puts files that wait to be stored where the worker looks for them."""
    for upload in manifest.uploads:
        target = intakes.path_of(Intake(pid=upload.intake))
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(".new")
        shutil.copyfile(folder / upload.file, aside)
        aside.replace(target)


def bring_rows(folder: Path, manifest: Manifest, *, told: Told) -> None:
    """Fills every table in one transaction and reads all of it back. Raises NotABackup, NotRestored."""
    then = schema_of(manifest)
    by_label = {model._meta.label_lower: model for model in tables(then)}
    if set(by_label) != {table.model for table in manifest.tables}:
        odd = sorted(set(by_label) ^ {table.model for table in manifest.tables})
        raise NotABackup(_("Its tables are not those of its migrations: %(which)s") % {"which": ", ".join(odd)})
    with transaction.atomic():
        for table in manifest.tables:
            with (folder / table.file).open("rb") as rows:
                fill_table(by_label[table.model], rows)
            told.on_table(table.model, table.rows)
        set_sequences(by_label.values())
        compare(by_label, manifest)
        compare_log(by_label, manifest)


def compare(by_label: dict[str, Model], manifest: Manifest) -> None:
    """Raises NotRestored unless what the database holds now, written out again, is what the backup holds."""
    for table in manifest.tables:
        found = digest_of_table(by_label[table.model])
        if (found.rows, found.sha256) != (table.rows, table.sha256):
            raise NotRestored(
                _("%(table)s: %(found)s of %(expected)s rows came in, or with other values.")
                % {"table": table.model, "found": found.rows, "expected": table.rows}
            )


def compare_log(by_label: dict[str, Model], manifest: Manifest) -> None:
    """Raises NotRestored unless the log that came ends where the backup says, with no more faults than it had.

    A log that was wrong before is no reason to leave the archive unrestored: `verify_log` goes on naming what is wrong with it.
    """
    if manifest.log_end is None:
        return
    walk = audit_checking.check(entries=by_label["access.auditentry"], heads=by_label["access.audithead"])
    found = LogEnd(walk.last.sequence, walk.last.digest, walk.wrong_count)
    if found != manifest.log_end:
        raise NotRestored(
            _("the log does not end as the backup says: entry %(found)s of %(expected)s, %(count)s faults")
            % {"found": found.sequence, "expected": manifest.log_end.sequence, "count": found.faults}
        )


def schema_of(manifest: Manifest) -> Apps:
    """The models as they were when the backup was made, with the database brought to that state.

    A backup of an older version is loaded into the tables of its own time and then migrated like any database.
    Raises NotABackup for one of a newer version.
    """
    executor = MigrationExecutor(connection)
    recorded = {(app, name) for app, name in manifest.migrations}
    known = set(executor.loader.graph.nodes) | set(executor.loader.replacements)
    if unknown := sorted(recorded - known):
        newer = ".".join(unknown[0])
        raise NotABackup(_("It was made by a newer version of this software (%(what)s).") % {"what": newer})
    targets = newest(recorded & set(executor.loader.graph.nodes), executor)
    # Triggers would stand in SQLite's way, and log every row of what is about to be read anew.
    triggers.remove()
    executor.migrate(targets)
    state = MigrationExecutor(connection).loader.project_state(targets)
    # Annotated: django-stubs says StateApps, which is an Apps.
    then: Apps = state.apps
    return then


def newest(recorded: Iterable[tuple[str, str]], executor: MigrationExecutor) -> list[tuple[str, str]]:
    """Of each app those migrations that no other recorded one of the app builds on."""
    recorded = set(recorded)
    built_on = {
        parent.key
        for node in recorded
        for parent in executor.loader.graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    return sorted(recorded - built_on)


def settle_intakes(manifest: Manifest, *, now: datetime) -> None:
    """Queues the storing of what waited, and ends uploads that were under way: their bytes stayed on the old machine."""
    waiting = {upload.intake for upload in manifest.uploads}
    for intake in Intake.objects.filter(state__in=[Intake.State.RECEIVING, Intake.State.RECEIVED]):
        with transaction.atomic():
            if intake.pid in waiting:
                Intake.objects.filter(pk=intake.pk).update(source_path="")
                lane = Job.Lane.HEAVY if intake.size_bytes >= intakes.HEAVY_FROM_BYTES else Job.Lane.QUICK
                jobs.queue(role="store", intake=intake, now=now, lane=lane)
            else:
                Intake.objects.filter(pk=intake.pk).update(
                    state=Intake.State.EXPIRED, reason_code="upload_expired", touched_at=now
                )


def make_again(*, now: datetime, told: Told) -> None:
    """The search table at once; derivatives are queued, and the workers make them."""
    total = Item.objects.count()
    for number, item in enumerate(Item.objects.order_by("pk").iterator(chunk_size=200), start=1):
        with transaction.atomic():
            indexing.refresh(item)
        told.on_item(number, total)
    for master in Master.objects.filter(state=Master.State.IDENTIFYING):
        with transaction.atomic():
            jobs.queue(role=IDENTIFY.role, version=IDENTIFY.version, master=master, now=now)
    for _queued in remaking.queue_all():
        continue
