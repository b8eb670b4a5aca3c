"""Taking the sample away: items, files, masters, derivatives, and the headings and places that nothing else uses.

Bytes go first, rows after them, one master at a time, so that a removal that was cut off can be run again. Masters of
real items are never touched, even where a real item shows the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from access import audit
from archive.actions.delete_item import hold_related, tell_related
from archive.history import snapshots
from archive.models import (
    Agent,
    Collection,
    FormerAddress,
    Item,
    ItemFile,
    People,
    Place,
    RecordKind,
    Revision,
    RightsStatement,
    Subject,
)
from archive.sample import community, exhibit
from media_pipeline import intakes, stores
from media_pipeline.models import Derivative, Intake, Master

# What the record of each purge says.
REASON = "sample removed"


def remove(*, now: datetime) -> Iterator[str]:
    """Removes everything of the sample and yields the identifier of each item that is gone. Raises StorageUnavailable."""
    exhibit.remove(now=now)
    for item in Item.objects.filter(is_sample=True).order_by("pk"):
        name = item.identifier or item.pid
        _remove_item(item, now=now)
        yield name
    _remove_headings()
    community.remove()


def _remove_item(item: Item, *, now: datetime) -> None:
    held = list(ItemFile.objects.filter(item=item).select_related("master", "intake"))
    masters = [file.master for file in held if file.master is not None]
    received = [file.intake for file in held if file.intake is not None]
    others = ItemFile.objects.filter(master__in=masters).exclude(item=item)
    kept = set(others.filter(item__is_sample=False).values_list("master_id", flat=True))
    kept |= set(others.filter(item__is_sample=True).values_list("master_id", flat=True))  # goes with the last of them
    # What came in by another way than the sample is kept for good, also where its item was deleted since.
    elsewhere = Intake.objects.filter(master__in=masters).exclude(item_files__item__is_sample=True)
    kept |= set(elsewhere.values_list("master_id", flat=True))
    for master in masters:
        if master.pk not in kept:
            _remove_bytes(master, now=now)
    for intake in received:
        intakes.discard_staged(intake)
    with transaction.atomic():
        related = hold_related(item)
        item.delete()
        tell_related(related, actor=None, now=now)
        Revision.objects.filter(kind=RecordKind.ITEM, key=item.pid).delete()
        gone = [master.pk for master in masters if master.pk not in kept]
        Intake.objects.filter(Q(pk__in=[one.pk for one in received]) | Q(master__in=gone)).delete()
        Master.objects.filter(pk__in=gone).delete()
        detail = {"rule": item.effective_rule.digest}
        audit.record(actor=None, verb="remove_sample", target_pid=item.pid, now=now, detail=detail)


def _remove_bytes(master: Master, *, now: datetime) -> None:
    """Removes the derivatives of a master, then its object, whole; no error for what is gone already."""
    derivatives = stores.derivatives()
    for derivative in Derivative.objects.filter(master=master):
        derivatives.delete(derivative.prefix)
    stores.masters().purge(master.sha256, REASON, now=now)


def _remove_headings() -> None:
    """Removes sample headings that nothing uses, with their history; one that a real item uses becomes the library's own."""
    in_items = Q(items__isnull=False)
    for model, used in (
        (People, in_items | Q(branches__isnull=False)),
        (Subject, in_items | Q(narrower__isnull=False)),
        (Collection, in_items | Q(parts__isnull=False)),
        (Agent, Q(credits__isnull=False)),
        (RightsStatement, in_items),
        (Place, Q(located__isnull=False) | Q(children__isnull=False)),
    ):
        _settle(model, used)


def _settle(model: type[Model], used: Q) -> None:
    """Removes what nothing uses, until all that is left is used: a heading is used by those below it, which go first."""
    rows = model._default_manager.filter(is_sample=True)
    kind = snapshots.kind_of(model())
    while unused := list(rows.exclude(pk__in=rows.filter(used).values("pk")).values_list("pk", flat=True)):
        for told_of in (Revision, FormerAddress):
            told_of.objects.filter(kind=kind, key__in=[str(pk) for pk in unused]).delete()
        rows.filter(pk__in=unused).delete()
    rows.update(is_sample=False)
