"""Activities as the JSON of IIIF Change Discovery 1.0. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from interop.iiif.discovery.values import Activity, Page, Stream

Json = dict[str, Any]  # Any: JSON
Absolute = Callable[[str], str]
CONTEXT = "http://iiif.io/api/discovery/1/context.json"
ROOT = "/iiif/activity"
STREAM = f"{ROOT}/all-changes"


def stream(value: Stream, absolute: Absolute) -> Json:
    """Return the ordered collection (section 3.1)."""
    return {
        "@context": CONTEXT,
        "id": absolute(STREAM),
        "type": "OrderedCollection",
        "totalItems": value.total,
        "first": _page(value.first, absolute),
        "last": _page(value.last, absolute),
    }


def page(value: Page, absolute: Absolute, manifest: Callable[[str], str]) -> Json:
    """Return one page (section 3.2). `manifest`: from a pid to the address of its manifest."""
    made: Json = {
        "@context": CONTEXT,
        **_page(value.number, absolute),
        "partOf": {"id": absolute(STREAM), "type": "OrderedCollection"},
    }
    if value.before is not None:
        made["prev"] = _page(value.before, absolute)
    if value.after is not None:
        made["next"] = _page(value.after, absolute)
    made["orderedItems"] = [_activity(one, made["id"], manifest) for one in value.activities]
    return made


def _page(number: int, absolute: Absolute) -> Json:
    return {"id": absolute(f"{ROOT}/page/{number}"), "type": "OrderedCollectionPage"}


def _activity(one: Activity, page: str, manifest: Callable[[str], str]) -> Json:
    """Return one activity (section 3.3)."""
    return {
        "id": f"{page}#{one.number}",
        "type": one.kind,
        "endTime": datetime.fromtimestamp(one.told_s, UTC).isoformat().replace("+00:00", "Z"),
        "object": {"id": manifest(one.pid), "type": "Manifest"},
    }
