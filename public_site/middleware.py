"""Compression of the public pages, and what they say while the search is being prepared."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import brotli  # type: ignore[import-untyped]  # a compiled module without types
import deflate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from archive.search import SearchPreparing

GetResponse = Callable[[HttpRequest], HttpResponse]
SMALLEST_BYTES = 400
BROTLI_QUALITY = 5
GZIP_LEVEL = 5
APPS = frozenset({"public_site", "public_root"})


def brotlied(page: bytes) -> bytes:
    """A page in brotli's form."""
    packed: bytes = brotli.compress(page, quality=BROTLI_QUALITY)
    return packed


def gzipped(page: bytes) -> bytes:
    """A page in gzip's form, the same each time: it tells of no moment."""
    return bytes(deflate.gzip_compress(page, GZIP_LEVEL))


# The better first.
CODINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (("br", brotlied), ("gzip", gzipped))


@lru_cache(maxsize=256)
def coding_for(accepted: str) -> tuple[str, Callable[[bytes], bytes]] | None:
    """The coding for a browser that accepts these (`Accept-Encoding`, RFC 9110 12.5.3), and what makes it; one with q=0 is not taken."""
    return next((coding for coding in CODINGS if _takes(accepted, coding[0])), None)


def _takes(accepted: str, coding: str) -> bool:
    for part in accepted.split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip().lower() == coding:
            return weight.replace(" ", "").lower() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def uncompressed(response: HttpResponse) -> None:
    """Mark an answer that holds somebody's own words: its length after compression would tell of them."""
    response.holds_own_words = True  # type: ignore[attr-defined]  # Django's answer is open to attributes


class CompressionMiddleware:
    """Compresses what the public site answers, and nothing else.

    Its pages hold no secret (no token, no form that posts), so compression gives none away (BREACH), but for a reader's own notes on
    the page of a work (`uncompressed`); files are sent with ranges and are compressed already.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or not APPS & set(match.app_names) or hasattr(response, "holds_own_words"):
            return response
        if response.streaming or len(response.content) < SMALLEST_BYTES or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        coding = coding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if coding is None:
            return response
        response["Content-Encoding"], compressed = coding
        response.content = compressed(response.content)
        response["Content-Length"] = str(len(response.content))
        return response


class PreparingMiddleware:
    """Answers 503 with a sentence, and when to ask again, where a page of the public site cannot be made before the search is there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for that one exception; None for any other."""
        if not isinstance(exception, SearchPreparing):
            return None
        answer = render(request, "public_site/preparing.html", status=503)
        answer["Retry-After"] = str(exception.retry_after_s)
        return answer
