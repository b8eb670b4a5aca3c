"""Languages of the site's own words beside Vietnamese and English: a frame of words around pages that are Vietnamese for the rest. Pure
but for the active language.

A frame is no translation of the software: communities fill the words that stand on every page, and what they have not filled is
Vietnamese. So the language of such a page is Vietnamese, and each word of the frame says its own (docs/adr/0023).
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

# BCP 47; Bahnar, Sedang, Jeh.
FRAMED = ("bdq", "sed", "jeh")
PREFIXES = tuple(f"/{code}/" for code in FRAMED)


def framed() -> str:
    """Return the language of the frame around the page that is made; empty for a page in Vietnamese or English."""
    active = get_language()
    return active if active in FRAMED else ""


def base_language() -> str:
    """Return the language in which pages are written: the active one, Vietnamese within a frame."""
    active = get_language() or settings.LANGUAGE_CODE
    return settings.LANGUAGE_CODE if active in FRAMED else active


def code_of(path: str) -> str:
    """Return the code of a frame that a path begins with; empty where it begins with none."""
    return path[1:4] if path.startswith(PREFIXES) or path[1:] in FRAMED else ""
