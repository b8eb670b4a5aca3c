"""Write a backup, or bring one up to date. Cut off at any moment and run again, it goes on."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from access import audit_checking, audit_sealing
from archive.backup import manifest as parts
from archive.backup.manifest import LogEnd, Manifest, NotABackup, Table, Upload
from archive.backup.tables import one_moment, tables, write_table
from media_pipeline import intakes, stores
from media_pipeline.models import Intake, Master
from media_pipeline.storage.bundle import CopyReport, copy_masters
from media_pipeline.storage.folder import sync_folder
from media_pipeline.storage.masters import MasterStore

Tell = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Snapshot:
    """What was in the database at one moment."""

    tables: list[Table]
    migrations: list[list[str]]
    masters: list[str]
    masters_bytes: int
    waiting: list[Intake]
    log_end: LogEnd


def save(folder: Path, *, now: datetime, on_master: Tell, trust_present: bool = False) -> tuple[Manifest, CopyReport]:
    """The manifest written and what became of each master.

    on_master hears how many masters are settled, of how many, and the bytes so far. trust_present: masters that an
    earlier run brought are not read again. Raises NotABackup for a folder with other things in it, StorageUnavailable.
    """
    open_folder(folder)
    database = folder / f"{parts.DATABASE}.new"
    shutil.rmtree(database, ignore_errors=True)
    database.mkdir()
    with contextlib.suppress(DatabaseError, audit_sealing.EndIsLost):
        # A log that somebody damaged is saved as it is, and found wrong: it must not keep the rest from being saved.
        audit_sealing.seal()
    # The database first: a master that arrives meanwhile is in no table of this backup, and one that is stays in the store.
    with one_moment():
        snapshot = take_snapshot(database)
    report = copy_all(folder, snapshot, on_master=on_master, trust_present=trust_present)
    uploads = copy_uploads(folder, snapshot.waiting)
    shutil.rmtree(folder / parts.DATABASE, ignore_errors=True)
    database.rename(folder / parts.DATABASE)
    manifest = Manifest(
        made_at=now.isoformat(),
        migrations=snapshot.migrations,
        tables=snapshot.tables,
        masters=snapshot.masters,
        masters_bytes=snapshot.masters_bytes,
        uploads=uploads,
        lost=sorted([*report.damaged, *report.missing]),
        log_end=snapshot.log_end,
    )
    (folder / parts.README).write_text(parts.README_TEXT, "utf-8")
    (folder / parts.MANIFEST).write_text(manifest.to_json(), "utf-8")
    parts.write_sums(folder)
    force_to_disk(folder)
    parts.check_sums(folder)
    (folder / parts.UNFINISHED).unlink()
    sync_folder(folder)
    return manifest, report


def open_folder(folder: Path) -> None:
    """Marks the folder as being written. Raises NotABackup rather than mix with what somebody else keeps there."""
    # What is closed lies in it as readable files: others on this machine have no business there.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = (folder / parts.MANIFEST).exists() or (folder / parts.UNFINISHED).exists()
    if not ours and any(folder.iterdir()):
        raise NotABackup(_("It holds other files; give an empty folder, or one with an earlier backup."))
    (folder / parts.UNFINISHED).write_text("", "utf-8")
    # The mark has to be there before anything of an earlier backup changes, also after a power cut.
    sync_folder(folder)


def force_to_disk(folder: Path) -> None:
    """Return when everything but the masters (which their store forces) lies on the disk itself, out of the memory of this machine.

    What is read after this comes from the disk: a stick that is bad, or is pulled out right after, is found out.
    """
    for path in [*parts.summed_files(folder), folder / parts.SUMS]:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    for inside in (folder / parts.DATABASE, folder / parts.UPLOADS, folder, folder.parent):
        if inside.is_dir():
            sync_folder(inside)


def take_snapshot(database: Path) -> Snapshot:
    written = []
    for number, model in enumerate(tables(apps), start=1):
        label = model._meta.label_lower
        file = f"{number:03}-{label}.jsonl"
        done = write_table(model, database / file)
        written.append(Table(label, f"{parts.DATABASE}/{file}", done.rows, done.sha256))
    masters = list(Master.objects.order_by("pk").values_list("sha256", "size_bytes"))
    log = audit_checking.check()
    return Snapshot(
        tables=written,
        migrations=sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations()),
        masters=[sha256 for sha256, _ in masters],
        masters_bytes=sum(size for _, size in masters),
        waiting=list(Intake.objects.filter(state=Intake.State.RECEIVED).order_by("pk")),
        log_end=LogEnd(log.last.sequence, log.last.digest, log.wrong_count),
    )


def copy_all(folder: Path, snapshot: Snapshot, *, on_master: Tell, trust_present: bool) -> CopyReport:
    settled = [0, 0]

    def count(_sha256: str, size_bytes: int) -> None:
        settled[0] += 1
        settled[1] += size_bytes
        on_master(settled[0], len(snapshot.masters), settled[1])

    return copy_masters(
        stores.masters(), masters_of(folder), snapshot.masters, trust_present=trust_present, on_master=count
    )


def masters_of(folder: Path) -> MasterStore:
    """The OCFL storage root of a backup."""
    return MasterStore(FileSystemStorage(location=folder))


def copy_uploads(folder: Path, waiting: list[Intake]) -> list[Upload]:
    """Files whose senders were told that they had arrived, and that no worker has stored yet."""
    target = folder / parts.UPLOADS
    shutil.rmtree(target, ignore_errors=True)
    return list(copied_uploads(target, waiting))


def copied_uploads(target: Path, waiting: list[Intake]) -> Iterator[Upload]:
    for intake in waiting:
        target.mkdir(exist_ok=True)
        copy = target / f"{intake.pid}.part"
        try:
            shutil.copyfile(intakes.path_of(intake), copy)
        except FileNotFoundError:
            # A worker has dealt with it since the snapshot. If it was stored, the bytes are those of its master.
            intake.refresh_from_db()
            if intake.master is None:
                continue
            with stores.masters().local_path(intake.master.sha256) as source:
                shutil.copyfile(source, copy)
        yield Upload(intake.pid, f"{parts.UPLOADS}/{copy.name}", copy.stat().st_size, parts.sha256_of_file(copy))
