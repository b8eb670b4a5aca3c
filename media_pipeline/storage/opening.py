"""From a Django storage to the tree of keys that the stores work on."""

from __future__ import annotations

from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage

from media_pipeline.storage.folder import FolderTree
from media_pipeline.storage.s3 import S3Tree


def tree_of(storage: Storage) -> FolderTree | S3Tree:
    """Raises TypeError for a storage that is neither a folder nor S3: its guarantees are not known."""
    if isinstance(storage, FileSystemStorage):
        return FolderTree(Path(storage.location))
    if hasattr(storage, "bucket_name"):
        return S3Tree(storage)
    raise TypeError(f"masters and derivatives need a folder or S3, not {type(storage).__name__}")
