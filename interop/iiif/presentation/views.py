"""Views of manifests and collections. Every request asks anew what this viewer may see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial, wraps

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.caching import publicly_cacheable
from access.policy import Standing
from access.requests import viewer_of
from access.viewer import Viewer
from archive import addresses, companions, cursors, former_addresses, queries
from archive.cursors import BadCursor
from archive.models import Item, ItemFile, RecordKind
from interop.iiif.presentation import records, wire
from interop.iiif.presentation.values import About, Entry

SALT = "interop.iiif.collection"
# A manifest is about as long as an item of the API; viewers draw a list of this length without paging.
PART = 200
View = Callable[..., HttpResponseBase]
Made = tuple[wire.Json, Item | None]


def door(view: Callable[..., Made | HttpResponseBase]) -> View:
    """Wrap a view that returns JSON, and the item whose wholly public answer caches may keep; what is not there or not open is one 404."""

    @require_http_methods(["GET", "HEAD", "OPTIONS"])
    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return preflight()
        try:
            made = view(request, *args, **kwargs)
        except (queries.NotVisible, BadCursor):
            return _nothing()
        return made if isinstance(made, HttpResponseBase) else _sent(request, *made)

    return answer


@door
def manifest(request: HttpRequest, pid: str) -> Made:
    """Send the manifest of an item."""
    item = queries.item(viewer_of(request), pid)
    return wire.manifest(records.manifest_of(item, _absolute(request))), item


@door
def transcript(request: HttpRequest, pid: str, file_pid: str) -> Made:
    """Send what is said in a recording, or written in a plain text, as annotations."""
    item = queries.item(viewer_of(request), pid)
    seen: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    text = next((one for one in seen if one.pid == file_pid), None)
    said = [] if text is None else records.spoken(text)
    # Subtitles whose recording is not open have no canvas.
    shown = (companions.recording_of(text, seen) if companions.is_companion(text) else text) if text else None
    if text is None or shown is None or not said:
        raise queries.NotVisible
    place = records.place_of(item, _absolute(request))
    return wire.transcript(place.transcript(text), place.canvas(shown), text.language, said), item


@door
def top(request: HttpRequest) -> Made:
    """Send the collection of all collections that are part of none the viewer knows of, and of what is in no collection."""
    viewer, absolute = viewer_of(request), _absolute(request)
    known = list(queries.collections(viewer))
    keys = {one.pk for one in known}
    entries = records.collection_entries((one for one in known if one.parent_id not in keys), absolute)
    if _rest(viewer).exists():
        entries.append(Entry(records.about_rest(absolute).address, "Collection", records.rest_label()))
    return wire.collection(records.about_top(absolute), entries), None


@door
def collection(request: HttpRequest, slug: str) -> Made | HttpResponseBase:
    """Send one collection: its parts, then its items, so many at a time."""
    viewer, absolute = viewer_of(request), _absolute(request)
    found = queries.whole_collections(viewer).filter(slug=slug).first()
    if found is None:
        return _moved(request, viewer, slug)
    items = queries.published_items(viewer).filter(collections=found)
    parts = [] if "cursor" in request.GET else records.collection_entries(found.parts.all(), absolute)
    about = partial(records.about_collection, found, absolute)
    return _listed(request, viewer, items, about, parts, question=f"collection {found.pk}")


@door
def rest(request: HttpRequest) -> Made:
    """Send what is in no collection."""
    viewer, absolute = viewer_of(request), _absolute(request)
    return _listed(request, viewer, _rest(viewer), partial(records.about_rest, absolute), [], question="rest")


def _rest(viewer: Viewer) -> QuerySet[Item]:
    return queries.published_items(viewer).filter(collections=None)


def _listed(
    request: HttpRequest,
    viewer: Viewer,
    items: QuerySet[Item],
    about: Callable[[str], About],
    first: list[Entry],
    *,
    question: str,
) -> Made:
    """Return a part of a long collection, in the order of primary keys; its last entry leads on. Four queries."""
    absolute, cursor = _absolute(request), request.GET.get("cursor", "")
    rows = items.order_by("pk")
    if cursor:
        match cursors.read(cursor, question=question, salt=SALT):
            case [str(pid)]:
                rows = rows.filter(pk__gt=Item.objects.filter(pid=pid).values("pk")[:1])
            case _:
                raise BadCursor
    page = list(queries.pictured(viewer, rows)[: PART + 1])
    entries = [*first, *records.item_entries(page[:PART], absolute)]
    query = f"?cursor={cursor}" if cursor else ""
    if len(page) > PART:
        onward = cursors.write([page[PART - 1].pid], question=question, salt=SALT)
        entries.append(records.continued(about(f"?cursor={onward}").address))
    return wire.collection(about(query), entries), None


def _moved(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponseBase:
    today = former_addresses.leads_to(viewer, RecordKind.COLLECTION, slug[:120])
    if not today:
        raise queries.NotVisible
    response = HttpResponse(status=301)
    response["Location"] = addresses.absolute(request, f"{records.ROOT}/collection/{today}")
    return response


def _absolute(request: HttpRequest) -> records.Absolute:
    return partial(addresses.absolute, request)


def _sent(request: HttpRequest, made: wire.Json, item: Item | None) -> HttpResponseBase:
    content = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    asked = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    known = etag.removeprefix("W/") in asked
    response = HttpResponse(b"" if known else content, status=304 if known else 200)
    response["Content-Type"] = (
        _linked(made) if "application/ld+json" in request.headers.get("Accept", "") else "application/json"
    )
    response["ETag"] = etag
    patch_vary_headers(response, ("Accept",))
    is_for_all = item is not None and is_wholly_public(item)
    viewer = viewer_of(request)
    if is_for_all or viewer.is_stranger or viewer.standing == Standing():
        response["Access-Control-Allow-Origin"] = "*"
    if is_for_all and item is not None:
        publicly_cacheable(response, rule=item.effective_rule)
    return response


def _linked(made: wire.Json) -> str:
    """Return the media type that names the answer's own context, the last where there are several."""
    context = made["@context"]
    return f'application/ld+json;profile="{context if isinstance(context, str) else context[-1]}"'


def is_wholly_public(item: Item) -> bool:
    """Return whether an item and every file of it are open to everybody: then its manifest is the same for all. One query at most."""
    is_public: bool = item.effective_rule.policy.is_public
    return is_public and not item.files.exclude(effective_rule=item.effective_rule).exists()


def _nothing() -> HttpResponse:
    sentence = _("There is no such thing here, or it is not open.")
    return HttpResponse(f"{sentence}\n", status=404, content_type="text/plain; charset=utf-8")


def preflight() -> HttpResponseBase:
    """Answer a browser that asks before it asks: the same for every address."""
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Accept, Authorization, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response
