"""Files on their way in: staged bytes, offsets, and the step that turns them into work."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Sum

from media_pipeline import jobs, reasons, staging
from media_pipeline.models import Intake, Job

EXPIRES_AFTER = timedelta(days=7)
RECORD_EVERY_BYTES = 16_000_000  # at most so much of an upload is sent again after a web process was killed
HEAVY_FROM_BYTES = 200_000_000  # storing this takes so long that small files should not wait behind it: the heavy lane


class IntakeError(Exception):
    """A file cannot be taken in; `code` is one of media_pipeline.reasons."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WrongOffset(Exception):
    """A chunk does not begin where the staged bytes end."""


def begin(
    *, original_name: str, size_bytes: int, now: datetime, declared_sha256: str = "", keep_only: bool = False
) -> Intake:
    """Return a new intake that waits for its bytes; an empty file is received at once. `keep_only`: nothing is made of it.

    Raises IntakeError: too_large, no_space.
    """
    if size_bytes > settings.UPLOAD_MAX_BYTES:
        raise IntakeError(reasons.TOO_LARGE)
    Path(settings.INCOMING_DIR).mkdir(parents=True, exist_ok=True)
    if _free_bytes() - _promised_bytes() < size_bytes:
        raise IntakeError(reasons.NO_SPACE)
    with transaction.atomic():
        intake = Intake.objects.create(
            pid=secrets.token_hex(16),
            original_name=original_name[-255:],
            size_bytes=size_bytes,
            declared_sha256=declared_sha256.lower(),
            keep_only=keep_only,
            created_at=now,
            touched_at=now,
        )
        path_of(intake).touch(mode=0o640)
        if size_bytes == 0:
            intake.state = Intake.State.RECEIVED
            intake.save(update_fields=["state"])
            _queue_store(intake, now=now, priority=jobs.PERSON)
    return intake


def _free_bytes() -> int:
    """Return what the disk may still take without touching the reserve."""
    return shutil.disk_usage(settings.INCOMING_DIR).free - int(settings.DISK_RESERVE_BYTES)


def _promised_bytes() -> int:
    """Return what uploads already begun have still to bring: two that fit alone need not fit together."""
    going = Intake.objects.filter(state=Intake.State.RECEIVING)
    return going.aggregate(rest=Sum(F("size_bytes") - F("offset_bytes")))["rest"] or 0


def begin_local(source: Path, *, now: datetime, original_name: str = "") -> Intake:
    """Return an intake for a file on this machine, read where it lies, with its store job queued. Raises OSError.

    Its name (unless another is given) and its path are text whatever bytes they are made of on the disk.
    """
    size_bytes = source.stat().st_size
    with transaction.atomic():
        intake = Intake.objects.create(
            pid=secrets.token_hex(16),
            original_name=(original_name or readable(source.name))[-255:],
            size_bytes=size_bytes,
            offset_bytes=size_bytes,
            source_path=_kept_path(source.absolute()),
            state=Intake.State.RECEIVED,
            created_at=now,
            touched_at=now,
        )
        _queue_store(intake, now=now, priority=jobs.BULK)
    return intake


def readable(name: str) -> str:
    """Return a name of the file system as text that can be stored and printed; bytes that are not UTF-8 are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _kept_path(path: Path) -> str:
    """Return an absolute path as text that leads back to it: as it is where that is UTF-8, else as a `file:` URI (RFC 8089)."""
    text = str(path)
    return text if readable(text) == text else path.as_uri()


def _path_kept_as(text: str) -> Path:
    if text.startswith("file:///"):
        return Path(os.fsdecode(unquote_to_bytes(text.removeprefix("file://"))))
    return Path(text)


def path_of(intake: Intake) -> Path:
    """Return where the bytes of an intake lie. The name is ours; the sender's is never part of a path."""
    if intake.source_path:
        return _path_kept_as(intake.source_path)
    return Path(settings.INCOMING_DIR) / f"{intake.pid}.part"


def append(
    intake: Intake, offset: int, chunks: Iterable[bytes], *, now: datetime, is_whole: Callable[[], bool] | None = None
) -> int:
    """Write chunks at an offset, make them durable, and return the new offset.

    Raises WrongOffset when the staged bytes end elsewhere or nothing is awaited any more, staging.Busy or staging.Overtaken when somebody
    else writes, and IntakeError: longer_than_said before a byte too many is written, no_space, hash_mismatch. What arrived before a
    connection broke or the disk was full is kept: the next call goes on from there. With `is_whole`, asked after the last chunk, it is all
    of them or none.
    """
    intake.refresh_from_db()
    if intake.state != Intake.State.RECEIVING:
        raise WrongOffset  # the last piece again, after it was heard: there may be no staged file any more
    try:
        with staging.Hold(path_of(intake), now_s=now.timestamp()) as hold:
            intake.refresh_from_db()
            if intake.state != Intake.State.RECEIVING or offset != intake.offset_bytes or hold.size_bytes < offset:
                raise WrongOffset
            # Bytes after the recorded offset belong to a request that died before it could record them.
            hold.cut(offset)
            return _Appending(intake, hold, now).take(chunks, is_whole)
    except staging.Gone as error:
        raise WrongOffset from error


