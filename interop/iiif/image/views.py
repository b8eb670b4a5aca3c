"""Views of the Image API. Every request asks anew whether this viewer may see this file."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.caching import publicly_cacheable
from access.requests import viewer_of
from archive import addresses, queries
from archive.models import ItemFile
from interop.iiif.image import records, rendering, wire
from interop.iiif.image.records import Pyramid
from interop.iiif.image.request import ImageRequest, Picture, RequestRefused, canonical, parse
from interop.iiif.image.tiff import NotAPyramid
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

RENDERING_VERSION = 1  # of the bytes that the same request gives; part of every validator
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
    described = wire.info(addresses.absolute(request, addresses.iiif_image(file)), pyramid.levels())
    response = JsonResponse(described, json_dumps_params={"ensure_ascii": False})
    if "application/ld+json" in request.headers.get("Accept", ""):
        response["Content-Type"] = wire.JSON_LD
    response["Link"] = wire.PROFILE_LINK
    patch_vary_headers(response, ("Accept",))
    return response


@_door
def image(request: HttpRequest, file: ItemFile, pyramid: Pyramid, rest: str) -> HttpResponseBase:
    """Send a part of a picture (section 4): a stored tile as it lies, anything else cut for this request."""
    levels = pyramid.levels()
    picture = Picture(levels[0].width, levels[0].height, rendering.AREA_MOST)
    asked = _asked(picture, rest)
    path = canonical(asked, picture)
    etag = f'"{hashlib.sha256(f"{RENDERING_VERSION} {pyramid.sha256} {path}".encode()).hexdigest()[:32]}"'
    if etag in {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}:
        response = HttpResponse(status=304)
    else:
        stored = rendering.passthrough(levels, asked)
        read = pyramid.reader()
        content = rendering.tile(read, *stored) if stored else rendering.render(read, levels, asked)
        response = HttpResponse(content, content_type=wire.MEDIA_TYPES[asked.format])
    response["ETag"] = etag
    address = addresses.absolute(request, f"{addresses.iiif_image(file)}/{path}")
    response["Link"] = f'{wire.PROFILE_LINK},<{address}>;rel="canonical"'
    return response


def _asked(picture: Picture, rest: str) -> ImageRequest:
    parts = rest.split("/")
    if len(parts) != 4 or "." not in parts[3]:
        raise RequestRefused("an image is {region}/{size}/{rotation}/{quality}.{format}")
    region, size, rotation, last = parts
    quality, _dot, format_name = last.rpartition(".")
    return parse(picture, region, size, rotation, quality, format_name)


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
