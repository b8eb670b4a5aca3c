"""Merge one authority into another: what named the one names the other, and nothing that was known of it is lost (docs/adr/0015)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull

from access import audit
from access.models import User
from archive import former_addresses
from archive.actions.delete_authority import write_last
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows, require
from archive.actions.save_authority import save_authority
from archive.history import joining, recording, snapshots
from archive.models import (
    Collection,
    FormerAddress,
    Item,
    ItemPlace,
    ItemState,
    People,
    Place,
    PlaceParent,
    Revision,
    Subject,
)
from archive.models.authority import Authority
from archive.search import indexing
from archive.texts import is_storable
from archive.uses import ITEM_PARTS, Tie, items_with, ties_to

BATCH = 200


def merge_authorities(
    goes: Authority | Place, stays: Authority | Place, *, actor: User | None, now: datetime, reason: str = ""
) -> None:
    """Merge `goes` into `stays`, which are of one kind: every tie is rewritten, names become other forms, its address leads on.

    Every item that named it gets a revision, and its search entry after the commit. Raises NotAllowed, ActionRefused("merge_itself",
    "merge_ring", "places_shown", "gone", "unreadable"), archive.uses.UnknownTie.
    """
    model = type(stays)
    for right in ("change", "delete"):
        require(actor, f"archive.{right}_{model._meta.model_name}")
    if type(goes) is not model or goes.pk == stays.pk:
        raise ActionRefused("merge_itself")
    if not is_storable(reason):
        raise ActionRefused("unreadable")
    with transaction.atomic():
        held: dict[int, Any] = {  # Any: one of six models
            one.pk: one
            for one in model._default_manager.select_for_update(of=("self",))
            .filter(pk__in=[goes.pk, stays.pk])
            .order_by("pk")
        }
        if len(held) != 2:
            raise ActionRefused("gone")
        _merge(held[goes.pk], held[stays.pk], actor=actor, now=now, reason=reason)


def _merge(goes: Any, stays: Any, *, actor: User | None, now: datetime, reason: str) -> None:  # Any: one of six models
    kind, verb = snapshots.kind_of(stays), f"merge_{stays._meta.model_name}"
    _refuse_ring(goes, stays)
    items = list(items_with(goes).order_by("pk").values_list("pk", flat=True))
    _hold(items, is_of_places=isinstance(stays, Place), actor=actor)
    last = {**snapshots.of(goes), "merged_into": stays.pk}
    others = _others(goes, stays)

    def join() -> None:
        joining.join(goes, stays)
        for source, column, tie in ties_to(type(stays)):
            _retie(source, column, tie, goes, stays)
        stays.save()

    former_addresses.lead(kind, goes.slug, str(stays.pk), now=now)
    FormerAddress.objects.filter(kind=kind, key=str(goes.pk)).update(key=str(stays.pk))
    save_authority(stays, save=join, read_version=None, actor=actor, now=now, reason=reason, verb="merge_in")
    write_last(goes, "merge", last, actor=actor, now=now, reason=reason)
    for one in (stays, goes):
        audit.record(actor=actor, verb=verb, target_pid=one.slug[:32], now=now, reason=reason)
    type(goes)._default_manager.get(pk=goes.pk).delete()
    former_addresses.forget_telling(stays)
    for other in others:
        recording.record(type(other)._default_manager.get(pk=other.pk), "retie", actor=actor, now=now, reason=reason)
    _write_items(items, kind, actor=actor, now=now, reason=reason)
    indexing.refresh_after_commit(Item.objects.filter(pk__in=items))


def _hold(items: Sequence[int], *, is_of_places: bool, actor: User | None) -> None:
    """Hold the items that are about to be rewritten, in order. How closely readers learn where a published thing is from is the
    publishers' to say."""
    held = Item.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=items).order_by("pk")
    states = set(held.values_list("state", flat=True))
    if is_of_places and ItemState.PUBLISHED in states and not allows(actor, "archive.publish_item"):
        raise ActionRefused("places_shown")


def _others(goes: Any, stays: Any) -> list[Model]:  # Any: one of six models
    """Return the other authorities whose own history tells of the one that goes: what lies below it, what is narrower."""
    found: dict[tuple[type[Model], int], Model] = {}
    for source, column, tie in ties_to(type(goes)):
        if tie.role != "record":
            continue
        for row in source._default_manager.filter(Q(**{column: goes.pk})):
            other = getattr(row, tie.column) if tie.column else row
            if other.pk not in {goes.pk, stays.pk}:
                found[type(other), other.pk] = other
    return list(found.values())


