"""Bring the files of an item back into an order that they had: role, label and caption, and what was taken off since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from access import audit, policy
from access.models import AccessRule, User
from access.policy import Policy
from access.viewer import Viewer
from archive import visibility
from archive.actions.access_rights import require_apply_of
from archive.actions.choose_access import choose_file_access
from archive.actions.errors import ActionRefused
from archive.history import seeing
from archive.history.restoring import Left, Row
from archive.history.seeing import LastRow
from archive.models import Item, ItemFile, ItemState
from media_pipeline.models import Master

SAID = ("role", "label", "captions")
# What older snapshots do not hold, with what they mean by it.
SAID_LATER = {"language": "", "poster_choice": None}


def restore_files(
    item: Item, rows: Sequence[Row], left: list[Left], *, viewer: Viewer | None, actor: User | None, now: datetime
) -> None:
    """Write order, role, label and captions of the files that the person may see (`viewer` None: of all), and attach those again that were
    taken off, under their old pids. What was added since stays, after them: a restore takes no file off. Call inside the transaction that
    holds the item."""
    there = {file.pid: file for file in _seen(item, viewer)}
    gone = seeing.last_rows(item, {row["pid"] for row in rows} - _every_pid(item))
    back: list[str] = []
    for row in rows:
        if row["pid"] in there or (
            row["pid"] in gone and _attach(item, row, gone[row["pid"]], left, viewer, actor, now)
        ):
            back.append(row["pid"])
    # In the order that they had; then what came since, in the order of today.
    since = [
        pid for pid, _file in sorted(there.items(), key=lambda one: (one[1].position, one[1].pk)) if pid not in back
    ]
    said = {row["pid"]: row for row in rows}
    last = max((row["position"] for row in rows if row["pid"] in back), default=-1)
    positions = {pid: said[pid]["position"] for pid in back} | {
        pid: last + number for number, pid in enumerate(since, start=1)
    }
    _write(item, positions, said)
    visibility.apply(item)


def _write(item: Item, positions: Mapping[str, int], said: Mapping[str, Row]) -> None:
    keys = dict(ItemFile.objects.filter(item=item).values_list("pid", "pk"))
    for file in ItemFile.objects.filter(item=item, pid__in=list(positions)):
        values: dict[str, Any] = {"position": positions[file.pid]}  # Any: values of many kinds
        if file.pid in said:
            row = said[file.pid]
            values |= {column: row[column] for column in SAID}
            values |= {column: row.get(column, unsaid) for column, unsaid in SAID_LATER.items()}
            # A recording that is not there any more leaves its companions to the first one, as where none was named.
            values["beside_id"] = keys.get(row.get("beside") or "")
        if any(getattr(file, column) != value for column, value in values.items()):
            ItemFile.objects.filter(pk=file.pk).update(**values)


def _seen(item: Item, viewer: Viewer | None) -> Sequence[ItemFile]:
    files = ItemFile.objects.all() if viewer is None else ItemFile.objects.visible_to(viewer)
    return list(files.filter(item=item))


def _every_pid(item: Item) -> set[str]:
    return set(ItemFile.objects.filter(item=item).values_list("pid", flat=True))


def _attach(
    item: Item,
    row: Row,
    last: LastRow,
    left: list[Left],
    viewer: Viewer | None,
    actor: User | None,
    now: datetime,
) -> bool:
    """Attach a file again that was taken off; returns whether it is there. It lies under the rule that it lay under then, or a stricter
    one."""
    if viewer is not None and not last.whole.permits(viewer.standing, now=viewer.decided_at):
        return False
    master = Master.objects.filter(sha256=last.row["sha256"]).first() if last.row["sha256"] else None
    if master is None:
        left.append(Left("files", str(row["name"]), "no_bytes"))
        return False
    rule = _rule(item, last, actor=actor)
    try:
        require_apply_of(rule, under=item.chosen_rule.policy, actor=actor, now=now, create=False)
    except ActionRefused as error:
        left.append(Left("files", str(row["name"]), error.code))
        return False
    ItemFile.objects.create(
        pid=row["pid"],
        item=item,
        master=master,
        original_name=last.row["name"],
        chosen_rule=None if rule is None else AccessRule.objects.intern(rule),
        effective_rule=AccessRule.objects.nobody(),
        added_by=actor,
        created_at=now,
    )
    audit.record(actor=actor, verb="attach_file", target_pid=item.pid, now=now, detail={"file": row["pid"]})
    return True


def _rule(item: Item, last: LastRow, *, actor: User | None) -> Policy | None:
    """Return the rule of its own that a file gets: what it had, with its item's of that day where the item was opened since. What comes
    back to a published item is for staff, until somebody opens it: why it was taken off is not known here, and readers may not see by the
    way what a steward had removed."""
    own, above = last.own, item.chosen_rule.policy
    if policy.meet(above, last.whole) != policy.meet(above, own or above):
        own = last.whole
    if item.state == ItemState.PUBLISHED and actor is not None:
        own = policy.STAFF if own is None else policy.meet(own, policy.STAFF)
    return own


def restore_file_access(
    item: Item, rows: Sequence[Row], *, viewer: Viewer | None, actor: User | None, now: datetime, reason: str
) -> None:
    """Give the files that the person may see the rules that they had. Raises NotAllowed, ActionRefused as `choose_file_access`."""
    said = {row["pid"]: row["access"] for row in rows}
    for file in _seen(item, viewer):
        if file.pid not in said:
            continue
        wanted = None if said[file.pid] is None else policy.from_json(said[file.pid])
        present = None if file.chosen_rule is None else file.chosen_rule.policy
        if wanted != present:
            choose_file_access(file, wanted, actor=actor, now=now, reason=reason)
