"""How answers go out: validators, 304 for who has them already, and content codings."""

from __future__ import annotations

import hashlib

from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe
from rest_framework.request import Request

from access.partners import partner_key_of
from access.requests import viewer_of
from archive import content_codings

# A date has whole seconds, and is that of the request which made the record: another one of the same second may end later
# (RFC 9110, section 8.8.2.2). No request lasts as long as this.
SETTLED_S = 60


def last_modified(made_s: int, *, now_s: int) -> dict[str, str]:
    """Return the header of a record that was last made at this moment, once a later one could be told from it."""
    return {"Last-Modified": http_date(made_s)} if made_s + SETTLED_S < now_s else {}


def finish(request: Request, response: HttpResponseBase, *, is_for_everybody: bool) -> HttpResponseBase | None:
    """Give an answer its weak validator (compression changes the bytes), shorten it to 304 if the reader has it, else compress it."""
    content: bytes = response.content  # type: ignore[attr-defined]  # never a stream here
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["ETag"] = etag
    if _has_it(request, etag, response.headers.get("Last-Modified", "")):
        response.status_code = 304
        response.content = b""  # type: ignore[attr-defined]  # as above
        del response["Content-Type"]
        return None
    patch_vary_headers(response, ("Accept-Encoding",))
    if len(content) >= content_codings.SMALLEST_BYTES and (is_for_everybody or _is_no_browser_of_a_reader(request)):
        coding = content_codings.best(request.headers.get("Accept-Encoding", ""))
        if coding:
            response.content = content_codings.compress(content, coding)  # type: ignore[attr-defined]  # as above
            response["Content-Encoding"] = coding
    return None


def _has_it(request: Request, etag: str, modified: str) -> bool:
    """Whether the reader has this answer (RFC 9110, section 13.2.2): a date is asked only where no tag is sent."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        asked = {tag.strip() for tag in tags.split(",")}
        return not asked.isdisjoint({etag, etag.removeprefix("W/"), "*"})
    had, has = parse_http_date_safe(request.headers.get("If-Modified-Since", "")), parse_http_date_safe(modified)
    return had is not None and has is not None and has <= had


def _is_no_browser_of_a_reader(request: Request) -> bool:
    """Whether nobody can make a signed-in reader's browser ask this: what others choose to ask, compressed with what only the reader may
    see, would give it away by its length."""
    return partner_key_of(request._request) is not None or viewer_of(request).user_id is None
