"""The same page in the other language, and the address that a page is known by."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from archive import addresses

ENGLISH_PREFIX = "/en"


def page_language() -> str:
    """The language that the page is written in."""
    return get_language() or settings.LANGUAGE_CODE


def in_language(path: str, code: str) -> str:
    """The path of the same page in a language: Vietnamese without a prefix, English below /en/."""
    bare = (
        path.removeprefix(ENGLISH_PREFIX) if path == ENGLISH_PREFIX or path.startswith(f"{ENGLISH_PREFIX}/") else path
    )
    return bare or "/" if code == settings.LANGUAGE_CODE else f"/{code}{bare or '/'}"


def page_addresses(request: HttpRequest, query: str = "") -> dict[str, object]:
    """Context of a page that exists in both languages: `canonical`, `alternates` by code, `other_language_url`.

    `query` is what of the query string belongs to the page's identity (a filter does, a cursor does not).
    """
    tail = f"?{query}" if query else ""
    own = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    codes = [code for code, _ in settings.LANGUAGES]
    paths = {code: f"{in_language(request.path, code)}{tail}" for code in codes}
    other = next(code for code in codes if code != own)
    whole = request.GET.urlencode()
    return {
        "canonical": addresses.absolute(request, paths[own]),
        "alternates": {code: addresses.absolute(request, path) for code, path in paths.items()},
        "other_language_url": in_language(request.path, other) + (f"?{whole}" if whole else ""),
    }
