"""How one object comes into being, on a folder and on S3, so that a kill at any instant leaves nothing wrong.

Folder: the whole object is built aside, forced to the disk, read back, and renamed into place as one folder.
S3: there is no rename. The content is uploaded and read back, then the inventories are written, the sidecar of the
object root last: an object without it does not exist for readers, and the next attempt completes it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.storage import names, objects, ocfl
from media_pipeline.storage.digests import Digests, Hashing, Watch, digests_of, sha256_of
from media_pipeline.storage.errors import KeyMissing, SourceChanged, StorageUnavailable, Trouble, writing_errors
from media_pipeline.storage.folder import FolderTree, publish_folder, remove_folder, sync_folder, write_file
from media_pipeline.storage.objects import FixityState
from media_pipeline.storage.s3 import S3Tree

SETTLE_TRIES = 5
# An object on S3 that looks changed may be one that another attempt is writing just now: looked at again after these pauses.
LOOK_AGAIN_AFTER_S = (0.2, 1.0, 3.0)


@dataclass(frozen=True)
class Order:
    """One file to be stored. `read` opens it anew each time; `describe` makes its inventory."""

    read: Callable[[], Iterator[bytes]]
    extension: str
    describe: Callable[[Digests], bytes]
    expected_sha256: str | None = None

    def check(self, digests: Digests) -> None:
        if self.expected_sha256 not in (None, digests.sha256):
            raise SourceChanged(f"announced as {self.expected_sha256}, read as {digests.sha256}")


@dataclass(frozen=True)
class StoredMaster:
    """One verified master. created: by this call; repaired: a damaged object was set aside for it."""

    sha256: str
    sha512: str
    size_bytes: int
    object_path: str
    created: bool
    repaired: bool = False


class FolderWriter:
    passes = 2  # copy, read back (or, of one that is there already, its verification)

    def __init__(self, tree: FolderTree) -> None:
        self._tree = tree

    def write(self, order: Order, watch: Watch) -> StoredMaster:
        stage = self._tree.path(names.STAGING_MASTERS) / uuid.uuid4().hex
        try:
            return self._write(order, watch, stage)
        finally:
            with writing_errors(names.STAGING_MASTERS):
                remove_folder(stage)

    def _write(self, order: Order, watch: Watch, stage: Path) -> StoredMaster:
        content = stage / names.master_content(order.extension)
        hashing = Hashing()
        with writing_errors(names.STAGING_MASTERS):
            content.parent.mkdir(parents=True)
            write_file(content, watch.over(hashing.over(order.read())))
        watch.step("content written")
        digests = hashing.digests()
        order.check(digests)
        object_path = names.master_object(digests.sha256)
        found = objects.verify(self._tree, digests.sha256, watched=watch.over)
        if found.state is FixityState.OK:
            return _stored(digests, created=False)
        with writing_errors(names.STAGING_MASTERS):
            for path, body in ocfl.object_files(order.describe(digests)).items():
                write_file(stage / path, [body])
                watch.step(f"{path} written")
            for folder in (content.parent, stage / "v1", stage):
                sync_folder(folder)
        watch.step("object synced")
        staged = FolderTree(stage)
        read_back = sha256_of(watch.over(staged.read(names.master_content(order.extension))))
        if read_back != digests.sha256:
            raise StorageUnavailable(Trouble.UNREACHABLE, "what was read back is not what was written")
        with writing_errors(object_path):
            for path in [*ocfl.object_files(b""), names.master_content(order.extension)]:
                (stage / path).chmod(0o444)
        watch.step("content read back")
        return self._publish(stage, digests, watch)

    def _publish(self, stage: Path, digests: Digests, watch: Watch) -> StoredMaster:
        """Put the staged object in place; a good one that is there already wins, a bad one is set aside."""
        object_path = names.master_object(digests.sha256)
        target = self._tree.path(object_path)
        repaired = False
        for _ in range(SETTLE_TRIES):
            with writing_errors(object_path):
                if publish_folder(stage, target, above=self._tree.root):
                    watch.on_step("published")
                    return _stored(digests, created=True, repaired=repaired)
            if objects.verify(self._tree, digests.sha256, watched=watch.over).state is FixityState.OK:
                return _stored(digests, created=False)
            with writing_errors(object_path):
                aside = self._tree.path(names.quarantined(object_path, uuid.uuid4().hex))
                repaired = publish_folder(target, aside, above=self._tree.root) or repaired
            watch.step("damaged object set aside")
        raise StorageUnavailable(Trouble.UNREACHABLE, f"{object_path} does not settle")


class S3Writer:
    passes = 3  # hash, upload, read back (two, where the one that is there already is verified)

    def __init__(self, tree: S3Tree) -> None:
        self._tree = tree

    def write(self, order: Order, watch: Watch) -> StoredMaster:
        digests = digests_of(watch.over(order.read()))
        order.check(digests)
        watch.step("source hashed")
        found = self._look(digests, watch)
        if found is FixityState.OK:
            return _stored(digests, created=False)
        object_path = names.master_object(digests.sha256)
        repaired = False
        if found is FixityState.CHANGED:
            self._set_aside(object_path)
            repaired = True
        verified: set[str] = set()
        for _ in range(SETTLE_TRIES):
            inventory = objects.settled_inventory(self._tree, object_path, digests) or order.describe(digests)
            content = ocfl.described(inventory).content
            if content not in verified:
                if not self._upload(f"{object_path}/{content}", order, digests, watch):
                    continue
                verified.add(content)
            if self._complete(object_path, inventory, content, digests, watch):
                watch.on_step("published")
                return _stored(digests, created=True, repaired=repaired)
            verified.clear()
        raise StorageUnavailable(Trouble.UNREACHABLE, f"{object_path} does not settle")

    def _look(self, digests: Digests, watch: Watch) -> FixityState:
        """What is stored already under this digest; changed only if it stays so."""
        found = objects.verify(self._tree, digests.sha256, watched=watch.over).state
        for pause_s in LOOK_AGAIN_AFTER_S:
            if found is not FixityState.CHANGED:
                break
            time.sleep(pause_s)
            watch.step("object looked at again")
            found = objects.verify(self._tree, digests.sha256, watched=watch.over).state
        return found

    def _upload(self, key: str, order: Order, digests: Digests, watch: Watch) -> bool:
        """Upload the content and read it back. False when another attempt has taken it away in between.

        One that is complete takes away the same bytes under another extension, and some services take a key away for
        a moment while it is written over.
        """
        hashing = Hashing()
        self._tree.put_stream(
            key,
            watch.over(_guarded(hashing, order, digests)),
            size_bytes=digests.size_bytes,
            media_type="application/octet-stream",
        )
        watch.step("content written")
        try:
            read_back = sha256_of(watch.over(self._tree.read(key)))
        except KeyMissing:
            return False
        if read_back != digests.sha256:
            raise StorageUnavailable(Trouble.UNREACHABLE, "what was read back is not what was written")
        watch.step("content read back")
        return True

    def _complete(self, object_path: str, inventory: bytes, content: str, digests: Digests, watch: Watch) -> bool:
        """Write the inventories and look again. False when another attempt has written its own in between."""
        for path, body in ocfl.object_files(inventory).items():
            self._tree.put(f"{object_path}/{path}", body)
            watch.step(f"{path} written")
            if path == f"v1/{ocfl.SIDECAR}" and (
                objects.settled_inventory(self._tree, object_path, digests) != inventory
            ):
                return False
        for path, body in ocfl.object_files(inventory).items():
            try:
                if b"".join(self._tree.read(f"{object_path}/{path}")) != body:
                    return False
            except KeyMissing:  # some services take a key away for a moment while another attempt writes it
                return False
        files = objects.files_of(self._tree, object_path)
        if files.get(content) != digests.size_bytes:
            return False
        strays = [path for path in files if path.startswith("v1/content/") and path != content]
        self._tree.delete(f"{object_path}/{path}" for path in strays)  # the same bytes under another extension
        return True

    def _set_aside(self, object_path: str) -> None:
        """Keep what is damaged. Raises StorageUnavailable when another attempt, which repairs it too, takes some of it away in between."""
        aside = names.quarantined(object_path, uuid.uuid4().hex)
        try:
            for path in objects.files_of(self._tree, object_path):
                self._tree.copy(f"{object_path}/{path}", f"{aside}/{path}")
        except KeyMissing as error:
            raise StorageUnavailable(Trouble.UNREACHABLE, f"{error}: taken away while it was set aside") from error


def _guarded(hashing: Hashing, order: Order, digests: Digests) -> Iterator[bytes]:
    """The source's bytes a second time. Raises SourceChanged before the last part is sent if they differ."""
    waiting = b""
    for chunk in hashing.over(order.read()):
        if waiting:
            yield waiting
        waiting = chunk
    if hashing.digests() != digests:
        raise SourceChanged("the file changed while it was stored")
    if waiting:
        yield waiting


def _stored(digests: Digests, *, created: bool, repaired: bool = False) -> StoredMaster:
    return StoredMaster(
        sha256=digests.sha256,
        sha512=digests.sha512,
        size_bytes=digests.size_bytes,
        object_path=names.master_object(digests.sha256),
        created=created,
        repaired=repaired,
    )
