"""System checks of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection

from archive.models import SearchLog
from archive.search import triggers


@register(deploy=True)
def check_naan(**_kwargs: Any) -> list[CheckMessage]:  # Any: Django passes its own
    """Warn when identifiers are given out under the test number in production."""
    if settings.PRODUCTION and settings.ARK_NAAN == "99999":
        return [
            Warning(
                "ARK_NAAN is 99999, the test number: identifiers given out now are not persistent.",
                hint="Ask the ARK Alliance for a number of the library's own.",
                id="archive.W001",
            )
        ]
    return []


@register(Tags.database)
def check_search_log(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:  # Any: as above
    """Find triggers of the search's log that are missing: what is closed behind its back would go on being found.

    A warning, since `migrate` makes them, and asks this before it does."""
    if not databases or SearchLog._meta.db_table not in connection.introspection.table_names():
        return []
    gone = triggers.missing() if SearchLog.objects.exists() else []
    if not gone:
        return []
    return [
        Warning(
            f"The search does not hear of every change: {len(gone)} triggers are missing ({', '.join(gone[:3])}).",
            hint="Run: python manage.py migrate && python manage.py reindex --new-log",
            id="archive.W002",
        )
    ]
