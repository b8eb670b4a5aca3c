"""Keep a form as somebody left it, until they save it, throw it away, or have forgotten it for weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from access.models import User
from archive.actions.errors import ActionRefused
from archive.models import FormDraft
from archive.texts import is_storable

CHARS_MOST = 1_000_000
KEPT_DAYS = 30

Fields = list[tuple[str, str]]


def is_kept(name: str) -> bool:
    """Return whether what a field of this name says may be kept: no secret, no token, no button."""
    told = name.lower()
    return not told.startswith(("_", "csrf")) and not any(word in told for word in ("password", "token", "secret"))


def keep_draft(
    user: User, target: str, fields: Iterable[tuple[str, str]], *, read_version: int, now: datetime
) -> FormDraft:
    """Write a form as this person has it now, in place of what was kept of it before. Two queries.

    Raises ActionRefused("draft_too_long", "unreadable"); then what was kept before stays.
    """
    kept = [(name, text) for name, text in fields if is_kept(name)]
    if sum(len(name) + len(text) for name, text in kept) > CHARS_MOST:
        raise ActionRefused("draft_too_long")
    if not all(is_storable(name) and is_storable(text) for name, text in kept):
        raise ActionRefused("unreadable")
    draft, _made = FormDraft.objects.update_or_create(
        user=user,
        target=target,
        defaults={"data": {"fields": kept}, "read_version": read_version, "saved_at": now},
    )
    return draft


def draft_of(user: User, target: str) -> FormDraft | None:
    """Return what is kept of a form for this person; of others it is nobody's to read. One query."""
    return FormDraft.objects.filter(user=user, target=target).order_by("pk").first()


def fields_of(draft: FormDraft) -> Fields:
    """Return names and texts in their order; nothing of a damaged row."""
    fields = draft.data.get("fields", []) if isinstance(draft.data, dict) else []
    return [(str(one[0]), str(one[1])) for one in fields if isinstance(one, list | tuple) and len(one) == 2]


def forget_draft(user: User, target: str) -> None:
    """Forget what is kept of a form for this person: it was saved, or thrown away. One query."""
    FormDraft.objects.filter(user=user, target=target).delete()


def forget_drafts_of(target: str) -> None:
    """Forget what anybody has kept of a form: its record is gone for good. One query."""
    FormDraft.objects.filter(target=target).delete()


def forget_old_drafts(*, now: datetime) -> int:
    """Forget what nobody has come back to, and return how many."""
    return FormDraft.objects.filter(saved_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]