class _Appending:
    """One call of `append`: where it stands, and what of it is recorded."""

    def __init__(self, intake: Intake, hold: staging.Hold, now: datetime) -> None:
        self.intake = intake
        self.hold = hold
        self.now = now
        self.start = self.written = intake.offset_bytes

    def take(self, chunks: Iterable[bytes], is_whole: Callable[[], bool] | None) -> int:
        try:
            for chunk in chunks:
                self._write(chunk)
                if is_whole is None and self.written - self.intake.offset_bytes >= RECORD_EVERY_BYTES:
                    self._record()
        except staging.Overtaken:
            raise
        except BaseException:
            # A break of any kind keeps what arrived, unless it can only be judged whole.
            if is_whole is not None:
                self.hold.cut(self.start)
            else:
                self._record()
            raise
        if is_whole is not None and not is_whole():
            self.hold.cut(self.start)
            raise IntakeError(reasons.HASH_MISMATCH)
        self._record()
        return self.written

    def _write(self, chunk: bytes) -> None:
        if self.written + len(chunk) > self.intake.size_bytes:
            raise IntakeError(reasons.LONGER_THAN_SAID)
        try:
            self.hold.write(self.written, chunk)
        except OSError as error:
            self.hold.cut(self.written)
            raise _said(error) from error
        self.written += len(chunk)

    def _record(self) -> None:
        """Make the bytes durable, then say so in the row; what the disk did not take is cut off again."""
        before = self.intake.offset_bytes
        try:
            self.hold.sync()
        except OSError as error:
            self.written = before
            self.hold.cut(before)
            raise _said(error) from error
        if self.written == before:
            return
        complete = self.written == self.intake.size_bytes
        with self.hold.mine(), transaction.atomic():
            changed = Intake.objects.filter(
                pk=self.intake.pk, offset_bytes=before, state=Intake.State.RECEIVING
            ).update(
                offset_bytes=self.written,
                touched_at=self.now,
                state=Intake.State.RECEIVED if complete else Intake.State.RECEIVING,
            )
            if changed != 1:
                raise WrongOffset
            self.intake.refresh_from_db()
            if complete:
                _queue_store(self.intake, now=self.now, priority=jobs.PERSON)


def _said(error: OSError) -> Exception:
    """Return the error in our words where we have some."""
    return IntakeError(reasons.NO_SPACE) if error.errno in {errno.ENOSPC, errno.EDQUOT} else error


def end(intake: Intake, *, now: datetime) -> bool:
    """End an upload that its sender gives up; its staged bytes go after the commit. False: it is complete already and goes its way."""
    ended = Intake.objects.filter(pk=intake.pk, state=Intake.State.RECEIVING).update(
        state=Intake.State.EXPIRED, reason_code=reasons.UPLOAD_ENDED, touched_at=now
    )
    if ended == 1:
        transaction.on_commit(lambda: discard_staged(intake))
    return ended == 1


def _queue_store(intake: Intake, *, now: datetime, priority: int) -> None:
    lane = Job.Lane.HEAVY if intake.size_bytes >= HEAVY_FROM_BYTES else Job.Lane.QUICK
    jobs.queue(role="store", intake=intake, now=now, lane=lane, priority=priority)


def discard_staged(intake: Intake) -> None:
    """Remove the staged bytes of a settled or ended intake; a file read where it lies is never touched."""
    if not intake.source_path:
        staging.remove(path_of(intake))


def expire(*, now: datetime) -> int:
    """End uploads that nobody went on with for a week and remove staged bytes without a living intake; returns how many ended."""
    stale = Intake.objects.filter(state=Intake.State.RECEIVING, touched_at__lt=now - EXPIRES_AFTER)
    ended = stale.update(state=Intake.State.EXPIRED, reason_code=reasons.UPLOAD_EXPIRED)
    folder = Path(settings.INCOMING_DIR)
    if folder.is_dir():
        # What failed for a reason that may pass keeps its bytes for a week, so that a person can have it tried again.
        again = [Job.State.FAILED, Job.State.NEEDS_PERSON, Job.State.CANCELLED]
        kept = Q(jobs__state__in=again, touched_at__gte=now - EXPIRES_AFTER)
        going = Q(state__in=[Intake.State.RECEIVING, Intake.State.RECEIVED])
        # Whatever the intake's own state says: work that is still to be done needs its bytes.
        going |= Q(jobs__state__in=[Job.State.QUEUED, Job.State.RUNNING])
        living = set(Intake.objects.filter(going | kept).values_list("pid", flat=True))
        # Who is killed while removing both may leave the name of the writer alone.
        for path in [*folder.glob("*.part"), *folder.glob("*.holder")]:
            with contextlib.suppress(FileNotFoundError):  # gone with its fellow
                if path.stem not in living and now.timestamp() - path.stat().st_mtime > 3600:
                    staging.remove(path.with_suffix(".part"))
    return ended
