"""A folder as a tree of keys, with the care that makes a rename a safe publication."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from media_pipeline.storage import names
from media_pipeline.storage.digests import CHUNK_BYTES
from media_pipeline.storage.errors import KeyMissing, folder_errors, writing_errors
from media_pipeline.storage.tree import Entry


class FolderTree:
    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        return self.root / key

    def size_bytes(self, key: str) -> int:
        with folder_errors(key):
            return self.path(key).stat().st_size

    def exists(self, key: str) -> bool:
        with folder_errors(key):
            return self.path(key).exists()

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        with folder_errors(key), self.path(key).open("rb", buffering=0) as file:
            file.seek(start)
            left = length
            while left is None or left > 0:
                chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk

    def open(self, key: str) -> BinaryIO:
        with folder_errors(key):
            return self.path(key).open("rb")

    def entries(self, prefix: str) -> Iterator[Entry]:
        try:
            with folder_errors(prefix):
                children = sorted(os.scandir(self.path(prefix)), key=_key_order)
        except KeyMissing:
            return
        for child in children:
            key = f"{prefix}/{child.name}"
            if child.is_dir(follow_symlinks=False):
                yield from self.entries(key)
                continue
            try:
                with folder_errors(key):
                    facts = child.stat(follow_symlinks=False)
            except KeyMissing:  # removed since the folder was listed
                continue
            yield Entry(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))

    def put(self, key: str, content: bytes, *, media_type: str = "application/octet-stream") -> None:
        target = self.path(key)
        aside = self.path(names.STAGING_MASTERS) / uuid.uuid4().hex  # where the janitor looks, outside the OCFL root
        with writing_errors(key):
            aside.parent.mkdir(parents=True, exist_ok=True)
            make_folders(target.parent, above=self.root)
            try:
                write_file(aside, [content])
                aside.replace(target)
            finally:
                aside.unlink(missing_ok=True)
            sync_folder(target.parent)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            with folder_errors(key):
                self.path(key).unlink(missing_ok=True)


def _key_order(child: os.DirEntry[str]) -> str:
    """Order of whole keys, as S3 lists them: a folder's files sort by its name followed by a slash."""
    return f"{child.name}/" if child.is_dir(follow_symlinks=False) else child.name


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file and force it to the disk. The page cache is then let go, so that a read-back reads the disk."""
    with path.open("xb", buffering=0) as file:
        for chunk in chunks:
            view = memoryview(chunk)
            while view:
                view = view[file.write(view) :]
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(path: Path) -> None:
    """Force a folder's own entries to the disk: without it a finished rename may be gone after a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(path: Path, *, above: Path) -> None:
    """Make a folder and its parents durably; `above` is where fsync may stop climbing."""
    missing = []
    current = path
    while not current.is_dir():
        missing.append(current)
        current = current.parent
    path.mkdir(parents=True, exist_ok=True)
    for made in missing:
        if above in made.parents or made == above:
            sync_folder(made.parent)


def publish_folder(staged: Path, target: Path, *, above: Path) -> bool:
    """Rename a finished folder into place. False when something is there already.

    A janitor may remove an empty parent between making and renaming: then the parents are made again.
    """
    for _ in range(100):
        make_folders(target.parent, above=above)
        try:
            staged.rename(target)  # POSIX: fails on a folder that is not empty, replaces an empty one
        except FileNotFoundError:
            if not staged.exists():
                raise
            continue
        except OSError:
            if target.exists():
                return False
            raise
        sync_folder(target.parent)
        sync_folder(staged.parent)
        return True
    raise FileNotFoundError(target)


def remove_folder(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


def newest_change(path: Path) -> float:
    """The latest modification below a folder, in seconds since the epoch: a live attempt keeps touching its files."""
    newest = path.lstat().st_mtime
    for folder, _, files in os.walk(path):
        for name in [".", *files]:
            with contextlib.suppress(FileNotFoundError):
                newest = max(newest, (Path(folder) / name).lstat().st_mtime)
    return newest


def sweep_folder(staging: Path, *, older_than: datetime) -> int:
    """Remove abandoned attempts; how many. An attempt whose files changed since `older_than` may be alive: it stays."""
    removed = 0
    if not staging.is_dir():
        return 0
    for attempt in sorted(staging.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            if newest_change(attempt) < older_than.timestamp():
                remove_folder(attempt) if attempt.is_dir() else attempt.unlink()
                removed += 1
    return removed


def remove_empty_folders(root: Path) -> int:
    """Remove empty folders below root, deepest first; how many. OCFL 1.1 E073: a storage root holds none."""
    removed = 0
    for folder, _, _ in os.walk(root, topdown=False):
        if Path(folder) != root:
            with contextlib.suppress(OSError):  # not empty, or gone
                Path(folder).rmdir()
                removed += 1
    return removed
