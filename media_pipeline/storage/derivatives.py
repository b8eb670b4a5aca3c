"""Derivatives: output sets that can always be made again.

A set becomes known by its row, when all of it is there and read back. Its prefix is made of its content too (media_pipeline.publishing), so
that what is written never touches what a row already names: readers see the old set whole or the new one. On S3 the files of a set
come one by one, but under a prefix that no row names yet.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import Storage

from media_pipeline.storage import names
from media_pipeline.storage.digests import no_step, read_source, sha256_of
from media_pipeline.storage.errors import KeyMissing, SourceChanged, StorageUnavailable, Trouble, writing_errors
from media_pipeline.storage.folder import (
    FolderTree,
    make_folders,
    publish_folder,
    remove_folder,
    sweep_folder,
    sync_folder,
    write_file,
)
from media_pipeline.storage.opening import tree_of
from media_pipeline.storage.s3 import S3Tree

PUBLISH_TRIES = 5


@dataclass(frozen=True)
class DerivativeFile:
    """One finished file, still in the folder of its job. name may have folders ("240p/init.mp4")."""

    path: Path
    name: str
    sha256: str
    size_bytes: int
    media_type: str


class DerivativeStore:
    def __init__(self, storage: Storage, *, on_step: Callable[[str], None] = no_step) -> None:
        self.tree = tree_of(storage)
        self._on_step = on_step

    def publish(self, prefix: str, files: Sequence[DerivativeFile]) -> None:
        """Put a whole set under its prefix; the caller's database row makes it known.

        A set of the same files that is there already stays. Another one (of an attempt that died, or of a recipe that
        does not give the same bytes twice) is replaced. Raises SourceChanged where a file is not what it was
        announced to be, ValueError for a bad name, StorageUnavailable, SourceUnreadable.
        """
        keys = [names.derivative_key(prefix, file.name) for file in files]
        if not files or len(set(keys)) != len(keys):
            raise ValueError("a set has at least one file, and each name once")
        if isinstance(self.tree, FolderTree):
            self._publish_folder(self.tree, prefix, files)
        else:
            self._publish_s3(self.tree, prefix, files)

    def _publish_folder(self, tree: FolderTree, prefix: str, files: Sequence[DerivativeFile]) -> None:
        stage = tree.path(names.STAGING_DERIVATIVES) / uuid.uuid4().hex
        try:
            for file in files:
                target = stage / file.name
                with writing_errors(prefix):
                    make_folders(target.parent, above=stage)
                    write_file(target, read_source(file.path))
                _check(file, sha256_of(FolderTree(stage).read(file.name)))
            with writing_errors(prefix):
                sync_folder(stage)
                self._on_step("staged")
                self._put_in_place(tree, stage, prefix, files)
        finally:
            with writing_errors(prefix):
                remove_folder(stage)

    def _put_in_place(self, tree: FolderTree, stage: Path, prefix: str, files: Sequence[DerivativeFile]) -> None:
        target = tree.path(prefix)
        for _ in range(PUBLISH_TRIES):
            if publish_folder(stage, target, above=tree.root):
                return
            if self._holds(prefix, files):
                return
            aside = tree.path(names.STAGING_DERIVATIVES) / uuid.uuid4().hex
            try:
                publish_folder(target, aside, above=tree.root)
            except FileNotFoundError:  # a racing attempt has set it aside
                continue
            finally:
                remove_folder(aside)
        raise StorageUnavailable(Trouble.UNREACHABLE, f"{prefix} does not settle")

    def _holds(self, prefix: str, files: Sequence[DerivativeFile]) -> bool:
        """Whether exactly these files are there, byte for byte."""
        try:
            return self.sizes(prefix) == {file.name: file.size_bytes for file in files} and all(
                sha256_of(self.tree.read(f"{prefix}/{file.name}")) == file.sha256 for file in files
            )
        except KeyMissing:
            return False

    def _publish_s3(self, tree: S3Tree, prefix: str, files: Sequence[DerivativeFile]) -> None:
        for file in files:
            _check(file, sha256_of(read_source(file.path)))
            tree.put_stream(
                names.derivative_key(prefix, file.name),
                read_source(file.path),
                size_bytes=file.size_bytes,
                media_type=file.media_type,
            )
            self._on_step("file sent")
        leftovers = set(self.sizes(prefix)) - {file.name for file in files}
        tree.delete(f"{prefix}/{name}" for name in leftovers)
        for file in files:
            if sha256_of(tree.read(f"{prefix}/{file.name}")) != file.sha256:
                raise StorageUnavailable(Trouble.UNREACHABLE, f"{prefix}/{file.name}: read back differs")

    def sizes(self, prefix: str) -> dict[str, int]:
        """Every file of a set with its size; one listing, empty where there is no set."""
        return {entry.key[len(prefix) + 1 :]: entry.size_bytes for entry in self.tree.entries(prefix)}

    def open(self, prefix: str, name: str) -> BinaryIO:
        """A seekable reader. Raises KeyMissing, StorageUnavailable."""
        return self.tree.open(names.derivative_key(prefix, name))

    def local_path(self, prefix: str, name: str, *, sha256: str, scratch: Path) -> Path:
        """One file as a file on this machine, not to be written to: the stored one, or a copy in scratch of what lies on S3.

        Raises KeyMissing where it is gone, or fetched and not what was published; StorageUnavailable.
        """
        key = names.derivative_key(prefix, name)
        if isinstance(self.tree, FolderTree):
            self.tree.size_bytes(key)
            return self.tree.path(key)
        copy = scratch / uuid.uuid4().hex
        with writing_errors("scratch"):
            write_file(copy, self.tree.read(key))
        if sha256_of(read_source(copy)) != sha256:
            raise KeyMissing(key)
        return copy

    def size_bytes(self, prefix: str, name: str) -> int:
        return self.tree.size_bytes(names.derivative_key(prefix, name))

    def read_range(self, prefix: str, name: str, start: int, length: int) -> Iterator[bytes]:
        """At most length bytes from start on; fewer where the file ends. Raises KeyMissing, StorageUnavailable."""
        if start < 0 or length < 0:
            raise ValueError("a range begins and ends inside the file")
        return self.tree.read(names.derivative_key(prefix, name), start=start, length=length)

    def delete(self, prefix: str) -> None:
        """Remove a whole set; no error if there is none."""
        names.checked_prefix(prefix)
        if isinstance(self.tree, FolderTree):
            aside = self.tree.path(names.STAGING_DERIVATIVES) / uuid.uuid4().hex
            with writing_errors(prefix):
                if self.tree.path(prefix).exists():
                    publish_folder(self.tree.path(prefix), aside, above=self.tree.root)
                    remove_folder(aside)
        else:
            self.tree.delete([entry.key for entry in self.tree.entries(prefix)])

    def sets_of(self, sha256: str, *, role: str, up_to_version: int) -> list[str]:
        """The prefix of every set of one master and role, published or left over; one listing of the master's sets."""
        first = names.derivative_prefix(sha256, role=role, version=1, params_key="x")
        found = []
        for prefix in self._sets_below(first.rpartition("/")[0]):
            with suppress(ValueError):  # no set of ours
                its_role, version = names.role_and_version(prefix)
                if its_role == role and version <= up_to_version:
                    found.append(prefix)
        return found

    def walk(self) -> Iterator[str]:
        """The prefix of every set that is there, published or left over, in order."""
        return self._sets_below(names.DERIVATIVES)

    def _sets_below(self, top: str) -> Iterator[str]:
        current = None
        for entry in self.tree.entries(top):
            prefix = "/".join(entry.key.split("/")[:5])
            if prefix != current:
                current = prefix
                yield prefix

    def sweep_staging(self, *, older_than: datetime) -> int:
        """Remove what killed attempts left behind and nobody touched since older_than; how many."""
        if isinstance(self.tree, FolderTree):
            with writing_errors(names.STAGING_DERIVATIVES):
                return sweep_folder(self.tree.path(names.STAGING_DERIVATIVES), older_than=older_than)
        return self.tree.abort_uploads(names.DERIVATIVES, older_than=older_than)


def _check(file: DerivativeFile, sha256: str) -> None:
    if sha256 != file.sha256:
        raise SourceChanged(f"{file.name}: announced as {file.sha256}, read as {sha256}")
