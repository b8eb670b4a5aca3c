"""Views of the Image API. Every request asks anew whether this viewer may see this file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access import lasting
from access.caching import publicly_cacheable
from access.requests import viewer_of
from archive import addresses, queries, sights
from archive.models import ItemFile
from archive.views import send_derived
from interop.iiif.image import answering, pages, records, remembering, rendering, wire
from interop.iiif.image.pages import PagePicture
from interop.iiif.image.records import Pyramid
from interop.iiif.image.request import RequestRefused
from interop.iiif.image.tiff import NotAPyramid
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

RETRY_S = 30
BUSY_RETRY_S = 2  # a picture takes less

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
P = TypeVar("P", Pyramid, PagePicture)


def _door(
    find: Callable[[ItemFile, int], P | None],
) -> Callable[[Callable[[HttpRequest, ItemFile, P, str], HttpResponseBase]], View]:
    """Return what wraps a view of a visible picture, which `find` finds among what was made of a file: what is not there or not open is one
    and the same 404, what cannot be read now is 503."""

    def wrapped(view: Callable[[HttpRequest, ItemFile, P, str], HttpResponseBase]) -> View:
        @require_http_methods(["GET", "HEAD", "OPTIONS"])
        @wraps(view)
        def answer(request: HttpRequest, pid: str, rest: str = "", number: int = 0) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return _preflight()
            try:
                file = queries.file(viewer_of(request), pid)
                picture = find(file, number)
            except queries.NotVisible:
                picture = None
            if picture is None:
                return _said(404, _("There is no such picture, or it is not open."))
            try:
                response = view(request, file, picture, rest)
            except RequestRefused as error:
                response = _said(400, f"{error}.")
            except rendering.Busy:
                response = _later(
                    _("Many pictures are being cut just now. Please try again in a moment."), retry_s=BUSY_RETRY_S
                )
            except (StorageUnavailable, KeyMissing, NotAPyramid) as error:
                logger.warning("pyramid of file %s: %s: %s", file.pid, type(error).__name__, error)
                response = _later(_("The picture cannot be read just now. Please try again later."))
            return _opened(response, file)

        return answer

    return wrapped


_of_file = _door(lambda file, _number: records.of_file(file))
_of_page = _door(pages.of_page)


@_of_file
def base(request: HttpRequest, file: ItemFile, pyramid: Pyramid, rest: str) -> HttpResponseBase:
    """Lead from the service's address to its description (section 2)."""
    return _led(addresses.absolute(request, f"{addresses.iiif_image(file)}/info.json"))


@_of_file
def info(request: HttpRequest, file: ItemFile, pyramid: Pyramid, rest: str) -> HttpResponseBase:
    """Describe a picture, as JSON or, when asked for it, as JSON-LD (section 5.1)."""
    described = wire.info(addresses.absolute(request, addresses.iiif_image(file)), pyramid.directory().levels)
    response = JsonResponse(described, json_dumps_params={"ensure_ascii": False})
    if "application/ld+json" in request.headers.get("Accept", ""):
        response["Content-Type"] = wire.JSON_LD
    response["Link"] = wire.PROFILE_LINK
    patch_vary_headers(response, ("Accept",))
    return response


@_of_file
def image(request: HttpRequest, file: ItemFile, pyramid: Pyramid, rest: str) -> HttpResponseBase:
    """Send a part of a picture (section 4): a stored tile as it lies, anything else cut for this request."""
    directory = pyramid.directory()
    prepared = answering.prepare(directory, rest)
    length = answering.content_length(prepared)
    response: HttpResponseBase
    if answering.is_known(prepared, request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    elif request.method == "HEAD" and length is None:
        # Nothing is cut for whoever only asks what there is; how long it would be is left unsaid (RFC 9110, 9.3.2).
        response = StreamingHttpResponse((), content_type=prepared.media_type)
    else:
        content = b"" if request.method == "HEAD" else answering.content(directory, prepared, pyramid.reader())
        response = HttpResponse(content, content_type=prepared.media_type)
        response["Content-Length"] = str(length if request.method == "HEAD" else len(content))
    response["ETag"] = prepared.etag
    address = addresses.absolute(request, f"{addresses.iiif_image(file)}/{prepared.path}")
    response["Link"] = f'{wire.PROFILE_LINK},<{address}>;rel="canonical"'
    _tell_dispatcher(request, file, pyramid)
    return response


@_of_page
def page_base(request: HttpRequest, file: ItemFile, picture: PagePicture, rest: str) -> HttpResponseBase:
    """Lead from the address of a page's service to its description."""
    return _led(addresses.absolute(request, f"{_page_service(request, file)}/info.json"))


@_of_page
def page_info(request: HttpRequest, file: ItemFile, picture: PagePicture, rest: str) -> HttpResponseBase:
    """Describe the picture of a page."""
    service = addresses.absolute(request, _page_service(request, file))
    response = JsonResponse(pages.info(service, picture))
    if "application/ld+json" in request.headers.get("Accept", ""):
        response["Content-Type"] = wire.JSON_LD
    patch_vary_headers(response, ("Accept",))
    return response


@_of_page
def page_image(request: HttpRequest, file: ItemFile, picture: PagePicture, rest: str) -> HttpResponseBase:
    """Send the picture of a page as it lies ready; of level 0 there is no other."""
    if not pages.is_whole(picture, rest):
        return _said(400, _("This picture is there as a whole, in one size."))
    # Not led there: judges and players take a redirect for a picture that is not there.
    return send_derived(request, file, pages.ROLE, picture.name)


def _page_service(request: HttpRequest, file: ItemFile) -> str:
    number = request.resolver_match.kwargs["number"] if request.resolver_match else 0
    return addresses.iiif_page(file, number)


def _led(address: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = address
    return response


def _tell_dispatcher(request: HttpRequest, file: ItemFile, pyramid: Pyramid) -> None:
    """Let the dispatcher in front answer this viewer's next tiles of this picture, but for sights that have to be written down."""
    note = request.META.get(remembering.NOTE)
    if not isinstance(note, remembering.Note):
        return
    viewer = viewer_of(request)
    if not sights.is_written_down(viewer, file):
        at_most = viewer.decided_at + timedelta(seconds=remembering.LASTS_S)
        note.pyramid = pyramid
        note.holds_until = lasting.holds_until(request, now=viewer.decided_at, at_most=at_most).timestamp()


def _opened(response: HttpResponseBase, file: ItemFile) -> HttpResponseBase:
    """Let other sites' viewers and shared caches have what everybody may see, and nothing else."""
    if file.effective_rule.policy.is_public:
        response["Access-Control-Allow-Origin"] = "*"
        if response.status_code in {200, 303, 304}:
            publicly_cacheable(response, rule=file.effective_rule)
    return response


def _preflight() -> HttpResponseBase:
    """Answer a browser that asks before it asks: the same for every address."""
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match, Range"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _said(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


def _later(sentence: str, *, retry_s: int = RETRY_S) -> HttpResponse:
    response = _said(503, sentence)
    response["Retry-After"] = str(retry_s)
    return response
