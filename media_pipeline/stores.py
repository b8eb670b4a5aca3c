"""The two stores, on whatever storage the profile names."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import Storage, storages

from media_pipeline import faults
from media_pipeline.models import Master
from media_pipeline.storage import names
from media_pipeline.storage.derivatives import DerivativeStore
from media_pipeline.storage.errors import StorageUnavailable
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.ocfl import ROOT_DECLARATION

_kept: list[tuple[Storage, MasterStore]] = []


def masters(*, scratch: Path | None = None) -> MasterStore:
    """Return the store of masters (an OCFL storage root). `scratch`: where copies of masters that lie on S3 go for a time."""
    storage = storages["files"]
    if scratch is not None:
        return MasterStore(storage, scratch=scratch, on_step=_master_step)
    # One store remembers where objects lie: on S3 that saves a listing for each read.
    if not _kept or _kept[0][0] is not storage:
        _kept[:] = [(storage, MasterStore(storage, on_step=_master_step))]
    return _kept[0][1]


def derivatives() -> DerivativeStore:
    """Return the store of derivatives."""
    return DerivativeStore(storages["files"], on_step=_derivative_step)


def are_there() -> bool:
    """Return whether masters can be reached: the root is declared, or nothing was stored yet in a storage that answers.

    Two requests to the storage and one query at most. A folder that is not mounted is empty, which a new archive's is, too.
    """
    tree = masters().tree
    try:
        if tree.exists(f"{names.MASTERS}/{ROOT_DECLARATION}"):
            return True
        next(tree.entries(names.MASTERS), None)
    except StorageUnavailable:
        return False
    return not Master.objects.exists()


def _master_step(step: str) -> None:
    faults.point(f"master.{step}")


def _derivative_step(step: str) -> None:
    faults.point(f"derivative.{step}")
