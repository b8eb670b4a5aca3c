"""Compression of the public pages, and what they say while the search is being prepared."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # a compiled module without types
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from archive.search import SearchPreparing

GetResponse = Callable[[HttpRequest], HttpResponse]
SMALLEST_BYTES = 400
BROTLI_QUALITY = 5
GZIP_LEVEL = 5
APPS = frozenset({"public_site", "public_root"})


def accepts(request: HttpRequest, coding: str) -> bool:
    """Whether the browser takes a coding (RFC 9110 12.5.3); one with q=0 it does not."""
    for part in request.headers.get("Accept-Encoding", "").split(","):
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
        if accepts(request, "br"):
            response.content = brotli.compress(response.content, quality=BROTLI_QUALITY)
            response["Content-Encoding"] = "br"
        elif accepts(request, "gzip"):
            response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
            response["Content-Encoding"] = "gzip"
        else:
            return response
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
