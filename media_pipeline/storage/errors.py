"""What can go wrong with stored bytes. Callers retry the first; the others need a person or another file."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Trouble(StrEnum):
    """Why a storage cannot serve now; staff read it in words, so each is something they can act on."""

    FULL = "full"  # no room left, or over quota
    REFUSED = "refused"  # read-only disk, wrong key, missing bucket
    UNREACHABLE = "unreachable"  # network, server error, failing disk


class StorageUnavailable(Exception):
    """The storage could not read or write now. Nothing was acknowledged; trying again later is right."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


class KeyMissing(Exception):
    """No bytes are stored under this key."""


class MasterMissing(KeyMissing):
    """No complete master is stored under this SHA-256."""


class MasterDamaged(Exception):
    """What is stored under this SHA-256 is not what its address says. Retrying does not help."""


class SourceUnreadable(Exception):
    """The file to be stored cannot be read (gone, no permission, failing disk)."""


class SourceChanged(Exception):
    """The file to be stored is not the one that was announced: its digest differs, or it changed while it was read."""


class Interrupted(Exception):
    """The caller asked to stop. Nothing was published; running again starts clean."""


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def trouble_of(error: OSError) -> Trouble:
    if error.errno in _FULL:
        return Trouble.FULL
    if error.errno in _REFUSED:
        return Trouble.REFUSED
    return Trouble.UNREACHABLE


@contextmanager
def folder_errors(key: str) -> Iterator[None]:
    """Translate the operating system's errors on the storage side.

    Raises KeyMissing where the file is not there, StorageUnavailable for the rest.
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KeyMissing(key) from error
    except OSError as error:
        raise StorageUnavailable(trouble_of(error), f"{key}: {error.strerror or error}") from error


@contextmanager
def writing_errors(key: str) -> Iterator[None]:
    """Translate every error of the operating system while writing. Raises StorageUnavailable."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(trouble_of(error), f"{key}: {error.strerror or error}") from error
