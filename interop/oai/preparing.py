"""Keeping what harvesters are told in step with the archive.

Triggers write which items to look at (`HarvestWaiting`). Looking at one compares its record, as every visitor may see it, with what was
announced, and writes what differs: a change, a deletion, nothing. Whoever reads a record that still waits makes it on the spot
(`interop.oai.listing`), so what is written here decides when something is announced, and never what may be seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from access.viewer import Viewer
from archive import public_records, queries
from archive.crosswalks.markup import BASE
from archive.models import Collection as ArchiveCollection
from archive.models import Item, ItemFile, ItemRelation, People
from interop.oai import activities, memberships, sets
from interop.oai.formats import FORMATS, Format, made_by
from interop.oai.models import (
    HarvestBody,
    HarvestMembership,
    HarvestRecord,
    HarvestSet,
    HarvestState,
    HarvestWaiting,
)
from interop.oai.packing import pack

BATCH = 200
_LEVELS_MOST = 6  # of collections within collections
_CHANGES_OF_ONE = 20
_AT_ONCE = 5000  # rows written with one statement


@dataclass(frozen=True)
class Made:
    """One item's record in all formats, as every visitor may see it. `moment_s`: of its last change or its rule's opening."""

    pid: str
    moment_s: int
    sets: tuple[str, ...]
    bodies: Mapping[int, bytes]
    others: Mapping[int, tuple[str, bytes]] = field(
        default_factory=dict
    )  # mark of its maker, body: of other doors, no news to harvesters

    @property
    def digest(self) -> str:
        parts = hashlib.sha256("\n".join(self.sets).encode())
        for number in sorted(self.bodies):
            parts.update(self.bodies[number])
        return parts.hexdigest()[:32]

    @property
    def digest_of_all(self) -> str:
        """Of what other doors keep, too: of files and what is made of them harvesters hear little, and viewers all."""
        parts = hashlib.sha256(self.digest.encode())
        for number in sorted(self.others):
            parts.update(self.others[number][1])
        return parts.hexdigest()[:32]


@dataclass(frozen=True)
class Other:
    """What another door keeps ready here of every open item: `mark` tells what makes it, `make` returns bodies by number, from
    `OTHERS_FROM` on, of items as `archive.queries.described` reads them; none of an item that changes without a trigger seeing it."""

    mark: Callable[[], str]
    make: Callable[[Viewer, Sequence[Item]], Mapping[int, Mapping[int, bytes]]]


OTHERS_FROM = 100
others: list[Other] = []


def mark() -> str:
    """Return the mark of what makes records now: of another one they are made anew."""
    return made_by(settings.LIBRARY_NAME, settings.ARK_NAAN)


def mark_of_all() -> str:
    """Return the mark of everything that is made when an item is looked at."""
    return made_by(mark(), *(other.mark() for other in others))


def begin(*, now: datetime) -> None:
    """Note that a harvest begins: nothing that is found out later is dated before it, whenever it happened. Two queries.

    A change that was under way when a harvest read the archive is committed after it, with an earlier moment; dated by that, no
    later harvest would hear of it.
    """
    seconds = int(now.timestamp())
    HarvestState.objects.get_or_create(pk=1)
    HarvestState.objects.filter(pk=1, asked_s__lt=seconds).update(asked_s=seconds)


def follow_rules(viewer: Viewer) -> None:
    """Let what opened or closed to visitors since the last look be looked at: embargoes end and protocols open without any row of an item
    being written. One query while nothing did."""
    state = HarvestState.objects.filter(pk=1).first()
    wanted = sorted(viewer.rule_ids)
    if state is not None and state.rule_ids == wanted and state.made_by == mark_of_all():
        return
    with transaction.atomic():
        HarvestState.objects.get_or_create(pk=1)
        state = HarvestState.objects.select_for_update().get(pk=1)
        if state.made_by:
            # Before the first look everything waits anyway: migrating saw to it.
            wait_for(_under(set(state.rule_ids) ^ set(wanted)))
        if state.made_by != mark_of_all():
            wait_for(HarvestRecord.objects.filter(is_deleted=False).values_list("item_key", flat=True).iterator())
        HarvestState.objects.filter(pk=1).update(rule_ids=wanted, made_by=mark_of_all())


def _under(rules: Collection[int]) -> set[int]:
    """Return the items whose record depends on one of these rules: their own, a file's, or that of an item they are tied to."""
    if not rules:
        return set()
    own = set(Item.objects.filter(effective_rule__in=rules).values_list("pk", flat=True))
    of_files = ItemFile.objects.filter(effective_rule__in=rules).order_by().values_list("item", flat=True)
    tied = ItemRelation.objects.filter(Q(item__effective_rule__in=rules) | Q(other__effective_rule__in=rules))
    ends = {key for pair in tied.order_by().values_list("item", "other") for key in pair}
    return own | set(of_files.distinct()) | ends


