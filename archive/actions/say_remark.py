"""Say something about an item to the others who work on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive import moves
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.permissions import allows
from archive.models import Item, Remark
from archive.texts import is_storable

REMARK_MOST = 4000
# Who works on items in one way or another takes part.
TAKES_PART = (moves.EDIT, moves.REVIEW, moves.PUBLISH)


def may_remark(actor: User | None) -> bool:
    """Return whether a person takes part in the conversations on items."""
    return any(allows(actor, right) for right in TAKES_PART)


def say_remark(item: Item, text: str, *, actor: User, now: datetime) -> Remark:
    """Return the new remark. Raises NotAllowed, ActionRefused("remark_missing", "remark_long", "unreadable").

    The item does not change: it is no revision of it. The log keeps that something was said, and none of the words.
    """
    if not may_remark(actor):
        raise NotAllowed
    said = text.strip()
    if not said:
        raise ActionRefused("remark_missing")
    if not is_storable(said):
        raise ActionRefused("unreadable")
    if len(said) > REMARK_MOST:
        raise ActionRefused("remark_long")
    with transaction.atomic():
        remark = Remark.objects.create(item=item, author=actor, at=now, text=said)
        audit.record(actor=actor, verb="say_remark", target_pid=item.pid, now=now)
    return remark
