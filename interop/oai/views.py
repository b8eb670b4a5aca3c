"""OAI-PMH 2.0: the one address. A harvest is a visitor's, whoever asks: what is open to some only goes by other ways (docs/adr/0019)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from access.viewer import Viewer, visitor
from archive import addresses, harvest_names
from interop.oai import listing, preparing, schema, set_names, tokens, wire
from interop.oai.formats import FORMATS, Format
from interop.oai.request import Asked, OaiError, read
from interop.oai.shapes import Told
from interop.oai.wire import Site

XML = "text/xml; charset=utf-8"
GZIP_LEVEL, SMALLEST_BYTES = 1, 400
_RETRY_S = 10


@csrf_exempt  # nothing is changed for anybody, and harvesters have no tokens
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Answer a request. Errors of the protocol are answers with status 200 (section 3.6); 503 while the database is busy (3.1.2.2)."""
    now = timezone.now()
    site = _site(request)
    given = request.POST if request.method == "POST" else request.GET
    arguments: Mapping[str, str] = {name: str(values[0]) for name, values in given.lists() if values}
    try:
        asked = read({name: [str(value) for value in values] for name, values in given.lists()})
        body = wire.answer(site, arguments, _body(site, asked, now=now), now_s=int(now.timestamp()))
    except OaiError as fault:
        body = wire.error(site, arguments, fault, now_s=int(now.timestamp()))
    except OperationalError:
        return HttpResponse(
            status=503, headers={"Retry-After": str(_RETRY_S)}, content_type="text/plain; charset=utf-8"
        )
    return _sent(request, body)


@require_safe
def rights_schema(request: HttpRequest) -> HttpResponse:
    """Answer the schema of the format `rights`."""
    return HttpResponse(schema.RIGHTS, content_type="application/xml; charset=utf-8")


def _body(site: Site, asked: Asked, *, now: datetime) -> bytes:
    viewer = visitor(now=now)
    preparing.follow_rules(viewer)
    match asked.verb:
        case "Identify":
            preparing.prepare(viewer, now=now)
            earliest = listing.earliest_s()
            return wire.identify(site, earliest_s=0 if earliest is None else earliest)
        case "ListMetadataFormats":
            if asked.argument("identifier"):
                _only(viewer, site, asked, None, now=now)
            return wire.formats(FORMATS.values())
        case "ListSets":
            if asked.argument("resumptionToken"):
                raise OaiError("badResumptionToken", "The list of sets comes in one page.")
            preparing.prepare(viewer, now=now)
            return wire.sets(set_names.of(listing.open_sets(viewer)))
        case "GetRecord":
            return wire.record(site, _only(viewer, site, asked, _format(asked.argument("metadataPrefix")), now=now))
        case _:
            return _list(viewer, site, asked, now=now)


def _only(viewer: Viewer, site: Site, asked: Asked, form: Format | None, *, now: datetime) -> Told:
    scheme, _, rest = asked.argument("identifier").partition(":")
    namespace, _, pid = rest.rpartition(":")
    if scheme != "oai" or namespace != site.namespace or len(pid) > 40:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return listing.one(viewer, pid, form, now=now)


def _list(viewer: Viewer, site: Site, asked: Asked, *, now: datetime) -> bytes:
    now_s = int(now.timestamp())
    if token := asked.argument("resumptionToken"):
        try:
            place = tokens.read(token, verb=asked.verb, now_s=now_s)
        except tokens.BadToken as error:
            raise OaiError("badResumptionToken", "This token is not one of ours, or its time is over.") from error
        form = _format(place.prefix)
    else:
        form = _format(asked.argument("metadataPrefix"))
        preparing.prepare(viewer, now=now)
        preparing.begin(now=now)
        place = listing.begin(asked, now=now)
    page = listing.page(viewer, place, form if asked.verb == "ListRecords" else None, now=now)
    following = "" if page.following is None else tokens.write(page.following)
    return wire.listed(site, asked.verb, page, following)


def _format(prefix: str) -> Format:
    if prefix not in FORMATS:
        raise OaiError("cannotDisseminateFormat", "Formats: " + ", ".join(FORMATS) + ".")
    return FORMATS[prefix]


def _site(request: HttpRequest) -> Site:
    namespace = harvest_names.namespace()
    return Site(
        base=addresses.absolute(request, "/").rstrip("/"),
        namespace=namespace,
        name=settings.LIBRARY_NAME,
        email=settings.LIBRARY_CONTACT_EMAIL or f"postmaster@{namespace}",
        logo=settings.LIBRARY_LOGO or "",
        friends=settings.OAI_FRIENDS,
    )


def _sent(request: HttpRequest, body: bytes) -> HttpResponse:
    """Return the answer, compressed where the harvester takes it. There is no secret in it that compression could give away."""
    response = HttpResponse(body, content_type=XML)
    response["Vary"] = "Accept-Encoding"
    if len(body) >= SMALLEST_BYTES and _takes_gzip(request):
        response.content = gzip.compress(body, GZIP_LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    for part in request.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip().lower() in {"gzip", "x-gzip"}:
            return not re.fullmatch(r"q=0(\.0{0,3})?", weight.replace(" ", "").lower())
    return False
