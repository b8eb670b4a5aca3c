"""Bytes out: ranges, validators and headers that let nothing run on our origin."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from access.models import AccessRule
from archive import sendfile
from media_pipeline.storage.errors import KeyMissing, MasterDamaged, StorageUnavailable

logger = logging.getLogger(__name__)

# Shown in the page as they are; everything else is a download of an unknown kind. None of them can run script: our own SVG is one
# path (media_pipeline.outputs), and the policy below forbids script to whatever else might get here.
INLINE_TYPES = frozenset(
    {
        "image/webp", "image/jpeg", "image/png", "audio/ogg", "audio/mp4", "audio/mpeg", "video/mp4", "video/iso.segment",
        "image/svg+xml", "application/vnd.apple.mpegurl", "application/json", "text/vtt", "text/plain",
    }
)  # fmt: skip
# Numbers of more digits than any file has bytes are no range of ours.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
RETRY_S = 30


class Source(Protocol):
    """Where bytes come from: one stored file."""

    def read_range(self, start: int, length: int) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Body:
    """One file to send. `sha256` is its strong validator; `storage_name` its key in the storage "files", empty for what lies nowhere so."""

    source: Source
    storage_name: str
    size_bytes: int
    sha256: str
    media_type: str
    download_name: str = ""


def send(request: HttpRequest, body: Body) -> HttpResponseBase:
    """Return 200, 206, 304 or 416 for GET and HEAD. One range is served; a request for several gets the whole (RFC 9110 14.2).

    Where nginx sends the bytes this returns an empty 200 that names them, and nginx makes of it what the reader gets.
    """
    etag = f'"{body.sha256}"'
    if etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]:
        return _headed(HttpResponse(status=304), body, etag)
    span = _span(request, body.size_bytes, etag)
    if span is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{body.size_bytes}"
        return _headed(refused, body, etag)
    start, end, partial = span
    response: HttpResponseBase
    if body.storage_name and sendfile.is_for_the_proxy(request, is_partial=partial):
        response = HttpResponse()
        response[sendfile.HEADER] = sendfile.internal_address(body.storage_name)
        return _headed(response, body, etag)
    length = end - start + 1
    bodiless = request.method == "HEAD"
    try:
        response = HttpResponse() if bodiless else StreamingHttpResponse(_begun(body.source.read_range(start, length)))
    except (StorageUnavailable, KeyMissing, MasterDamaged) as error:
        logger.warning("%s: %s: %s", body.storage_name, type(error).__name__, error)
        return unavailable()
    response["Content-Length"] = str(length)
    if partial:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{body.size_bytes}"
    return _headed(response, body, etag)


def readable_elsewhere(response: HttpResponseBase, *, rule: AccessRule) -> HttpResponseBase:
    """Let players and viewers on other sites show what everybody may see; nothing else is for them."""
    if rule.policy.is_public:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Length, Content-Range, ETag"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def unavailable() -> HttpResponse:
    """Return the answer for bytes that are recorded but cannot be read now: come again, nothing is lost."""
    response = HttpResponse(_("The file cannot be read just now. Please try again later.") + "\n", status=503)
    response["Content-Type"] = "text/plain; charset=utf-8"
    response["Retry-After"] = str(RETRY_S)
    return response


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Return the same chunks with the first one read already: a storage that is gone shows before the status is sent."""
    first = next(chunks, b"")

    def whole() -> Iterator[bytes]:
        # A generator, so that a reader who leaves closes the file below.
        yield first
        yield from chunks

    return whole()


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool] | None:
    """Return (first byte, last byte, is partial), or None when the range lies outside the file."""
    whole = (0, size - 1, False)
    # RFC 9110 14.2: a range means something for GET alone.
    asked = request.headers.get("Range", "") if request.method == "GET" else ""
    fresh = request.headers.get("If-Range", etag) == etag
    found = _RANGE.fullmatch(asked.strip())
    if not asked or not fresh or not found or found.groups() == ("", ""):
        return whole
    first, last = found.groups()
    if first == "":
        length = min(int(last), size)
        return None if length == 0 else (size - length, size - 1, True)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if start >= size or start > end:
        return None
    return start, end, True


def _headed(response: HttpResponseBase, body: Body, etag: str) -> HttpResponseBase:
    inline = body.media_type in INLINE_TYPES and not body.download_name
    response["Content-Type"] = body.media_type if inline else "application/octet-stream"
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if not inline:
        name = body.download_name or "file"
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    # Our own pages set a policy for documents; django-csp must not put it over this narrower one.
    response._csp_exempt = True  # type: ignore[attr-defined]  # read by django-csp
    return response