def wait_for(keys: Iterable[int]) -> None:
    """Let items be looked at again."""
    keys = iter(keys)
    while some := list(islice(keys, _AT_ONCE)):
        HarvestWaiting.objects.bulk_create([HarvestWaiting(item_key=key) for key in some])


def prepare(viewer: Viewer, *, now: datetime, most: int = BATCH) -> int:
    """Look at items that wait, the longest waiting first; return how many were looked at. About twenty queries, one short transaction.

    `viewer` is the visitor. Several may do it at once: who finds that another was quicker writes nothing.
    """
    rows = list(HarvestWaiting.objects.order_by("pk").values_list("pk", "item_key")[: most * _CHANGES_OF_ONE])
    keys = list(dict.fromkeys(key for _pk, key in rows))[:most]
    _look_at(viewer, keys, now=now)
    return len(keys)


def settle(viewer: Viewer, keys: Collection[int], *, now: datetime) -> None:
    """Look at those of these items that wait, as `prepare` does."""
    if keys:
        _look_at(viewer, list(keys), now=now)


def _look_at(viewer: Viewer, keys: Sequence[int], *, now: datetime) -> None:
    rows = list(HarvestWaiting.objects.filter(item_key__in=keys).values_list("pk", "item_key"))
    waiting, keys = [pk for pk, _key in rows], list(dict.fromkeys(key for _pk, key in rows))
    if not keys:
        return
    made = make(viewer, keys, with_others=True)
    with transaction.atomic():
        HarvestState.objects.get_or_create(pk=1)
        # Held until the commit: a harvest that begins meanwhile waits, and then reads what is written here.
        state = HarvestState.objects.select_for_update().get(pk=1)
        taken, _by_model = HarvestWaiting.objects.filter(pk__in=waiting).delete()
        if taken != len(waiting):
            # Somebody else looked at one of them since, perhaps after a further change: what was made here may be older.
            transaction.set_rollback(True)
            return
        _write(keys, made, asked_s=state.asked_s, now_s=int(now.timestamp()))


def make(
    viewer: Viewer,
    keys: Collection[int],
    *,
    forms: Iterable[Format] = tuple(FORMATS.values()),
    with_others: bool = False,
) -> dict[int, Made]:
    """Return the records of those of these items that the viewer may see and that are published. About eighteen queries; some more with
    what other doors keep."""
    read = queries.described if with_others else queries.carried
    rows = list(read(viewer, queries.published_items(viewer).filter(pk__in=keys)))
    records = public_records.of_items(viewer, rows, base=BASE)
    beside = [(other.mark(), other.make(viewer, rows)) for other in others] if with_others else []
    above, searched = _above(rows), memberships.specs_of([item.pk for item in rows])
    return {
        item.pk: Made(
            pid=item.pid,
            moment_s=int(record.changed.timestamp()),
            sets=(*sets.of_record(record, above), *searched.get(item.pk, ())),
            bodies={one.number: one.write(record).encode() for one in forms},
            others={
                number: (maker, body)
                for maker, of_items in beside
                for number, body in of_items.get(item.pk, {}).items()
            },
        )
        for item, record in zip(rows, records, strict=True)
    }


def _above(items: Iterable[Item]) -> dict[str, tuple[str, ...]]:
    """Return what each people and collection of these items is a branch or a part of, as `sets.of_record` takes it. A query a level."""
    found: dict[str, tuple[str, ...]] = {}
    items = list(items)
    for root, model, own in (
        (sets.PEOPLE, People, [one for item in items for one in item.peoples.all()]),
        (sets.COLLECTION, ArchiveCollection, [one for item in items for one in item.collections.all()]),
    ):
        parents: dict[int, tuple[str, int | None]] = {}
        wanted = {one.parent_id for one in own if one.parent_id}
        for _level in range(_LEVELS_MOST):
            if not wanted - set(parents):
                break
            rows = model._default_manager.filter(pk__in=wanted - set(parents)).values_list("pk", "slug", "parent_id")
            parents |= {pk: (slug, parent) for pk, slug, parent in rows}
            wanted = {parent for _slug, parent in parents.values() if parent}
        for one in own:
            found[f"{root}:{one.slug}"] = _path(one.parent_id, parents)
    return found


