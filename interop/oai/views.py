"""OAI-PMH 2.0: the one address. A harvest is a visitor's, whoever asks, but for a partner's own set, which its key opens (ADR 0019)."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from access.models import Partner
from access.partners import partner_key_of
from access.viewer import Viewer, partner_viewer, visitor
from archive import addresses, content_codings, harvest_names
from interop.oai import listing, partner_sets, preparing, schema, searches, set_names, sets, tokens, wire
from interop.oai.formats import FORMATS, Format
from interop.oai.request import Asked, OaiError, read
from interop.oai.shapes import Page, Place, Told
from interop.oai.wire import Site

XML = "text/xml; charset=utf-8"
GZIP_LEVEL, SMALLEST_BYTES = 1, 400
_RETRY_S = 10
# What a harvest looks at before it begins, in batches: what thousands of changes made is told by this one, of more than that by the next.
_TURNS_MOST = 15
_STRANGE_PLACE = "This token is not one of ours, or its time is over."


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
        body = wire.answer(site, arguments, _Harvest(request, site, now).body(asked), now_s=int(now.timestamp()))
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


class _Harvest:
    """One request: a visitor's, whoever asks; of a partner's own set that partner's."""

    def __init__(self, request: HttpRequest, site: Site, now: datetime) -> None:
        self._site, self._now, self._now_s = site, now, int(now.timestamp())
        self._stranger = visitor(now=now)
        key = partner_key_of(request)
        self._partner = None if key is None else key.partner

    def body(self, asked: Asked) -> wire.Parts:
        """Return what stands in the answer. Raises OaiError."""
        preparing.follow_rules(self._stranger)
        match asked.verb:
            case "Identify":
                preparing.prepare(self._stranger, now=self._now)
                earliest = listing.earliest_s()
                return wire.identify(self._site, earliest_s=0 if earliest is None else earliest)
            case "ListMetadataFormats":
                if asked.argument("identifier"):
                    self._only(asked, None)
                return wire.formats(FORMATS.values())
            case "ListSets":
                return self._sets(asked)
            case "GetRecord":
                return wire.record(self._site, self._only(asked, _format(asked.argument("metadataPrefix"))))
            case _:
                return self._list(asked)

    def _sets(self, asked: Asked) -> wire.Parts:
        if asked.argument("resumptionToken"):
            raise OaiError("badResumptionToken", "The list of sets comes in one page.")
        preparing.prepare(self._stranger, now=self._now)
        named = list(set_names.of(listing.open_sets(self._stranger)))
        if self._partner is not None:
            named.append(set_names.of_partner(partner_sets.spec_of(self._partner), self._partner.name))
        return wire.sets(named)

    def _only(self, asked: Asked, form: Format | None) -> Told:
        scheme, _, rest = asked.argument("identifier").partition(":")
        namespace, _, pid = rest.rpartition(":")
        if scheme != "oai" or namespace != self._site.namespace or len(pid) > 40:
            raise OaiError("idDoesNotExist", "There is no such record.")
        if self._partner is not None:
            theirs = partner_sets.one(self._partner, self._viewer(self._partner), self._stranger, pid, form)
            if theirs is not None:
                return theirs
        return listing.one(self._stranger, pid, form, now=self._now)

    def _list(self, asked: Asked) -> wire.Parts:
        if token := asked.argument("resumptionToken"):
            try:
                place = tokens.read(token, verb=asked.verb, now_s=self._now_s)
            except tokens.BadToken as error:
                raise OaiError("badResumptionToken", _STRANGE_PLACE) from error
            form = _format(place.prefix)
        else:
            form = _format(asked.argument("metadataPrefix"))
            place = self._begin(asked)
        page = self._page(place, form if asked.verb == "ListRecords" else None)
        following = "" if page.following is None else tokens.write(page.following)
        return wire.listed(self._site, asked.verb, page, following)

    def _begin(self, asked: Asked) -> Place:
        spec = asked.argument("set")
        root, _, rest = spec.partition(":")
        if root == sets.SEARCH and not searches.follow_one(self._stranger, rest):
            raise OaiError("noRecordsMatch", "No record matches.")
        for _turn in range(_TURNS_MOST):
            if not preparing.prepare(self._stranger, now=self._now):
                break
        preparing.begin(now=self._now)
        if partner_sets.is_own(spec) and self._partner is not None:
            viewer = self._viewer(self._partner)
            return partner_sets.begin(self._partner, viewer, self._stranger, asked, now=self._now)
        return listing.begin(asked, now=self._now)

    def _page(self, place: Place, form: Format | None) -> Page:
        if not partner_sets.is_own(place.spec):
            return listing.page(self._stranger, place, form, now=self._now)
        if self._partner is None or place.spec != partner_sets.spec_of(self._partner):
            raise OaiError("badResumptionToken", _STRANGE_PLACE)
        return partner_sets.page(self._partner, self._viewer(self._partner), place, form)

    def _viewer(self, partner: Partner) -> Viewer:
        return partner_viewer(partner.account, now=self._now)


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
    if len(body) >= SMALLEST_BYTES and content_codings.best(request.headers.get("Accept-Encoding", ""), ("gzip",)):
        response.content = gzip.compress(body, GZIP_LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return response
