"""Delete for good what lies in the bin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from access import audit
from access.models import AccessRule, User
from archive import visibility
from archive.actions.errors import ActionRefused
from archive.actions.keep_draft import forget_drafts_of
from archive.actions.permissions import require
from archive.history import recording
from archive.models import Item, ItemFile, ItemRelation, ItemState
from media_pipeline import intakes
from media_pipeline.models import Intake


def may_be_deleted(item: Item) -> bool:
    """Return whether an item is a draft that no reader has ever seen."""
    return item.state == ItemState.DRAFT and item.published_at is None and not item.was_public


def delete_item(item: Item, *, actor: User | None, now: datetime) -> None:
    """Delete the record of a draft, and what its history holds of it: of its revisions one is left that says nothing but that it is gone.
    People empty the bin so; the software deletes drafts outside it, too. Its masters stay in the store.

    Raises NotAllowed, ActionRefused("was_open", "not_binned").
    """
    require(actor, "archive.delete_item")
    with transaction.atomic():
        # In the order in which archive.receivers locks: the intakes, the item, its files.
        list(Intake.objects.select_for_update(of=("self",), no_key=True).filter(item_files__item=item).order_by("pk"))
        held = Item.objects.select_for_update(of=("self",)).select_related("chosen_rule").filter(pk=item.pk).first()
        if held is None or not may_be_deleted(held):
            raise ActionRefused("was_open")
        if actor is not None and held.binned_at is None:
            raise ActionRefused("not_binned")
        files = list(ItemFile.objects.filter(item=held).select_related("master", "intake"))
        detail = {
            "masters": [file.master.sha256 for file in files if file.master],
            # Who may read of it in the log: those who could see it before it went into the bin.
            "rule": AccessRule.objects.intern(visibility.of_item(held.chosen_rule.policy, held.state)).digest,
        }
        for file in files:
            if file.intake is not None:
                intakes.end(file.intake, now=now)
        recording.forget(held, "delete", actor=actor, now=now)
        related = hold_related(held)
        forget_drafts_of(f"item:{held.pk}")
        held.delete()
        tell_related(related, actor=actor, now=now)
        audit.record(actor=actor, verb="delete_item", target_pid=held.pid, now=now, detail=detail)


def hold_related(item: Item) -> Sequence[int]:
    """Return the keys of the items that name this one in a relation, held in order. One query."""
    naming = Item.objects.filter(pk__in=ItemRelation.objects.filter(other=item).values("item"))
    held = naming.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(held.values_list("pk", flat=True))


def tell_related(keys: Sequence[int], *, actor: User | None, now: datetime) -> None:
    """Write into the history of these items that a relation of theirs went with the other one. About fourteen queries for each."""
    Item.objects.filter(pk__in=keys).update(version=F("version") + 1, modified_at=now)
    for other in Item.objects.filter(pk__in=keys).order_by("pk"):
        recording.record(other, "change", actor=actor, now=now)
