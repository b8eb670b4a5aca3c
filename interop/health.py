"""Health of the process and of what it depends on."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from media_pipeline import stores


@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives. Touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def dependencies(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database and files answer, else 503; the broker is named but only slows work, so it fails nothing."""
    database = _database()
    # Without its database the archive cannot know whether files are missing.
    state = {"database": database, "files": database and stores.are_there(), "broker": _broker()}
    ready = state["database"] and state["files"]
    return JsonResponse(state, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    if not settings.REDIS_URL:
        return True
    try:
        cache.get("readyz")
    except Exception:  # noqa: BLE001  # whatever the client raises, the broker is not there
        return False
    return True
