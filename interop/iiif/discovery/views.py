"""Views of the activities. They are a visitor's, whoever asks (ADR 0019)."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest
from django.utils import timezone

from access.viewer import visitor
from archive import addresses, queries
from interop.iiif.discovery import records, wire
from interop.iiif.presentation.records import ROOT
from interop.iiif.presentation.views import Made, door

NUMBERS_MOST = 10**12  # beyond which databases could not count rows any more


@door
def all_changes(request: HttpRequest) -> Made:
    """Send where the activities begin and end."""
    now = timezone.now()
    return wire.stream(records.stream(visitor(now=now), now=now), partial(addresses.absolute, request)), None


@door
def page(request: HttpRequest, number: int) -> Made:
    """Send a page of activities."""
    now = timezone.now()
    found = records.page(visitor(now=now), number, now=now) if 0 < number < NUMBERS_MOST else None
    if found is None:
        raise queries.NotVisible
    absolute = partial(addresses.absolute, request)
    return wire.page(found, absolute, lambda pid: absolute(f"{ROOT}/{pid}/manifest")), None
