"""Views of the Image API. Every request asks anew whether this viewer may see this file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access import lasting
from access.caching import publicly_cacheable
from access.requests import viewer_of
from archive import addresses, queries, sights
from archive.models import ItemFile
from interop.iiif.image import answering, records, remembering, rendering, wire
from interop.iiif.image.records import Pyramid
from interop.iiif.image.request import RequestRefused
from interop.iiif.image.tiff import NotAPyramid
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

RETRY_S = 30
BUSY_RETRY_S = 2  # a picture takes less

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def _door(view: Callable[[HttpRequest, ItemFile, Pyramid, str], HttpResponseBase]) -> View:
    """Wrap a view of a visible picture: what is not there or not open is one and the same 404, what cannot be read now is 503."""

    @require_http_methods(["GET", "HEAD", "OPTIONS"])
    @wraps(view)
    def answer(request: HttpRequest, pid: str, rest: str = "") -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _preflight()
        try:
            file = queries.file(viewer_of(request), pid)
            pyramid = records.of_file(file)
        except queries.NotVisible:
            pyramid = None
        if pyramid is None:
            return _said(404, _("There is no such picture, or it is not open."))
        try:
            response = view(request, file, pyramid, rest)
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


@_door
def base(request: HttpRequest, file: ItemFile, pyramid: Pyramid, rest: str) -> HttpResponseBase:
    """Lead from the service's address to its description (section 2)."""
    response = HttpResponse(status=303)
    response["Location"] = addresses.absolute(request, f"{addresses.iiif_image(file)}/info.json")
    return response


@_door
def info(request: HttpRequest, file: ItemFile, pyramid: Pyramid, rest: str) -> HttpResponseBase:
    """Describe a picture, as JSON or, when asked for it, as JSON-LD (section 5.1)."""
    described = wire.info(addresses.absolute(request, addresses.iiif_image(file)), pyramid.directory().levels)
    response = JsonResponse(described, json_dumps_params={"ensure_ascii": False})
    if "application/ld+json" in request.headers.get("Accept", ""):
        response["Content-Type"] = wire.JSON_LD
    response["Link"] = wire.PROFILE_LINK
    patch_vary_headers(response, ("Accept",))
    return response


@_door
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
