"""Keeping the base of a node: building it beside the live one, and knowing when a new one is due."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import containment
from archive.models import Item
from archive.search import changes, documents, indexing, passages, placing
from archive.search.changes import Behind, Position
from archive.search.index import building
from archive.search.index.base import open_live
from archive.search.index.shapes import Document
from archive.search.index.storing import CURRENT, BrokenIndex, pointed, read_meta

KEEPER_LOCK = "keeper.lock"
# A new base is due when so many items were changed, or so large a part of them.
CHANGED_MOST = 10_000
CHANGED_SHARE = 0.05
CHANGED_LEAST = 200
# The log forgets after seven days what was changed: by then no base may stand before it.
OLDEST = timedelta(days=3)


class AlreadyKept(Exception):
    """Another keeper looks after this node."""


@dataclass(frozen=True)
class State:
    """What a node has: `changed` items since its base, None where it has none that the log reaches back to."""

    documents: int
    changed: int | None


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Be the one keeper of this node; the lock ends with the process. Raises AlreadyKept."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / KEEPER_LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyKept(str(root)) from error
        yield


def beat(root: Path) -> None:
    """Show that the keeper lives: its lock was touched now."""
    os.utime(root / KEEPER_LOCK)


def state(root: Path) -> State:
    """Return how the base of this node stands. Two queries; up to five more where places were changed."""
    try:
        name = pointed(root)
        if not name:
            return State(0, None)
        meta = read_meta(root / name)
        found = changes.since(Position.from_json(meta.position))
    except (BrokenIndex, Behind, OSError):
        return State(0, None)
    if found.has_places:
        found = placing.expanded(found, containment.read())
    return State(meta.documents, len(found.changed))


def is_due(root: Path, *, now: datetime) -> bool:
    """Return whether a new base is to be built."""
    found = state(root)
    if found.changed is None:
        return True
    most = min(CHANGED_MOST, max(CHANGED_LEAST, int(found.documents * CHANGED_SHARE)))
    return found.changed > most or (found.changed > 0 and _built_at(root) < now - OLDEST)


def build(root: Path, progress: Callable[[int], None]) -> int:
    """Build a base beside the live one and switch to it; returns how many items it holds. Raises AlreadyBuilding, and Behind where there is
    no log. What changes meanwhile is in the log behind it."""
    where = changes.position()
    counted = _Counted(documents.of_all())
    building.build(counted, root, where.as_json(), progress)
    return counted.count


def refresh_stale(told: Callable[[int], None]) -> None:
    """Write the entries anew that an older version wrote, and read the texts that nobody has read."""
    for done in indexing.refresh_all(indexing.stale()):
        told(done)
    passages.catch_up()


def verified(root: Path) -> int:
    """Read the live base whole; returns how many items it holds. Raises BrokenIndex."""
    base = open_live(root)
    if base is None:
        raise BrokenIndex("There is none.")
    base.verify()
    return base.size


def items() -> int:
    """Return how many items there are to be found. One query."""
    return Item.objects.count()


def _built_at(root: Path) -> datetime:
    from_epoch = (root / CURRENT).stat().st_mtime
    return datetime.fromtimestamp(from_epoch, tz=UTC)


class _Counted:
    def __init__(self, rows: Iterable[Document]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Document]:
        for row in self._rows:
            self.count += 1
            yield row
