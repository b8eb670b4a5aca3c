"""The two stores, on whatever storage the profile names."""

from __future__ import annotations

from django.core.files.storage import storages

from media_pipeline.storage.derivatives import DerivativeStore
from media_pipeline.storage.masters import MasterStore


def masters() -> MasterStore:
    """Return the store of masters (an OCFL storage root)."""
    return MasterStore(storages["files"])


def derivatives() -> DerivativeStore:
    """Return the store of derivatives."""
    return DerivativeStore(storages["files"])