def _path(key: int | None, parents: Mapping[int, tuple[str, int | None]]) -> tuple[str, ...]:
    path: list[str] = []
    while key is not None and key in parents and len(path) < _LEVELS_MOST:
        slug, key = parents[key]
        path.insert(0, slug)
    return tuple(path)


def _write(keys: Sequence[int], made: Mapping[int, Made], *, asked_s: int, now_s: int) -> None:
    known = {one.item_key: one for one in HarvestRecord.objects.filter(item_key__in=keys)}
    gone = Item.objects.filter(pk__in=[key for key in known if key not in made]).values_list("pk", "modified_at")
    left_s = {pk: int(modified.timestamp()) for pk, modified in gone}
    changed: list[HarvestRecord] = []
    closed: list[HarvestRecord] = []
    new: list[HarvestRecord] = []
    for key in keys:
        record, one = known.get(key), made.get(key)
        if one is not None:
            if record is None:
                new.append(_filled(HarvestRecord(item_key=key, pid=one.pid), one, max(one.moment_s, asked_s)))
            elif record.is_deleted or record.digest != one.digest:
                moment = one.moment_s if one.moment_s > record.changed_s else now_s
                changed.append(_filled(record, one, max(moment, asked_s)))
            continue
        # What was never announced leaves no trace: no harvester can have it.
        if record is not None and not record.is_deleted:
            moment = left_s.get(key, now_s)
            closed.append(_emptied(record, max(moment if moment > record.changed_s else now_s, asked_s)))
    activities.tell(keys, {key: (one.pid, one.digest_of_all) for key, one in made.items()}, now_s=max(now_s, asked_s))
    memberships.touch_partners(keys, now_s=max(now_s, asked_s))
    fields = ["changed_s", "is_deleted", "sets", "digest"]
    HarvestRecord.objects.bulk_update([*changed, *closed], fields)
    HarvestBody.objects.filter(record__in=closed).delete()
    HarvestMembership.objects.filter(record__in=[*changed, *closed]).delete()
    HarvestRecord.objects.bulk_create(new)
    # Whatever the crosswalks' mark: a record that says the same is kept under the new one.
    told = [one for one in (*known.values(), *new) if one.item_key in made]
    _keep_bodies(told, made, now_s=now_s)
    _keep_sets(told, made)


def _filled(record: HarvestRecord, made: Made, changed_s: int) -> HarvestRecord:
    record.changed_s, record.is_deleted = changed_s, False
    record.sets, record.digest = " ".join(made.sets), made.digest
    return record


def _emptied(record: HarvestRecord, changed_s: int) -> HarvestRecord:
    record.changed_s, record.is_deleted, record.sets, record.digest = changed_s, True, "", ""
    return record


def _keep_bodies(records: Iterable[HarvestRecord], made: Mapping[int, Made], *, now_s: int) -> None:
    current, records = mark(), list(records)
    # What another door does not keep of an item now it must not find from before.
    HarvestBody.objects.filter(record__in=records, format__gte=OTHERS_FROM).delete()
    HarvestBody.objects.bulk_create(
        [
            HarvestBody(record=record, format=number, made_by=maker, made_s=now_s, xml=pack(body))
            for record in records
            for number, (maker, body) in (
                *((number, (current, body)) for number, body in made[record.item_key].bodies.items()),
                *made[record.item_key].others.items(),
            )
        ],
        update_conflicts=True,
        unique_fields=["record", "format"],
        update_fields=["made_by", "made_s", "xml"],
        batch_size=500,
    )


def _keep_sets(records: Sequence[HarvestRecord], made: Mapping[int, Made]) -> None:
    specs = {record.pk: list(sets.with_those_above(made[record.item_key].sets)) for record in records}
    wanted = {spec for each in specs.values() for spec in each}
    HarvestSet.objects.bulk_create([HarvestSet(spec=spec) for spec in sorted(wanted)], ignore_conflicts=True)
    keys = dict(HarvestSet.objects.filter(spec__in=wanted).values_list("spec", "pk"))
    HarvestMembership.objects.bulk_create(
        [HarvestMembership(set_id=keys[spec], record_id=pk) for pk, each in specs.items() for spec in each],
        ignore_conflicts=True,
        batch_size=2000,
    )
