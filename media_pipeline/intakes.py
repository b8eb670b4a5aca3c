"""Files on their way in: staged bytes, offsets, and the step that turns them into work."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from media_pipeline import jobs
from media_pipeline.models import Intake, Job

EXPIRES_AFTER = timedelta(days=7)
HEAVY_FROM_BYTES = 200_000_000  # hashing this takes long enough to keep a villager's photograph waiting


class IntakeError(Exception):
    """A file cannot be taken in; `code` is one of media_pipeline.reasons."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WrongOffset(Exception):
    """A chunk does not begin where the staged bytes end."""


def begin(*, original_name: str, size_bytes: int, now: datetime, declared_sha256: str = "") -> Intake:
    """Return a new intake that waits for its bytes. Raises IntakeError: too_large, no_space."""
    if size_bytes > settings.UPLOAD_MAX_BYTES:
        raise IntakeError("too_large")
    folder: Path = settings.INCOMING_DIR
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free - size_bytes < settings.DISK_RESERVE_BYTES:
        raise IntakeError("no_space")
    intake = Intake.objects.create(
        pid=secrets.token_hex(16),
        original_name=original_name[-255:],
        size_bytes=size_bytes,
        declared_sha256=declared_sha256.lower(),
        created_at=now,
        touched_at=now,
    )
    path_of(intake).touch(mode=0o640)
    return intake


def begin_local(source: Path, *, now: datetime) -> Intake:
    """Return an intake for a file on this machine, read where it lies, with its store job queued."""
    with transaction.atomic():
        intake = Intake.objects.create(
            pid=secrets.token_hex(16),
            original_name=source.name[-255:],
            size_bytes=source.stat().st_size,
            offset_bytes=source.stat().st_size,
            source_path=str(source.absolute()),
            state=Intake.State.RECEIVED,
            created_at=now,
            touched_at=now,
        )
        _queue_store(intake, now=now)
    return intake


def path_of(intake: Intake) -> Path:
    """Return where the bytes of an intake lie. The name is ours; the sender's is never part of a path."""
    if intake.source_path:
        return Path(intake.source_path)
    return Path(settings.INCOMING_DIR) / f"{intake.pid}.part"


def append(intake: Intake, offset: int, chunks: Iterable[bytes], *, now: datetime) -> int:
    """Write chunks at an offset, make them durable, and return the new offset.

    Raises WrongOffset when the staged bytes end elsewhere, IntakeError("longer_than_said") before a byte too many is written. What
    arrived before a connection broke is kept: the next call goes on from there.
    """
    path = path_of(intake)
    with path.open("r+b") as staged:
        if offset != intake.offset_bytes or staged.seek(0, os.SEEK_END) < offset:
            raise WrongOffset
        # Bytes after the recorded offset belong to a request that died before it could record them.
        staged.truncate(offset)
        staged.seek(offset)
        written = offset
        try:
            for chunk in chunks:
                if written + len(chunk) > intake.size_bytes:
                    raise IntakeError("longer_than_said")
                staged.write(chunk)
                written += len(chunk)
        finally:
            staged.flush()
            os.fsync(staged.fileno())
            _record_offset(intake, offset, written, now=now)
    return written


def _record_offset(intake: Intake, before: int, after: int, *, now: datetime) -> None:
    complete = after == intake.size_bytes
    with transaction.atomic():
        changed = Intake.objects.filter(pk=intake.pk, offset_bytes=before, state=Intake.State.RECEIVING).update(
            offset_bytes=after, touched_at=now, state=Intake.State.RECEIVED if complete else Intake.State.RECEIVING
        )
        if changed != 1:
            raise WrongOffset
        intake.refresh_from_db()
        if complete:
            _queue_store(intake, now=now)


def _queue_store(intake: Intake, *, now: datetime) -> None:
    lane = Job.Lane.HEAVY if intake.size_bytes >= HEAVY_FROM_BYTES else Job.Lane.QUICK
    jobs.queue(role="store", intake=intake, now=now, lane=lane)


def discard_staged(intake: Intake) -> None:
    """Remove the staged bytes of a settled or ended intake; a file read where it lies is never touched."""
    if not intake.source_path:
        path_of(intake).unlink(missing_ok=True)


def expire(*, now: datetime) -> int:
    """End uploads that nobody went on with for a week and remove staged bytes without a living intake; returns how many ended."""
    stale = Intake.objects.filter(state=Intake.State.RECEIVING, touched_at__lt=now - EXPIRES_AFTER)
    ended = stale.update(state=Intake.State.EXPIRED, reason_code="upload_expired")
    folder = Path(settings.INCOMING_DIR)
    if folder.is_dir():
        living = set(
            Intake.objects.filter(state__in=[Intake.State.RECEIVING, Intake.State.RECEIVED]).values_list(
                "pid", flat=True
            )
        )
        for path in folder.glob("*.part"):
            if path.stem not in living and now.timestamp() - path.stat().st_mtime > 3600:
                path.unlink(missing_ok=True)
    return ended
