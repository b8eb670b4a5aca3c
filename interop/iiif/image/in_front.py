"""Puts the dispatcher of tiles in front of the site, for its database and under its settings."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from access.watching import Unwatched, watch_of
from interop.iiif.image.dispatch import Application, TileDispatcher, is_fit


def in_front_of(django: Application) -> Application:
    """Return the site with its tiles answered before Django, where that may be."""
    return TileDispatcher(django, watch_of(connection) if is_fit(settings) else Unwatched())
