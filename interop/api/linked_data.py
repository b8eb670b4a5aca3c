"""Items as linked data: schema.org in JSON-LD, to whoever asks for `application/ld+json`."""

from __future__ import annotations

from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from access.viewer import Viewer
from archive import addresses, public_records
from archive.crosswalks import schema_org
from archive.models import Item


class LinkedDataRenderer(JSONRenderer):
    """JSON under the name that says that it is linked data; errors are problems (RFC 9457) under their own name."""

    media_type = schema_org.MEDIA_TYPE
    format = "jsonld"


def is_asked(request: Request) -> bool:
    """Return whether the form that was agreed on with the reader is linked data."""
    return isinstance(request.accepted_renderer, LinkedDataRenderer)


def of_item(request: Request, viewer: Viewer, item: Item, *, has_closed_files: bool) -> dict[str, Any]:  # Any: JSON
    """Return an item read by `archive.queries.described`. Queries as `public_records.of_item`."""
    base = addresses.absolute(request._request, "/").rstrip("/")
    return schema_org.work(public_records.of_item(viewer, item, base=base, has_closed_files=has_closed_files))
