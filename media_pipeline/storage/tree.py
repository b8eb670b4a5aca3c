"""What the stores ask of a storage: plain keys and bytes, the same for a folder and for S3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class Entry:
    key: str
    size_bytes: int
    modified_at: datetime  # aware, UTC


class Tree(Protocol):
    """Every method raises StorageUnavailable when the storage fails, and KeyMissing where a key must exist."""

    def size_bytes(self, key: str) -> int: ...

    def exists(self, key: str) -> bool: ...

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Stream a part of a file; ends early where the file ends. Errors come at the first chunk or later."""

    def open(self, key: str) -> BinaryIO:
        """A seekable reader; on S3 each far seek costs one request."""

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Every file below prefix (a folder's key, no trailing slash), ordered by key; none if there is no folder."""

    def put(self, key: str, content: bytes, *, media_type: str = "application/octet-stream") -> None:
        """Write a small file as a whole: a reader sees the old content or the new, never a part."""

    def delete(self, keys: Iterable[str]) -> None:
        """Missing keys are no error."""


def read_small(tree: Tree, key: str, *, limit_bytes: int) -> bytes:
    """A whole small file. Raises ValueError above the limit: what should be small is not."""
    content = b"".join(tree.read(key, length=limit_bytes + 1))
    if len(content) > limit_bytes:
        raise ValueError(f"{key} is larger than {limit_bytes} bytes")
    return content
