"""System checks of the archive."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


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
