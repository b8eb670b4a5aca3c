"""The same page in the other language, and the address that a page is known by."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest

from archive import addresses
from archive.interface_languages import FRAMED, base_language

PREFIX = re.compile(rf"/(?:en|{'|'.join(FRAMED)})(?=/|$)")


def page_language() -> str:
    """The language that the page is written in."""
    return base_language()


def in_language(path: str, code: str) -> str:
    """The path of the same page in a language: Vietnamese without a prefix, each other below its code."""
    bare = PREFIX.sub("", path, count=1) if PREFIX.match(path) else path
    return bare or "/" if code == settings.LANGUAGE_CODE else f"/{code}{bare or '/'}"


def page_addresses(request: HttpRequest, query: str = "") -> dict[str, object]:
    """Context of a page that exists in both languages: `canonical`, `alternates` by code, `other_language_url`.

    `query` is what of the query string belongs to the page's identity (a filter does, a cursor does not).
    """
    tail = f"?{query}" if query else ""
    # Within a frame the page is the Vietnamese one, and known by that address.
    own = page_language()
    codes = [code for code, _ in settings.LANGUAGES]
    paths = {code: f"{in_language(request.path, code)}{tail}" for code in codes}
    other = next(code for code in codes if code != own)
    whole = request.GET.urlencode()
    alternates = {code: addresses.absolute(request, path) for code, path in paths.items()}
    return {
        "canonical": alternates[own],
        "alternates": alternates,
        "other_language_url": in_language(request.path, other) + (f"?{whole}" if whole else ""),
    }
