"""Filters that ask for a heading by an address part that it no longer has: the answer leads to the same question with today's."""

from __future__ import annotations

from rest_framework import exceptions, status
from rest_framework.request import Request

from access.requests import viewer_of
from archive import addresses, former_addresses
from archive.models import RecordKind

BY_SLUG = {
    "people": RecordKind.PEOPLE,
    "place": RecordKind.PLACE,
    "subject": RecordKind.SUBJECT,
    "collection": RecordKind.COLLECTION,
}


class Moved(exceptions.APIException):
    """What is asked for has another address."""

    status_code = status.HTTP_301_MOVED_PERMANENTLY

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


def follow(request: Request) -> None:
    """Raise Moved where a filter names a heading by a former address part. One query for each such filter, as a rule."""
    query = request.query_params.copy()
    viewer = viewer_of(request)
    for name, kind in BY_SLUG.items():
        if name in query and (today := former_addresses.leads_to(viewer, kind, str(query[name])[:120])):
            query[name] = today
    if query != request.query_params:
        raise Moved(addresses.absolute(request._request, f"{request.path}?{query.urlencode()}"))
