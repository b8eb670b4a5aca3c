"""The staged bytes of one intake: one writer at a time, whatever dies. Knows no row.

Beside `<pid>.part` lies `<pid>.holder`, whose content names the writer. Every write happens under a lock of that file and only while
it still names the writer, so that a request whose client is long gone can wake up at any time and harm nothing.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

# A writer that wrote nothing for so long is taken for dead: its line was cut without a farewell.
SILENT_AFTER_S = 10.0
_TOKEN_BYTES = 32


class Busy(Exception):
    """Somebody else is writing just now."""


class Overtaken(Exception):
    """Somebody else is the writer now; nothing more was written."""


class Gone(Exception):
    """The staged file is not there any more: it was stored, or given up."""


class Hold:
    """The right to write one staged file. Use as a context manager. Raises Busy when another writer is alive, and Gone."""

    def __init__(self, part: Path, *, now_s: float) -> None:
        self._part_path = part
        self._now_s = now_s
        self._token = secrets.token_hex(_TOKEN_BYTES // 2).encode()

    def __enter__(self) -> Self:
        try:
            self._part = os.open(self._part_path, os.O_RDWR)
        except FileNotFoundError as error:
            raise Gone from error
        try:
            self._holder = os.open(holder_path(self._part_path), os.O_RDWR | os.O_CREAT, 0o640)
            try:
                self._take()
            except BaseException:
                os.close(self._holder)
                raise
        except BaseException:
            os.close(self._part)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._locked():
                if self._is_mine():
                    os.ftruncate(self._holder, 0)
        finally:
            os.close(self._holder)
            os.close(self._part)

    @property
    def size_bytes(self) -> int:
        return os.fstat(self._part).st_size

    def write(self, offset: int, piece: bytes) -> None:
        """Write all of a piece. Raises Overtaken, OSError."""
        with self.mine():
            view = memoryview(piece)
            while view:
                written = os.pwrite(self._part, view, offset)
                view, offset = view[written:], offset + written

    def cut(self, size_bytes: int) -> None:
        """Throw away what lies behind this offset. Raises Overtaken."""
        with self.mine():
            os.ftruncate(self._part, size_bytes)

    def sync(self) -> None:
        """Return when what was written survives a power cut."""
        os.fsync(self._part)

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Keep every other writer out for the length of the block. Raises Overtaken."""
        with self._locked():
            if not self._is_mine():
                raise Overtaken
            yield

    def _take(self) -> None:
        with self._locked():
            last_sign_s = max(os.fstat(self._part).st_mtime, os.fstat(self._holder).st_mtime)
            if os.fstat(self._holder).st_size and self._now_s - last_sign_s < SILENT_AFTER_S:
                raise Busy
            os.ftruncate(self._holder, 0)
            os.pwrite(self._holder, self._token, 0)

    def _is_mine(self) -> bool:
        return os.pread(self._holder, _TOKEN_BYTES, 0) == self._token

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.flock(self._holder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._holder, fcntl.LOCK_UN)


def holder_path(part: Path) -> Path:
    """Return where the writer of a staged file is named."""
    return part.with_suffix(".holder")


def remove(part: Path) -> None:
    """Remove a staged file and the name of its writer; harmless when they are gone."""
    part.unlink(missing_ok=True)
    holder_path(part).unlink(missing_ok=True)
