"""Which text can be stored at all. Pure."""

from __future__ import annotations


def is_storable(text: str) -> bool:
    """Return whether every database takes this text: PostgreSQL has no NUL, and nothing outside UTF-8 (a lone surrogate)."""
    if "\x00" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
