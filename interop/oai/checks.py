"""What must hold before harvesters are answered."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection

from interop.oai import triggers
from interop.oai.models import HarvestWaiting


@register(Tags.database)
def triggers_are_there(*, databases: Any = None, **_kwargs: Any) -> list[CheckMessage]:  # Any: Django passes its own
    """Say which triggers are missing: without them what is closed would be announced late. Run by `check --database default`.

    A warning, since `migrate` makes them, and asks this before it does."""
    if not databases or HarvestWaiting._meta.db_table not in connection.introspection.table_names():
        return []
    return [
        Warning(f"The trigger {name} is missing.", hint="Run: python manage.py migrate", id="oai.W001")
        for name in triggers.missing()
    ]
