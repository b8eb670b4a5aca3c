"""Addresses of the public site's own pages, looked up once in each language: a page holds dozens of them."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

# What stands in an address where a pid or a slug will: neither is ever called so.
_STAND_IN = "zzzzzzzzzz0"


def to(name: str, key: str = "") -> str:
    """Return the address of a page, or of one of its kind by its pid or slug ("place", "kon-klor"), in the active interface language."""
    address = _pattern(name, bool(key), get_language(), get_script_prefix(), get_urlconf())
    return address.replace(_STAND_IN, key) if key else address


@lru_cache(maxsize=128)
def _pattern(name: str, has_key: bool, _language: str | None, _prefix: str, urlconf: str | None) -> str:  # a key
    return reverse(f"public_site:{name}", urlconf=urlconf, args=[_STAND_IN] if has_key else [])
