"""Taking a master out of the store for good. Who may, and that two people agreed, is asked before; here it is done whole, and recorded.

A record is a small file beside the OCFL root, written before the first byte goes and completed after the last: a purge that was killed is
seen, and run again it ends. The record outlives the database.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from media_pipeline.storage import names, objects, ocfl
from media_pipeline.storage.errors import KeyMissing, writing_errors
from media_pipeline.storage.folder import FolderTree, publish_folder, remove_folder
from media_pipeline.storage.tree import Tree, read_small

RECORD_LIMIT_BYTES = 64_000


@dataclass(frozen=True)
class Purge:
    """What was taken out, when and why. `files` are its paths below the object, with their sizes; finished: none of them is left."""

    id: str
    sha512: str
    reason: str
    began_at: str
    files: dict[str, int]
    finished: bool = False


def purge(tree: Tree, sha256: str, reason: str, *, now: datetime, on_step: Callable[[str], None]) -> Purge | None:
    """Remove a master, whole or damaged, and its quarantined copies; None where there is nothing of it.

    Readers lose it at one instant: on a folder by a rename, on S3 with the sidecar. Raises ValueError without a reason, StorageUnavailable.
    """
    if not reason.strip():
        raise ValueError("a purge has a reason")
    object_path = names.master_object(sha256)
    files = objects.files_of(tree, object_path)
    key, record = _unfinished(tree, object_path) or ("", None)
    if record is None:
        if not files and not _quarantined(tree, object_path):
            return None
        key = names.purge_record(object_path, now)
        record = Purge(names.master_id(sha256), _sha512(tree, object_path), reason, now.isoformat(), files)
        _write(tree, key, record)
        on_step("purge recorded")
    if isinstance(tree, FolderTree):
        _remove_folder(tree, object_path, on_step)
    else:
        # Without the sidecar there is no object; the bytes go before the inventory that tells what they are.
        tree.delete([f"{object_path}/{ocfl.SIDECAR}"])
        on_step("purge hidden")
        tree.delete([f"{object_path}/{path}" for path in sorted(files, reverse=True)])
    tree.delete(_quarantined(tree, object_path))
    on_step("purge emptied")
    done = Purge(**{**asdict(record), "finished": True})
    _write(tree, key, done)
    return done


def records(tree: Tree, sha256: str) -> list[Purge]:
    """Return the records of a master, oldest first: it may have been stored again since."""
    return [record for _key, record in _records(tree, names.master_object(sha256))]


def _records(tree: Tree, object_path: str) -> list[tuple[str, Purge]]:
    folder = names.purge_records(object_path)
    found = []
    for entry in tree.entries(folder):
        told = json.loads(read_small(tree, entry.key, limit_bytes=RECORD_LIMIT_BYTES))
        found.append((entry.key, Purge(**told)))
    return found


def _unfinished(tree: Tree, object_path: str) -> tuple[str, Purge] | None:
    return next(((key, record) for key, record in _records(tree, object_path) if not record.finished), None)


def _write(tree: Tree, key: str, record: Purge) -> None:
    body = json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True)
    tree.put(key, body.encode(), media_type="application/json")


def _sha512(tree: Tree, object_path: str) -> str:
    """Return what the inventory says; empty where it cannot be read."""
    try:
        return ocfl.described(objects.read_inventory(tree, object_path)).sha512
    except (KeyMissing, ValueError):
        return ""


def _quarantined(tree: Tree, object_path: str) -> list[str]:
    """Return the keys of damaged copies that were set aside: a purge that leaves one is none."""
    mine = names.quarantined(object_path, "")
    return [entry.key for entry in tree.entries(names.QUARANTINE) if entry.key.startswith(mine)]


def _remove_folder(tree: FolderTree, object_path: str, on_step: Callable[[str], None]) -> None:
    target = tree.path(object_path)
    # Always the same name, so that what a killed purge had hidden there is found.
    aside = tree.path(names.STAGING_MASTERS) / f"purge-{target.name}"
    with writing_errors(object_path):
        remove_folder(aside)
        if target.is_dir():
            publish_folder(target, aside, above=tree.root)
            on_step("purge hidden")
            remove_folder(aside)
        # OCFL 1.1 E073: a storage root holds no empty folder.
        for folder in list(target.parents)[:3]:
            with contextlib.suppress(OSError):  # another object's as well, or gone
                folder.rmdir()
