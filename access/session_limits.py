"""How long somebody stays signed in: short on a machine that people share, a working day for staff, until signing out for readers.

The limits are held on this side, in the session itself: a browser that keeps its cookie gains nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from access.devices import device_of

BEGAN, SEEN, SHARED_S = "signed_in_at", "last_asked_at", "shared_idle_s"
STAFF_IDLE, STAFF_LONGEST = timedelta(hours=8), timedelta(hours=24)
SHARED_LONGEST = timedelta(hours=4)
# The last request is noted so often at most: reading is not to write for each page.
NOTED_EVERY = timedelta(seconds=60)
GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Limit:
    """After so long without a request, and so long after signing in, a session is over."""

    idle: timedelta
    longest: timedelta

    @property
    def noted_every(self) -> timedelta:
        return min(NOTED_EVERY, self.idle / 10)


STAFF = Limit(STAFF_IDLE, STAFF_LONGEST)


def limit_of(request: HttpRequest) -> Limit | None:
    """Return the limit of a signed-in request's session, None for a reader on a machine of their own.

    A session that was seen on a shared machine keeps that limit when the machine is no device any more.
    """
    device = device_of(request)
    shared_s = request.session.get(SHARED_S)
    if device is not None:
        own_s = device.idle_minutes * 60
        shared_s = own_s if shared_s is None else min(own_s, shared_s)
        if request.session.get(SHARED_S) != shared_s:
            request.session[SHARED_S] = shared_s
            request.session.set_expiry(0)
    if shared_s is not None:
        return Limit(timedelta(seconds=shared_s), SHARED_LONGEST)
    is_trusted = getattr(request.user, "is_staff", False) or getattr(request.user, "has_second_factor", False)
    return STAFF if is_trusted else None


def is_over(session: SessionBase, limit: Limit, *, now: datetime) -> bool:
    """Return whether a session has reached its limit."""
    return now >= ends_at(session, limit, now=now)


def ends_at(session: SessionBase, limit: Limit, *, now: datetime) -> datetime:
    """Return when a session is over if nobody asks meanwhile."""
    return min(_moment(session, SEEN, now) + limit.idle, _moment(session, BEGAN, now) + limit.longest)


class SessionLimitMiddleware:
    """Signs out whose session is over, before anything of it is used. Before a second factor holds rights back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (limit := limit_of(request)) is not None:
            now = timezone.now()
            if is_over(request.session, limit, now=now):
                logout(request)
            elif BEGAN not in request.session:
                start(request.session, now=now)
            elif abs(now - _moment(request.session, SEEN, now)) >= limit.noted_every:
                note_request(request.session, now=now)
        return self.get_response(request)


def start(session: SessionBase, *, now: datetime) -> None:
    """Let the limits of a session begin."""
    session[BEGAN] = session[SEEN] = now.timestamp()


def note_request(session: SessionBase, *, now: datetime) -> None:
    """Note that somebody asks, without giving the cookie anew: an answer is the same whether it was noted or not."""
    is_to_be_told = session.modified
    session[SEEN] = now.timestamp()
    # Signed out in another window meanwhile: then there is nothing to note it in.
    with contextlib.suppress(UpdateError):
        session.save()
    session.modified = is_to_be_told


def forget_sessions(*, now: datetime) -> int:
    """Delete the rows of sessions whose cookie is over, and return how many: nobody can use them, and they tell who was here when."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _moment(session: SessionBase, name: str, now: datetime) -> datetime:
    noted = session.get(name)
    return datetime.fromtimestamp(noted, tz=now.tzinfo) if isinstance(noted, int | float) else now


@receiver(user_logged_in, dispatch_uid="access.session_limits")
def note_signing_in(request: HttpRequest | None = None, **_facts: Any) -> None:  # Any: as in Django
    """Let the limits begin with the sign-in, also where the session went on."""
    if request is not None:
        start(request.session, now=timezone.now())
