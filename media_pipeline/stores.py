"""The two stores, on whatever storage the profile names."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import Storage, storages

from media_pipeline import faults
from media_pipeline.storage.derivatives import DerivativeStore
from media_pipeline.storage.masters import MasterStore

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


def _master_step(step: str) -> None:
    faults.point(f"master.{step}")


def _derivative_step(step: str) -> None:
    faults.point(f"derivative.{step}")
