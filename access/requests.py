"""Reading the viewer off a request, typed."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from access.viewer import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the viewer that ViewerMiddleware made."""
    return cast(Viewer, request.viewer)  # type: ignore[attr-defined]  # set by ViewerMiddleware


def ask_again(request: HttpRequest) -> Viewer:
    """Return the viewer made anew, which holds for the rest of the request: what was just done may have made a rule that did not exist when
    the request came in, and that an older viewer takes for one that is not satisfied. The queries of `viewer_for`."""
    request.viewer = request.make_viewer()  # type: ignore[attr-defined]  # set by ViewerMiddleware
    return viewer_of(request)
