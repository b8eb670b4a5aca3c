"""Say what an item is once its file was looked into, where nobody but the software has said so before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from access import audit
from archive import kinds
from archive.history import recording
from archive.models import FileRole, Item, ItemFile
from media_pipeline.models import Master


def settle_kinds(master: Master, *, now: datetime) -> int:
    """Give every item whose kind is a guess, and whose first main file is this master, the kind of its content; returns how many changed.

    What a person chose is no guess any more and stays. Call inside the transaction that holds the master's row: an item that is made
    meanwhile waits for it, or is seen here.
    """
    changed = 0
    with transaction.atomic():
        guessed = Item.objects.filter(kind_is_guess=True, files__master=master).distinct()
        for pk in guessed.order_by("pk").values_list("pk", flat=True):
            changed += _settle(pk, master, now=now)
    return changed


def _settle(item_pk: int, master: Master, *, now: datetime) -> bool:
    item = Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item_pk)
    first = ItemFile.objects.filter(item=item, role=FileRole.MAIN).order_by("position", "pk").first()
    if not item.kind_is_guess or first is None or first.master_id != master.pk:
        return False
    kind = kinds.of_file(master.kind)
    if kind == item.kind:
        Item.objects.filter(pk=item.pk).update(kind_is_guess=False)
        return False
    # A form that somebody opened before this would bring the guess back: its version is an older one now.
    Item.objects.filter(pk=item.pk).update(kind=kind, kind_is_guess=False, modified_at=now, version=F("version") + 1)
    audit.record(actor=None, verb="settle_kind", target_pid=item.pid, now=now, detail={"fields": ["kind"]})
    item.refresh_from_db()
    recording.record(item, "settle_kind", actor=None, now=now)
    return True
