"""Say what a file is to its item, and where in the order it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive.actions.permissions import require, require_words
from archive.languages import LangValue, canonical
from archive.models import ItemFile


def describe_file(
    file: ItemFile,
    *,
    role: str,
    captions: Sequence[LangValue],
    position: int,
    actor: User | None,
    now: datetime,
    label: str = "",
) -> ItemFile:
    """Write role, page label, captions and position of a file. Raises NotAllowed,
    ActionRefused("published_words"). The caller raises the item's version with the save it is part of."""
    require(actor, "archive.change_item")
    require_words(file.item.state, actor)
    file.role, file.label, file.captions, file.position = role, canonical(label).strip(), list(captions), position
    with transaction.atomic():
        file.save(update_fields=["role", "label", "captions", "position"])
        audit.record(actor=actor, verb="describe_file", target_pid=file.item.pid, now=now, detail={"file": file.pid})
    return file
