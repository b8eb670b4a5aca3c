"""What of the history of an item somebody may read: what today's rules let them see, whatever a snapshot was made under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from access import policy
from access.policy import Policy
from access.viewer import Viewer
from archive.history import recording
from archive.history.snapshots import Snapshot, differing
from archive.models import Item, ItemFile, RecordKind, Revision
from archive.models.file import COMPANION_ROLES

Row = dict[str, Any]  # Any: JSON


@dataclass(frozen=True)
class LastRow:
    """A file as it was when it was last there, and the rule of its item on that day."""

    row: Row
    item_access: Policy
    recording_access: Policy | None = None  # of subtitles and transcripts; None: as the item's

    @property
    def own(self) -> Policy | None:
        """Return the rule of its own; None: as its item."""
        return None if self.row["access"] is None else policy.from_json(self.row["access"])

    @property
    def whole(self) -> Policy:
        rules = [rule for rule in (self.own, self.recording_access) if rule is not None]
        return reduce(policy.meet, rules, self.item_access)


@dataclass(frozen=True)
class Sight:
    """What of an item's snapshots one viewer may read: pids of files, there or gone, and the titles of related items by pid."""

    files: frozenset[str]
    related: Mapping[str, str]

    def of(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot without what this viewer may not see."""
        if not snapshot:
            return {}
        return {
            **snapshot,
            "files": [one for one in snapshot.get("files", []) if one["pid"] in self.files],
            "relations": [
                {**one, "name": self.related[one["other"]]}
                for one in snapshot.get("relations", [])
                if one["other"] in self.related
            ],
        }

    def hides_a_change(self, before: Snapshot, after: Snapshot) -> bool:
        """Return whether two snapshots differ in something that this viewer may not see: then why is not for them either."""
        hidden = set(differing(before, after)) - set(differing(self.of(before), self.of(after)))
        rest = ("files", "relations")
        left = [{name: self._left(shot, name) for name in rest} for shot in (before, after)]
        return bool(hidden) or bool(differing(*left))

    def _left(self, snapshot: Snapshot, name: str) -> list[Row]:
        if name == "files":
            return [one for one in snapshot.get("files", []) if one["pid"] not in self.files]
        return [one for one in snapshot.get("relations", []) if one["other"] not in self.related]


def sight(viewer: Viewer, item: Item, snapshots: Iterable[Snapshot]) -> Sight:
    """Return what of these snapshots of a visible item this viewer may read. Three queries; where files are gone, one more for each
    revision until they are found."""
    shots = list(snapshots)
    pids = {one["pid"] for shot in shots for one in shot.get("files", [])}
    there = set(ItemFile.objects.filter(item=item).values_list("pid", flat=True))
    seen = set(ItemFile.objects.visible_to(viewer).filter(item=item).values_list("pid", flat=True))
    gone = last_access(item, pids - there)
    seen |= {pid for pid, rule in gone.items() if rule.permits(viewer.standing, now=viewer.decided_at)}
    others = {one["other"] for shot in shots for one in shot.get("relations", [])}
    related = {one.pid: str(one) for one in Item.objects.visible_to(viewer).filter(pid__in=others)} if others else {}
    return Sight(frozenset(seen), related)


def everything(item: Item, snapshots: Sequence[Snapshot]) -> Sight:
    """Return the sight of the software itself, which may see all that is there. Two queries."""
    pids = {one["pid"] for shot in snapshots for one in shot.get("files", [])}
    pids |= set(ItemFile.objects.filter(item=item).values_list("pid", flat=True))
    others = {one["other"] for shot in snapshots for one in shot.get("relations", [])}
    return Sight(frozenset(pids), {one.pid: str(one) for one in Item.objects.filter(pid__in=others)})


def last_access(item: Item, pids: Iterable[str]) -> dict[str, Policy]:
    """Return under what each of these files lay when it was last there, its item's rule of that day included, by pid: an item may have been
    opened since because it was taken off. A file that no revision knows is nobody's."""
    found = last_rows(item, pids)
    return {pid: found[pid].whole if pid in found else policy.NOBODY for pid in pids}


def last_rows(item: Item, pids: Iterable[str]) -> dict[str, LastRow]:
    """Return what the history holds of files that are gone, as each was when it was last there, by pid. Reads revisions, the newest first,
    until all are found."""
    wanted, found = set(pids), dict[str, LastRow]()
    if not wanted:
        return found
    for snapshot in _newest_first(item):
        for row in snapshot.get("files", []):
            if row["pid"] in wanted:
                last = LastRow(row, policy.from_json(snapshot["access"]), _recording_access(row, snapshot["files"]))
                found.setdefault(row["pid"], last)
        if found.keys() == wanted:
            break
    return found


def _recording_access(row: Row, rows: Iterable[Row]) -> Policy | None:
    """Return under what the recording lay beside which a subtitle file or transcript stood; where none is named all that it may have
    been."""
    if row["role"] not in COMPANION_ROLES:
        return None
    others = [one for one in rows if one["role"] not in COMPANION_ROLES and row.get("beside") in (None, one["pid"])]
    rules = [policy.from_json(one["access"]) for one in others if one["access"] is not None]
    return reduce(policy.meet, rules) if rules else None


def _newest_first(item: Item) -> Iterable[Snapshot]:
    revisions = recording.revisions_of(RecordKind.ITEM, item.pid)
    return revisions.values_list("snapshot", flat=True).iterator(chunk_size=20)


def numbered(kind: str, key: str, numbers: Iterable[int]) -> dict[int, Revision]:
    """Return these revisions of a record by number. One query."""
    found = recording.revisions_of(kind, key).filter(number__in=list(numbers)).select_related("actor")
    return {one.number: one for one in found}
