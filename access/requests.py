"""Reading the viewer off a request, typed."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from access.viewer import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the viewer that ViewerMiddleware made."""
    return cast(Viewer, request.viewer)  # type: ignore[attr-defined]  # set by ViewerMiddleware
