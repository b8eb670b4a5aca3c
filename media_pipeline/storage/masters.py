"""Masters: stored once by their SHA-256, never altered, each one an OCFL object of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files.storage import Storage

from media_pipeline.storage import names, objects, ocfl, purging
from media_pipeline.storage.digests import Watch, never, no_progress, no_step, read_source, sha256_of
from media_pipeline.storage.errors import (
    KeyMissing,
    MasterDamaged,
    MasterMissing,
    SourceUnreadable,
    writing_errors,
)
from media_pipeline.storage.folder import FolderTree, remove_empty_folders, sweep_folder, write_file
from media_pipeline.storage.objects import Fixity, Located
from media_pipeline.storage.opening import tree_of
from media_pipeline.storage.purging import Purge
from media_pipeline.storage.writers import FolderWriter, Order, S3Writer, StoredMaster

REMEMBERED_PLACES = 10_000  # of content files; a place never changes once its object is complete


@dataclass(frozen=True)
class Found:
    """Something that lies in the storage root: an object's root, or a file that belongs to no object."""

    path: str
    is_object: bool
    complete: bool

    @property
    def place(self) -> str:
        """The last part of the path: for an object, the digest of its identifier (extension 0004)."""
        return self.path.rpartition("/")[2]


class MasterStore:
    """One OCFL storage root below the storage's location. Safe for many processes; one instance a process is enough.

    scratch: where `local_path` puts its temporary copies of masters that are on S3 (default: the system's).
    """

    def __init__(
        self,
        storage: Storage,
        *,
        agent: ocfl.Agent | None = None,
        scratch: Path | None = None,
        on_step: Callable[[str], None] = no_step,
    ) -> None:
        self.tree = tree_of(storage)
        self._agent = agent or ocfl.Agent()
        self._scratch = scratch
        self._on_step = on_step
        self._writer = FolderWriter(self.tree) if isinstance(self.tree, FolderTree) else S3Writer(self.tree)
        self._places: dict[str, Located] = {}
        self._rooted = False

    def store(
        self,
        source: Path,
        *,
        extension: str,
        now: datetime,
        original_name: str = "",
        expected_sha256: str | None = None,
        on_progress: Callable[[float], None] = no_progress,
        should_stop: Callable[[], bool] = never,
    ) -> StoredMaster:
        """Store a file, read it back and verify it; a file that is there already is verified and used.

        extension: as names.clean_extension returns it. on_progress gets 0.0 to 1.0. Raises StorageUnavailable
        (try again later), SourceUnreadable, SourceChanged (the source is not expected_sha256, or it changed
        meanwhile), Interrupted.
        """
        try:
            size_bytes = source.stat().st_size
        except OSError as error:
            raise SourceUnreadable(f"{source.name}: {error.strerror}") from error
        return self.write(
            Order(
                read=lambda: read_source(source),
                extension=extension,
                expected_sha256=expected_sha256,
                describe=lambda digests: ocfl.inventory(
                    digests, extension=extension, original_name=original_name, created_at=now, agent=self._agent
                ),
            ),
            size_bytes=size_bytes,
            on_progress=on_progress,
            should_stop=should_stop,
        )

    def write(
        self,
        order: Order,
        *,
        size_bytes: int,
        on_progress: Callable[[float], None] = no_progress,
        should_stop: Callable[[], bool] = never,
    ) -> StoredMaster:
        """Store what an order describes; `store` and the copying of whole stores meet here."""
        self._make_root()
        watch = Watch(size_bytes * self._writer.passes, on_progress, should_stop, self._on_step)
        stored = self._writer.write(order, watch)
        on_progress(1.0)
        return stored

    def has(self, sha256: str) -> bool:
        """Whether a complete object is there. Its bytes are not read."""
        try:
            self.locate(sha256)
        except MasterMissing:
            return False
        return True

    def locate(self, sha256: str) -> Located:
        """Raises MasterMissing, StorageUnavailable. One listing the first time, then remembered."""
        place = self._places.get(sha256)
        if place is None:
            place = objects.locate(self.tree, sha256)
            if len(self._places) >= REMEMBERED_PLACES:
                self._places.clear()
            self._places[sha256] = place
        return place

    def size_bytes(self, sha256: str) -> int:
        return self.locate(sha256).size_bytes

    def read_range(self, sha256: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes from start on, exactly length of them, in chunks of at most a mebibyte.

        Raises ValueError for a range outside the file, MasterMissing, StorageUnavailable, and MasterDamaged where the
        stored file turns out shorter than it was: a caller that has begun to answer must then cut the connection.
        """
        place = self.locate(sha256)
        if start < 0 or length < 0 or start + length > place.size_bytes:
            raise ValueError(f"bytes {start}+{length} are outside a file of {place.size_bytes} bytes")
        return self._read_exactly(sha256, place, start, length)

    def _read_exactly(self, sha256: str, place: Located, start: int, length: int) -> Iterator[bytes]:
        left = length
        with self._missing(sha256):
            for chunk in self.tree.read(place.content_key, start=start, length=length):
                left -= len(chunk)
                yield chunk
        if left:
            raise MasterDamaged(sha256)

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """The master as a file on this machine, for programs that need a path; not to be written to.

        On a folder it is the stored file itself. From S3 it is a temporary copy whose SHA-256 was checked; it needs
        as much room. Raises MasterMissing, MasterDamaged, StorageUnavailable.
        """
        place = self.locate(sha256)
        if isinstance(self.tree, FolderTree):
            path = self.tree.path(place.content_key)
            if not path.is_file():
                self._places.pop(sha256, None)
                raise MasterMissing(sha256)
            yield path
            return
        with writing_errors("scratch"):
            holder = tempfile.TemporaryDirectory(prefix="master-", dir=self._scratch)
        with holder as folder:
            path = Path(folder) / place.content_key.rpartition("/")[2]
            with writing_errors("scratch"), self._missing(sha256):
                write_file(path, self.tree.read(place.content_key))
            if sha256_of(read_source(path)) != sha256:
                raise MasterDamaged(sha256)
            yield path

    def verify(self, sha256: str, *, should_stop: Callable[[], bool] = never) -> Fixity:
        """Read the whole object. Raises StorageUnavailable, Interrupted."""
        self._places.pop(sha256, None)
        return objects.verify(self.tree, sha256, watched=Watch(0, should_stop=should_stop).over)

    def purge(self, sha256: str, reason: str, *, now: datetime) -> Purge | None:
        """Take a master out for good, with its quarantined copies, and leave a record; None where there is nothing of it.

        Killed at any instant and run again it ends. What points at the master in the database is the caller's to remove, and that
        nobody needs it the caller's to know. Raises ValueError without a reason, StorageUnavailable.
        """
        self._places.pop(sha256, None)
        return purging.purge(self.tree, sha256, reason, now=now, on_step=self._on_step)

    def purges(self, sha256: str) -> list[Purge]:
        """The records of its purges, oldest first."""
        return purging.records(self.tree, sha256)

    def walk(self) -> Iterator[Found]:
        """Everything below the storage root, in order of its path, unread: objects, and files of no object."""
        current: str | None = None
        complete = False
        for entry in self.tree.entries(names.MASTERS):
            below = entry.key[len(names.MASTERS) + 1 :]
            parts = below.split("/")
            if below in ocfl.root_files():
                continue
            if not names.is_object_path(parts[:4]) or len(parts) < 5:
                yield Found(entry.key, is_object=False, complete=False)
                continue
            path = f"{names.MASTERS}/{'/'.join(parts[:4])}"
            if path != current:
                if current is not None:
                    yield Found(current, is_object=True, complete=complete)
                current, complete = path, False
            complete = complete or parts[4:] == [ocfl.SIDECAR]
        if current is not None:
            yield Found(current, is_object=True, complete=complete)

    @staticmethod
    def place_of(sha256: str) -> str:
        """The digest of the master's identifier, 64 hexadecimal digits: what `Found.place` says of its object."""
        return names.master_object(sha256).rpartition("/")[2]

    def sha256_at(self, object_path: str) -> str | None:
        """Which master an object that `walk` found says it is; None where it does not say so or lies elsewhere."""
        try:
            sha256 = ocfl.described(objects.read_inventory(self.tree, object_path)).sha256
        except (KeyMissing, ValueError):
            return None
        return sha256 if names.master_object(sha256) == object_path else None

    def sweep_staging(self, *, older_than: datetime) -> int:
        """Remove what killed attempts left behind and nobody touched since older_than; how many.

        Give at least an hour: the read-back of a large file touches nothing for as long as it takes.
        """
        if isinstance(self.tree, FolderTree):
            with writing_errors(names.STAGING_MASTERS):
                removed = sweep_folder(self.tree.path(names.STAGING_MASTERS), older_than=older_than)
                remove_empty_folders(self.tree.path(names.MASTERS))
            return removed
        return self.tree.abort_uploads(names.MASTERS, older_than=older_than)

    def _make_root(self) -> None:
        """Write the files of the storage root if they are not there; the declaration last."""
        if self._rooted:
            return
        for path, content in ocfl.root_files().items():
            if not self.tree.exists(f"{names.MASTERS}/{path}"):
                self.tree.put(f"{names.MASTERS}/{path}", content)
        self._rooted = True

    @contextmanager
    def _missing(self, sha256: str) -> Iterator[None]:
        """A remembered place may have been purged since."""
        try:
            yield
        except KeyMissing as error:
            self._places.pop(sha256, None)
            raise MasterMissing(sha256) from error
