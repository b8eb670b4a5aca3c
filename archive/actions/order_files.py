"""Put the files of an item in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive import visibility
from archive.actions.permissions import require, require_words
from archive.models import Item, ItemFile
from archive.models.file import COMPANION_ROLES

AT_ONCE = 200


def order_files(
    item: Item, files: Sequence[ItemFile], positions: Mapping[int, int], *, actor: User | None, now: datetime
) -> None:
    """Write the positions (by primary key) of files of one item, and one line in the log however many they are. Raises NotAllowed,
    ActionRefused("published_words").

    One query for each two hundred files. The caller raises the item's version with the save it is part of.
    """
    require(actor, "archive.change_item")
    require_words(item.state, actor)
    if not files:
        return
    for file in files:
        file.position = positions[file.pk]
    with transaction.atomic():
        ItemFile.objects.bulk_update(files, ["position"], batch_size=AT_ONCE)
        # Another recording may be the first one now, to which what names none belongs.
        if ItemFile.objects.filter(item=item, role__in=COMPANION_ROLES, beside=None).exists():
            visibility.apply(item)
        audit.record(actor=actor, verb="order_files", target_pid=item.pid, now=now, detail={"files": len(files)})
