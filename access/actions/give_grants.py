"""Open something to one person for a time, and close it again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from access.models import Grant, Petition, User
from access.petitions import PetitionRefused


def give_grants(
    petition: Petition, target_pids: Collection[str], *, actor: User | None, now: datetime, valid_until: datetime | None
) -> list[Grant]:
    """Return what was opened to who asked: one row for each target. Call inside the transaction of the decision, which checked the right.

    Raises PetitionRefused("no_account", "past_end", "no_files").
    """
    if petition.asker is None or not petition.asker.is_active:
        raise PetitionRefused("no_account")
    if valid_until is not None and valid_until <= now:
        raise PetitionRefused("past_end")
    if not target_pids:
        raise PetitionRefused("no_files")
    return [
        Grant.objects.create(
            target_pid=pid,
            user=petition.asker,
            reason=petition.text,
            granted_by=actor,
            granted_at=now,
            valid_until=valid_until,
            petition=petition,
        )
        for pid in sorted(set(target_pids))
    ]


def withdraw_grants(petition: Petition, *, now: datetime) -> list[str]:
    """End all that was opened by a request, at once; returns the pids. Call as above."""
    held = Grant.objects.filter(petition=petition, withdrawn_at=None)
    ended = sorted(held.values_list("target_pid", flat=True))
    held.update(withdrawn_at=now)
    return ended
