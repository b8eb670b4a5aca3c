"""Machines of reading rooms and reading points, known by a secret that each holds in a cookie: never by an address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from access.models import Device

COOKIE = "may_doc"
# What browsers keep a cookie at most; a machine that is used gets it anew on each day.
COOKIE_AGE = timedelta(days=400)
GetResponse = Callable[[HttpRequest], HttpResponse]


def digest(secret: str) -> str:
    """Return what is kept of a token or code. Both are random and long, so a plain SHA-256 gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live(now: datetime) -> Q:
    """Return the condition on devices that count at a moment."""
    return Q(revoked_at=None) & (Q(valid_until=None) | Q(valid_until__gt=now))


def find_device(token: str, *, now: datetime) -> Device | None:
    """Return the device that holds this token and counts at this moment. One query."""
    return Device.objects.filter(live(now), token_digest=digest(token)).first() if token else None


def device_of(request: HttpRequest) -> Device | None:
    """Return the device that a request comes from. Without the cookie no query, with it one."""
    device = getattr(request, "device", None)
    return cast(Device, device) if device else None


def set_cookie(response: HttpResponse, token: str, *, device: Device, now: datetime) -> None:
    """Let the machine hold its token, as long as the device counts."""
    age = COOKIE_AGE if device.valid_until is None else min(COOKIE_AGE, device.valid_until - now)
    response.set_cookie(
        COOKIE, token, max_age=age, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path="/"
    )


class DeviceMiddleware:
    """Sets `request.device`, looked up when somebody asks. Notes the day on which a device was last seen, not the hour."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request.COOKIES.get(COOKIE, "")
        now = timezone.now()
        if not token:
            request.device = None  # type: ignore[attr-defined]  # Django's request is open to attributes
            return self.get_response(request)
        seen: list[Device] = []

        def find() -> Device | None:
            found = find_device(token, now=now)
            seen.extend([] if found is None else [found])
            return found

        request.device = SimpleLazyObject(find)  # type: ignore[attr-defined]  # as above
        response = self.get_response(request)
        today = timezone.localdate(now)
        if seen and seen[0].last_seen_on != today:
            Device.objects.filter(pk=seen[0].pk).update(last_seen_on=today)
            set_cookie(response, token, device=seen[0], now=now)
        return response