# --- Ties ------------------------------------------------------------------------------------------------------------------


def _retie(source: type[Model], column: str, tie: Tie, goes: Any, stays: Any) -> None:  # Any: one of six models
    """Let every row that led to the one lead to the other; what would then be there twice, or lead to itself, goes."""
    rows = source._default_manager.filter(Q(**{column: goes.pk}))
    for other in _same_kind(source, type(stays), but=column):
        rows.filter(Q(**{other: stays.pk})).delete()
    if source is type(stays):
        # A parent: the one that stays does not lie in itself.
        rows.filter(pk=stays.pk).update(**{column: None})
        rows = rows.exclude(pk=goes.pk)
    if source is ItemPlace:
        _join_places(rows, stays)
    if tie.once_by:
        nulls = [name for name in tie.once_by if source._meta.get_field(name).null]
        doubles = source._default_manager.filter(
            Q(**{column: stays.pk}),
            *[Q(**{name: OuterRef(name)}) | (Q(**{f"{name}__isnull": True}) & Q(_is_null(name))) for name in nulls],
            **{name: OuterRef(name) for name in tie.once_by if name not in nulls},
        )
        keys = list(rows.filter(Exists(doubles)).values_list("pk", flat=True))
        source._default_manager.filter(pk__in=keys).delete()
    rows.update(**{column: stays.pk})


def _is_null(name: str) -> IsNull:
    return IsNull(OuterRef(name), True)  # as Django has it


def _same_kind(source: type[Model], model: type[Model], *, but: str) -> Iterator[str]:
    """Yield the other columns of a table that lead to the same kind of authority."""
    if source is model:
        return
    for one in source._meta.concrete_fields:
        if one.related_model is model and one.name != but:
            yield one.name


def _join_places(rows: QuerySet[Any], stays: Place) -> None:
    """Keep what was recorded, and the stricter precision, where an item names both places in the same role."""
    for row in rows:
        twin = ItemPlace.objects.filter(item=row.item_id, place=stays.pk, role=row.role).first()
        if twin is not None:
            twin.as_recorded = joining.joined_text(twin.as_recorded, row.as_recorded, limit=300)
            twin.precision = joining.stricter(twin.precision, row.precision)
            twin.save(update_fields=["as_recorded", "precision"])


def _refuse_ring(goes: Any, stays: Any) -> None:  # Any: one of six models
    """Raise where one lies above the other with something between them: merged, that would lie in itself."""
    for start, goal in ((goes, stays), (stays, goes)):
        seen: set[int] = set()
        level = set(_above(type(stays), {start.pk})) - {goal.pk}
        while level - seen:
            seen |= level
            level = set(_above(type(stays), level))
            if goal.pk in level:
                raise ActionRefused("merge_ring")


def _above(model: type[Model], keys: set[int]) -> list[int]:
    rows: Any  # keys, of one of three tables
    if model is Subject:
        rows = Subject.broader.through.objects.filter(from_subject__in=keys).values_list("to_subject", flat=True)
    elif model is Place:
        rows = PlaceParent.objects.filter(child__in=keys).values_list("parent", flat=True)
    elif model in {People, Collection}:
        rows = model._default_manager.filter(pk__in=keys, parent__isnull=False).values_list("parent", flat=True)
    else:
        return []
    return list(rows)


# --- Items -----------------------------------------------------------------------------------------------------------------


def _write_items(items: Sequence[int], kind: str, *, actor: User | None, now: datetime, reason: str) -> None:
    """Raise the versions of the items that were rewritten, and write their revisions: about eight queries for each two hundred, and ten for
    one without a history."""
    for start in range(0, len(items), BATCH):
        batch = Item.objects.filter(pk__in=items[start : start + BATCH])
        batch.update(version=F("version") + 1, modified_at=now)
        parts = snapshots.part_of_many(batch, ITEM_PARTS[kind])
        last = recording.last_of_many([item.pid for item in parts])
        made: list[Revision] = []
        for item, part in parts.items():
            before = last.get(item.pid)
            taken = {**before.snapshot, ITEM_PARTS[kind]: part} if before and before.snapshot else snapshots.of(item)
            number = before.number + 1 if before else 1
            made.append(recording.made(item, taken, "retie", number=number, actor=actor, now=now, reason=reason))
        Revision.objects.bulk_create(made)
