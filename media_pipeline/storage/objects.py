"""One OCFL object of ours as it lies in a storage: found, read and verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from media_pipeline.storage import names, ocfl
from media_pipeline.storage.digests import Digests, digests_of
from media_pipeline.storage.errors import KeyMissing, MasterMissing
from media_pipeline.storage.tree import Tree, read_small


class FixityState(StrEnum):
    OK = "ok"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True)
class Fixity:
    state: FixityState
    detail: str = ""


@dataclass(frozen=True)
class Located:
    """A complete object: its one content file."""

    content_key: str
    size_bytes: int


def _as_it_is(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return chunks


def files_of(tree: Tree, object_path: str) -> dict[str, int]:
    """Sizes of the object's files by their path below its root; one listing."""
    return {entry.key[len(object_path) + 1 :]: entry.size_bytes for entry in tree.entries(object_path)}


def locate(tree: Tree, sha256: str) -> Located:
    """Where a master's bytes are; one listing. Raises MasterMissing unless the object is complete.

    The sidecar in the object root is written last, so its presence means a complete object. The content is found by
    listing, not from the inventory: a damaged inventory must not hide undamaged bytes.
    """
    object_path = names.master_object(sha256)
    files = files_of(tree, object_path)
    content = [path for path in files if path.startswith("v1/content/")]
    if ocfl.SIDECAR not in files or not content:
        raise MasterMissing(sha256)
    if len(content) > 1:  # the remains of two attempts with different extensions: the inventory decides
        try:
            content = [ocfl.described(read_inventory(tree, object_path)).content]
        except (ValueError, KeyMissing):
            content = sorted(content)
    return Located(f"{object_path}/{content[0]}", files.get(content[0], 0))


def read_inventory(tree: Tree, object_path: str, *, folder: str = "") -> bytes:
    """Raises KeyMissing; ValueError where it is too large to be ours."""
    return read_small(tree, f"{object_path}/{folder}{ocfl.INVENTORY}", limit_bytes=ocfl.INVENTORY_LIMIT_BYTES)


def verify(tree: Tree, sha256: str, *, watched: Callable[[Iterator[bytes]], Iterator[bytes]] = _as_it_is) -> Fixity:
    """Read everything the object holds and compare it with its address and its inventory.

    Raises StorageUnavailable: a storage that does not answer is neither missing nor changed.
    """
    object_path = names.master_object(sha256)
    files = files_of(tree, object_path)
    content = [path for path in files if path.startswith("v1/content/")]
    if not content or ocfl.SIDECAR not in files:
        return Fixity(FixityState.MISSING, "no complete object" if files else "nothing is stored")
    try:
        inventory = read_inventory(tree, object_path)
        told = ocfl.described(inventory)
        if told.sha256 != sha256:
            return Fixity(FixityState.CHANGED, "the inventory names another object")
        for path, expected in ocfl.object_files(inventory).items():
            if files.get(path) != len(expected) or b"".join(tree.read(f"{object_path}/{path}")) != expected:
                return Fixity(FixityState.CHANGED, path)
        if told.content not in files:
            return Fixity(FixityState.MISSING, told.content)
        actual = digests_of(watched(tree.read(f"{object_path}/{told.content}")))
    except ValueError as error:
        return Fixity(FixityState.CHANGED, f"{ocfl.INVENTORY}: {error}")
    except KeyMissing as error:
        return Fixity(FixityState.MISSING, str(error))
    if (actual.sha256, actual.sha512) != (sha256, told.sha512):
        return Fixity(FixityState.CHANGED, told.content)
    if strays := set(files) - set(ocfl.object_files(inventory)) - {told.content}:
        return Fixity(FixityState.CHANGED, f"does not belong here: {min(strays)}")
    return Fixity(FixityState.OK)


def settled_inventory(tree: Tree, object_path: str, digests: Digests) -> bytes | None:
    """The inventory that an earlier or a racing attempt has already given this object, if it is a right one.

    An object keeps its first inventory (its date and its file name): a pair of inventory and sidecar that agree, or,
    while two attempts race, the inventory of the version alone.
    """
    for folder, needs_sidecar in (("v1/", True), ("", True), ("v1/", False)):
        try:
            inventory = read_inventory(tree, object_path, folder=folder)
            told = ocfl.described(inventory)
            key = f"{object_path}/{folder}{ocfl.SIDECAR}"
            if needs_sidecar and read_small(tree, key, limit_bytes=4096) != ocfl.sidecar(inventory):
                continue
        except (KeyMissing, ValueError):
            continue
        if (told.sha256, told.sha512) == (digests.sha256, digests.sha512):
            return inventory
    return None
