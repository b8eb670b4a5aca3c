"""Random collections as the parts of an index that they can be: on the disk as they are now, or as they were with what changed since."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

from archive.search.index.base import Base
from archive.search.index.building import build
from archive.search.index.joined import Joined
from archive.search.index.memory import Memory
from archive.search.index.shapes import Document, Part
from tests.search.collections_at_random import Collection


def base_of(collection: Collection) -> Part:
    """Return the collection as it is now, on the disk alone."""
    return _built(collection.now())


def joined_of(collection: Collection) -> Part:
    """Return the collection as it was before, on the disk, and its changes in memory."""
    joined = Joined(_built(collection.before), Memory())
    for one in collection.changes:
        if isinstance(one, int):
            joined.remove([one])
        else:
            joined.add(one)
    return joined


def _built(documents: list[Document]) -> Base:
    # Forcing to the disk is slow, and no matter here. The folder may go at once: what is open stays readable.
    with tempfile.TemporaryDirectory() as root, patch("os.fsync"):
        return Base(build(documents, Path(root)))
