"""Views of the content search of one item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from django.http import HttpRequest

from access.requests import viewer_of
from archive import addresses, queries
from archive.models import Item, ItemFile
from interop.iiif.presentation import files
from interop.iiif.presentation.records import place_of
from interop.iiif.presentation.views import Made, door
from interop.iiif.search import records, wire
from interop.iiif.search.finding import Hit

LETTERS_MOST = 200
Write = Callable[[str, str, Sequence[Hit]], wire.Json]


def _search(request: HttpRequest, pid: str, write: Write) -> Made:
    item: Item = queries.item(viewer_of(request), pid)
    seen: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    if not any(files.has_text(file) for file in seen):
        raise queries.NotVisible
    place = place_of(item, partial(addresses.absolute, request))
    question = request.GET.get("q", "")[:LETTERS_MOST]
    found = records.hits(seen, files.canvases_of(seen, place), place.base, question)
    address = addresses.absolute(request, request.get_full_path())
    return write(address, f"{place.base}/hit", found), item


@door
def search_2(request: HttpRequest, pid: str) -> Made:
    """Answer Content Search 2.0."""
    return _search(request, pid, wire.page_2)


@door
def search_1(request: HttpRequest, pid: str) -> Made:
    """Answer Content Search 1.0."""
    return _search(request, pid, wire.page_1)
