"""Sessions of people who are signed in, for benchmarks that ask over HTTP."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from access import session_limits
from access.models import User


def session_of(user: User) -> str:
    """Return the key of a session of a day in which this account is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session_limits.start(session, now=timezone.now())
    session.set_expiry(timedelta(days=1))
    session.create()
    return str(session.session_key)
