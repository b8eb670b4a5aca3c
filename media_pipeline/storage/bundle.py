"""Masters from one store to another, object by object, each verified: the ground of backup and restore.

The target is a valid OCFL storage root by itself after every single object. An object arrives with its own inventory,
byte for byte: its date and its first file name are part of what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from media_pipeline.storage import names, objects, ocfl
from media_pipeline.storage.digests import Digests, never
from media_pipeline.storage.errors import Interrupted, KeyMissing, MasterMissing, SourceChanged
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.objects import FixityState
from media_pipeline.storage.tree import read_small
from media_pipeline.storage.writers import Order


@dataclass
class CopyReport:
    """SHA-256 by outcome. present: verified in the target and left as they were."""

    copied: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not (self.damaged or self.missing)


def _ignore(_sha256: str, _size_bytes: int) -> None:
    return None


def copy_masters(
    source: MasterStore,
    target: MasterStore,
    known: Iterable[str],
    *,
    trust_present: bool = False,
    on_master: Callable[[str, int], None] = _ignore,
    should_stop: Callable[[], bool] = never,
) -> CopyReport:
    """Copy the named masters; a run that was cut off goes on where it was when it is run again.

    What is in the target already is read and verified (trust_present: only its being complete is looked at), and
    made good where it is damaged. A master that is damaged or missing in the source is reported and passed over, never
    copied. on_master hears each one's SHA-256 and size when it is settled. Raises StorageUnavailable, Interrupted.
    """
    report = CopyReport()
    for sha256 in known:
        if should_stop():
            raise Interrupted
        if target.has(sha256) and (
            trust_present or target.verify(sha256, should_stop=should_stop).state is FixityState.OK
        ):
            report.present.append(sha256)
            on_master(sha256, target.size_bytes(sha256))
            continue
        try:
            size_bytes = source.size_bytes(sha256)
            target.write(order_of(source, sha256), size_bytes=size_bytes, should_stop=should_stop)
        except KeyMissing:
            report.missing.append(sha256)
        except (SourceChanged, ValueError):
            report.damaged.append(sha256)
        else:
            report.copied.append(sha256)
            on_master(sha256, size_bytes)
    return report


def order_of(source: MasterStore, sha256: str) -> Order:
    """What the target's writer needs. Raises MasterMissing, ValueError where the inventory is not sound."""
    object_path = names.master_object(sha256)
    try:
        inventory = objects.read_inventory(source.tree, object_path)
        sealed = read_small(source.tree, f"{object_path}/{ocfl.SIDECAR}", limit_bytes=4096)
    except KeyMissing as error:
        raise MasterMissing(sha256) from error
    told = ocfl.described(inventory)
    if sealed != ocfl.sidecar(inventory) or told.sha256 != sha256:
        raise ValueError(f"the inventory of {sha256} is not the one that was stored")

    def describe(digests: Digests) -> bytes:
        if digests.sha512 != told.sha512:
            raise SourceChanged(f"{sha256}: its SHA-512 is not the one in its inventory")
        return inventory

    return Order(
        read=lambda: source.tree.read(f"{object_path}/{told.content}"),
        extension=told.extension,
        describe=describe,
        expected_sha256=sha256,
    )
