"""The two stores, on whatever storage the profile names."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import storages

from media_pipeline import faults
from media_pipeline.storage.derivatives import DerivativeStore
from media_pipeline.storage.masters import MasterStore


def masters(*, scratch: Path | None = None) -> MasterStore:
    """Return the store of masters (an OCFL storage root). `scratch`: where copies of masters that lie on S3 go for a time."""
    return MasterStore(storages["files"], scratch=scratch, on_step=_master_step)


def derivatives() -> DerivativeStore:
    """Return the store of derivatives."""
    return DerivativeStore(storages["files"], on_step=_derivative_step)


def _master_step(step: str) -> None:
    faults.point(f"master.{step}")


def _derivative_step(step: str) -> None:
    faults.point(f"derivative.{step}")
