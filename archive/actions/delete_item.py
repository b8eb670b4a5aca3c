"""Delete for good what lies in the bin."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.models import AccessRule, User
from archive import visibility
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.history import recording
from archive.models import Item, ItemFile, ItemState
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
        held.delete()
        audit.record(actor=actor, verb="delete_item", target_pid=held.pid, now=now, detail=detail)
