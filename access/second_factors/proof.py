"""Whether a session has shown the second factor that it owes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest

from access.models import User

SHOWN_BY = "second_factor_of"
REQUIRED = "required"


def is_required() -> bool:
    """Return whether nobody works at the desk without a second factor."""
    return bool(settings.SECOND_FACTOR == REQUIRED)


def is_owed(user: User) -> bool:
    """Return whether this account is no more than a reader until it shows a second factor: who has one, and staff where it is required."""
    return user.has_second_factor or (is_required() and (user.is_staff or user.is_superuser))


def is_shown(session: SessionBase, user: User) -> bool:
    """Return whether it was shown in this session, by this account, and since its factors were last reset."""
    return user.has_second_factor and bool(session.get(SHOWN_BY) == _mark(user))


def note_shown(request: HttpRequest, user: User) -> None:
    """Let the session count as proved from now on, under a new name."""
    request.session.cycle_key()
    request.session[SHOWN_BY] = _mark(user)


def _mark(user: User) -> list[object]:
    since = user.second_factor_since
    return [user.pk, None if since is None else since.isoformat()]


@receiver(user_logged_in, dispatch_uid="access.second_factors.proof")
def forget(request: HttpRequest | None = None, **_facts: Any) -> None:  # Any: as in Django
    """Let who signs in once more show it once more."""
    if request is not None:
        request.session.pop(SHOWN_BY, None)
