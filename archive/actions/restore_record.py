"""Bring back what a record was: one field of it, some, or all (docs/adr/0015). A restore is a save like any other, and a revision of its
own."""

from __future__ import annotations

from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from access import audit, policy
from access.models import Community, User
from access.viewer import Viewer, viewer_for
from archive import queries, slugs
from archive.actions.choose_access import choose_item_access
from archive.actions.errors import ActionRefused, StaleVersion
from archive.actions.permissions import allows, require
from archive.actions.restore_files import restore_file_access, restore_files
from archive.actions.save_authority import save_authority
from archive.actions.save_item import save_item
from archive.actions.save_places import may_place
from archive.history import presence, recording, restoring, seeing, snapshots
from archive.history.restoring import Left
from archive.history.snapshots import ITEM_FIELDS, Snapshot
from archive.models import Item, ItemState, Label, Place, RecordKind, Revision, RightsStatement
from archive.models.authority import Authority
from archive.search import indexing
from archive.uses import items_with

# Chosen, not described: they come back only where somebody asks for them by name, with the rights that choosing them takes.
ACCESS, FILE_ACCESS = "access", "file_access"
LISTS = (
    "rights",
    "peoples",
    "subjects",
    "collections",
    "communities",
    "labels",
    "credits",
    "located",
    "relations",
    "files",
)
# The reasons for closing go with the access.
DESCRIBED = frozenset({*ITEM_FIELDS, *LISTS} - {"restriction_reasons"})


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, by the names of parts, and what it could not."""

    parts: tuple[str, ...]
    left: tuple[Left, ...]


def restore_item(
    item: Item,
    revision: Revision,
    *,
    parts: Many[str] | None = None,
    read_version: int,
    actor: User | None,
    now: datetime,
) -> Restored:
    """Bring parts of an item (None: all that is described of it) back to what they were in a revision of it.

    What the person may not see of it stays as it is. Raises NotAllowed, StaleVersion, ActionRefused("binned", "nothing_kept",
    "identifier_taken", "untitled", "origin_needed", "places_shown", "protocol_not_yours", "protocol_keeps").
    """
    require(actor, "archive.change_item")
    _require_own(revision, item)
    with transaction.atomic():
        held = (
            Item.objects.select_for_update(of=("self",), no_key=True)
            .select_related("chosen_rule", "rights")
            .get(pk=item.pk)
        )
        if held.binned_at is not None:
            raise ActionRefused("binned")
        if held.version != read_version:
            raise StaleVersion
        viewer = None if actor is None else viewer_for(actor, now=now)
        job = _ItemRestore(held, revision, viewer, actor, now)
        asked = DESCRIBED if parts is None else frozenset(parts)
        written = job.describe(asked & DESCRIBED, read_version=read_version)
        written += job.choose(asked)
    return Restored(tuple(written), tuple(job.left))


def _require_own(revision: Revision, record: Item | Authority | Place) -> None:
    if (revision.kind, revision.key) != (snapshots.kind_of(record), snapshots.key_of(record)):
        raise ValueError("the revision is of another record")
    if not revision.snapshot:
        raise ActionRefused("nothing_kept")


def reason_of(revision: Revision) -> str:
    """Return what the history and the log say of a restore: the number of the revision."""
    return f"#{revision.number}"


class _ItemRestore:
    """One restore of an item, inside its transaction."""

    def __init__(
        self, item: Item, revision: Revision, viewer: Viewer | None, actor: User | None, now: datetime
    ) -> None:
        self.item, self.viewer, self.actor, self.now = item, viewer, actor, now
        self.reason = reason_of(revision)
        self.left: list[Left] = []
        present = snapshots.of(item)
        shots = [revision.snapshot, present]
        sight = seeing.everything(item, shots) if viewer is None else seeing.sight(viewer, item, shots)
        self.wanted: Snapshot = sight.of(revision.snapshot)
        self.present: Snapshot = sight.of(present)

    def describe(self, parts: Many[str], *, read_version: int) -> list[str]:
        """Write what is described. Returns the names of what differed."""
        differing = [name for name in snapshots.differing(self.present, self.wanted) if name in parts]
        if not differing:
            return []
        if "located" in differing and not may_place(self.item, self.actor):
            raise ActionRefused("places_shown")
        columns = [name for name in differing if name in ITEM_FIELDS]
        for name in columns:
            self._set(name)
        if "rights" in differing:
            self._set_rights()
            columns.append("rights")
        save_item(
            self.item,
            read_version=read_version,
            changed=columns,
            relations=[name for name in differing if name in LISTS and name != "rights"],
            relate=lambda: self._relate(differing),
            actor=self.actor,
            now=self.now,
            verb="restore",
            reason=self.reason,
        )
        return differing

    def _set(self, name: str) -> None:
        value = self.wanted["fields"].get(name, getattr(Item(), name))
        if name == "titles" and not value and self.item.state == ItemState.PUBLISHED:
            raise ActionRefused("untitled")
        if name == "identifier" and value and Item.objects.filter(identifier=value).exclude(pk=self.item.pk).exists():
            raise ActionRefused("identifier_taken")
        setattr(self.item, name, value)

    def _set_rights(self) -> None:
        row = self.wanted.get("rights")
        if row is None:
            self.item.rights = None
            return
        found = presence.present(RecordKind.RIGHTS, [row["key"]])
        if row["key"] not in found:
            self.left.append(Left("rights", str(row["name"]), "gone"))
            return
        self.item.rights = RightsStatement.objects.get(pk=found[row["key"]])

    def _relate(self, differing: Sequence[str]) -> None:
        for name in differing:
            rows = self.wanted.get(name, [])
            if name in {"peoples", "subjects", "collections"}:
                getattr(self.item, name).set(restoring.keys_of_ties(name, rows, self.left))
            elif name in {"communities", "labels"}:
                self._tie_to_communities(name, [row["key"] for row in rows])
            elif name == "credits":
                restoring.write_credits(self.item, rows, self.left)
            elif name == "located":
                restoring.write_places(self.item, rows, self.left)
            elif name == "relations":
                seen = Item.objects.all() if self.viewer is None else Item.objects.visible_to(self.viewer)
                restoring.write_relations(self.item, rows, seen)
            elif name == "files":
                restore_files(self.item, rows, self.left, viewer=self.viewer, actor=self.actor, now=self.now)

    def _tie_to_communities(self, name: str, keys: Sequence[int]) -> None:
        """Write whose it is, or what they say of it: of what is not there today only what the person could choose in the form."""
        known = Community.objects.all() if self._knows_all() else queries.communities(self.viewer)  # type: ignore[arg-type]  # an actor has one
        there = getattr(self.item, name)
        if name == "communities":
            may = set(known.order_by().values_list("pk", flat=True))
        else:
            free = Label.objects.filter(community=None) | Label.objects.filter(
                community__in=known.order_by().values("pk")
            )
            may = set(free.values_list("pk", flat=True))
        may |= set(there.values_list("pk", flat=True))
        self.left += [Left(name, "", "gone") for key in keys if key not in may]
        there.set([key for key in keys if key in may])

    def _knows_all(self) -> bool:
        return self.viewer is None or allows(self.actor, "access.view_community")

    def choose(self, asked: Many[str]) -> list[str]:
        """Choose again who may see it, and its files, where that was asked for by name."""
        written: list[str] = []
        chosen = self.wanted["access"]
        why = self.wanted["fields"].get("restriction_reasons", [])
        if ACCESS in asked and (chosen, why) != (self.present["access"], self.present["fields"]["restriction_reasons"]):
            rule = policy.from_json(chosen)
            choose_item_access(self.item, rule, actor=self.actor, now=self.now, why=why, reason=self.reason)
            written.append(ACCESS)
        if FILE_ACCESS in asked:
            restore_file_access(
                self.item, self.wanted["files"], viewer=self.viewer, actor=self.actor, now=self.now, reason=self.reason
            )
            written.append(FILE_ACCESS)
        return written


# --- Authorities -----------------------------------------------------------------------------------------------------------


def restore_authority(
    record: Authority | Place,
    revision: Revision,
    *,
    parts: Many[str] | None = None,
    read_version: int,
    actor: User | None,
    now: datetime,
) -> Restored:
    """Bring parts of an authority (None: all of it) back to what they were in a revision of it. Raises NotAllowed, StaleVersion,
    ActionRefused("nothing_kept")."""
    _require_own(revision, record)
    with transaction.atomic():
        held: Any = (
            type(record)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        )  # Any: one of six models
        names = snapshots.differing(snapshots.of(held), revision.snapshot)
        differing = [name for name in names if parts is None or name in parts]
        left: list[Left] = []

        def save() -> None:
            _write_authority(held, revision.snapshot, differing, left)
            held.save()

        save_authority(
            held,
            save=save,
            read_version=read_version,
            actor=actor,
            now=now,
            reason=reason_of(revision),
            verb="restore",
        )
        _log(held, actor=actor, now=now, reason=reason_of(revision))
        indexing.refresh_after_commit(items_with(held))
    return Restored(tuple(differing), tuple(left))


def revive_authority(revision: Revision, *, actor: User | None, now: datetime) -> tuple[Authority | Place, Restored]:
    """Make an authority again that was deleted, under its old key, from its last revision. Raises NotAllowed, ActionRefused("gone",
    "nothing_kept", "taken")."""
    model = snapshots.MODELS[revision.kind]
    require(actor, f"archive.add_{model._meta.model_name}")
    if not revision.snapshot:
        raise ActionRefused("nothing_kept")
    with transaction.atomic():
        if not is_deleted(revision):
            raise ActionRefused("gone")
        record: Any = model(pk=int(revision.key), version=revision.version + 1)  # Any: one of six models
        left: list[Left] = []
        fields = list(snapshots.FIELDS[revision.kind])
        _write_authority(record, revision.snapshot, fields, left)
        if any(one.part == "uri" for one in left):
            raise ActionRefused("taken")
        if not record.slug:
            record.slug = slugs.free_slug(model._default_manager.all(), str(revision.snapshot["fields"]["slug"]))
        record.save(force_insert=True)
        restoring.write_parts(record, revision.snapshot, _lists(revision.kind), left)
        recording.record(record, "restore", actor=actor, now=now, reason=reason_of(revision))
        _log(record, actor=actor, now=now, reason=reason_of(revision))
    return record, Restored((*fields, *_lists(revision.kind)), tuple(left))


def is_deleted(revision: Revision) -> bool:
    """Return whether a revision is the last of an authority, which is gone by it. Two queries."""
    model = snapshots.MODELS[revision.kind]
    later = recording.revisions_of(revision.kind, revision.key).filter(number__gt=revision.number)
    there = model._default_manager.filter(pk=revision.key) if revision.key.isdigit() else Item.objects.none()
    return revision.verb == "delete" and not later.exists() and not there.exists()


def _lists(kind: str) -> tuple[str, ...]:
    return (*snapshots.PARTS.get(kind, {}), *snapshots.TIES.get(kind, ()))


def _write_authority(
    record: Any, snapshot: Snapshot, names: Sequence[str], left: list[Left]
) -> None:  # Any: one of six models
    """Set the columns of an authority, and write its lists where its row is there."""
    model, kind = type(record), snapshots.kind_of(record)
    others = model._default_manager.exclude(pk=record.pk)
    for name in snapshots.FIELDS[kind]:
        if name not in names or name not in snapshot["fields"]:
            continue
        value = restoring.value_of(model, name, snapshot["fields"][name])
        if name in {"slug", "uri"} and others.filter(**{name: value}).exists():
            left.append(Left(name, str(value), "taken"))
            continue
        if name == "parent_id" and value is not None:
            found = presence.present(kind, [value])
            if value not in found or restoring.lies_above(record, found[value]):
                left.append(Left(name, str(value), "gone"))
                continue
            value = found[value]
        setattr(record, name, value)
    if not record._state.adding:
        restoring.write_parts(record, snapshot, names, left)
        if isinstance(record, Place):
            record.slug = slugs.of_place(record, keep=record.slug)


def _log(record: Authority | Place, *, actor: User | None, now: datetime, reason: str) -> None:
    verb = f"restore_{record._meta.model_name}"
    audit.record(actor=actor, verb=verb, target_pid=record.slug[:32], now=now, reason=reason)
