"""SRU: the one address. Who sends a partner's key sees what that partner may see, everybody else what every visitor may."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from access.partners import partner_key_of
from access.viewer import Viewer, partner_viewer, visitor
from archive import addresses
from archive.search import SearchPreparing
from interop.sru import explain, records, request, schemas, wire
from interop.sru.cql import CqlError
from interop.sru.request import Asked, SruError
from interop.sru.wire import Diagnostic, Written

XML = "application/xml; charset=utf-8"
GZIP_LEVEL, SMALLEST_BYTES = 1, 400
BUSY_S = 10
UNAVAILABLE = 2


@csrf_exempt  # nothing is changed for anybody, and clients have no tokens
@require_http_methods(["GET", "HEAD", "POST"])
def sru(asking: HttpRequest) -> HttpResponse:
    """Answer a request. Faults are diagnostics in answers with status 200 (SRU 1.2, diagnostics); 503 while the index is being made."""
    values = asking.POST if asking.method == "POST" else asking.GET
    given = {name: [str(one) for one in several] for name, several in values.lists()}
    try:
        return _sent(asking, _body(asking, request.read(given)))
    except (SruError, CqlError) as fault:
        return _sent(asking, _refused(given, Diagnostic(fault.code, fault.details)))
    except (SearchPreparing, OperationalError) as fault:
        response = _sent(asking, _refused(given, Diagnostic(UNAVAILABLE)))
        response.status_code = 503
        response["Retry-After"] = str(fault.retry_after_s if isinstance(fault, SearchPreparing) else BUSY_S)
        return response


def _body(asking: HttpRequest, asked: Asked) -> bytes:
    base = addresses.absolute(asking, "/").rstrip("/")
    if asked.operation == request.EXPLAIN:
        site = explain.Site(base, settings.LIBRARY_NAME, settings.LIBRARY_CONTACT_EMAIL or "", settings.LANGUAGE_CODE)
        return wire.explained(asked, explain.explain(site, asked.version))
    schema = schemas.find(asked.schema)
    if schema is None:
        raise SruError(request.UNKNOWN_SCHEMA, asked.schema)
    page = records.search(_viewer(asking), asked, base=base)
    written = [Written(one.pid, schema.write(one)) for one in page.records]
    return wire.found(asked, written, schema=schema.identifier, total=page.total, following=page.following)


def _viewer(asking: HttpRequest) -> Viewer:
    # A session does not count here: a catalogue that asks for its readers must not be answered for one of them.
    key, now = partner_key_of(asking), timezone.now()
    return visitor(now=now) if key is None else partner_viewer(key.partner.account, now=now)


def _refused(given: Mapping[str, Sequence[str]], fault: Diagnostic) -> bytes:
    echoed = [(name, several[0]) for name, several in given.items() if several]
    return wire.refused(request.version_of(given), request.operation_of(given), [fault], echoed)


def _sent(asking: HttpRequest, body: bytes) -> HttpResponse:
    """Return the answer, compressed where the client takes it. There is no secret in it that compression could give away."""
    response = HttpResponse(body, content_type=XML)
    response["Vary"] = "Accept-Encoding"
    if len(body) >= SMALLEST_BYTES and _takes_gzip(asking.headers.get("Accept-Encoding", "")):
        response.content = gzip.compress(body, GZIP_LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return response


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip().lower() in {"gzip", "x-gzip"}:
            return not re.fullmatch(r"q=0(\.0{0,3})?", weight.replace(" ", "").lower())
    return False
