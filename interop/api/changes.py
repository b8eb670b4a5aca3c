"""The list of changes, with deletions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from access.requests import viewer_of
from archive import addresses, changes, cursors
from archive.changes import Change, Position
from archive.models import Item
from archive.search import BadCursor
from interop.api import parameters
from interop.api.documents import describe_changes
from interop.api.headings import Record
from interop.api.views import ReadView

SALT = "interop.api.changes"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# A change is dated when its transaction begins and seen when it is committed. What is told to be complete ends so long before now.
COMMITTED_WITHIN = timedelta(seconds=60)
_MICROSECOND = timedelta(microseconds=1)


class ChangesView(ReadView):
    """What changed since a moment."""

    known_parameters = frozenset({"since", "cursor", "page_size"})

    @describe_changes
    def get(self, request: Request) -> Response:
        query, viewer = request.query_params, viewer_of(request)
        asked = parameters.paging(query)
        since = parameters.changed_since(query, "since") or BEGINNING
        question = f"changes {since.isoformat()}"
        # Of a whole minute, so that an unchanged answer is the same bytes for as long.
        until = viewer.decided_at.replace(second=0, microsecond=0) - COMMITTED_WITHIN
        position = Position(since)
        if asked.cursor:
            try:
                position, until = _read(asked.cursor, question)
            except BadCursor as error:
                raise parameters.bad_cursor() from error
        found = changes.since(viewer, position, at_most=asked.page_size + 1)
        page = found[: asked.page_size]
        absolute = partial(addresses.absolute, request._request)
        following = None
        if len(found) > len(page):
            onward = request.query_params.copy()
            onward["cursor"] = _write(page[-1], until, question)
            following = absolute(f"{request.path}?{onward.urlencode()}")
        return Response({"next": following, "until": _text(until), "results": [_of(one, absolute) for one in page]})


def _of(change: Change, absolute: Callable[[str], str]) -> Record:
    return {
        "pid": change.pid,
        "change": "deleted" if change.is_deleted else "updated",
        "changed_at": _text(change.at),
        "url": None if change.is_deleted else absolute(reverse("api:item", args=[change.pid])),
    }


def _write(last: Change, until: datetime, question: str) -> str:
    """Return the cursor behind a change. It names the item by its pid: nothing that counts leaves the house."""
    return cursors.write([_micros(last.at), last.pid, _micros(until)], question=question, salt=SALT)


def _read(cursor: str, question: str) -> tuple[Position, datetime]:
    match cursors.read(cursor, question=question, salt=SALT):
        case [int(at), str(pid), int(until)]:
            key = Item.objects.filter(pid=pid).values_list("pk", flat=True).first()
            return Position(BEGINNING + at * _MICROSECOND, key), BEGINNING + until * _MICROSECOND
        case _:
            raise BadCursor


def _micros(moment: datetime) -> int:
    return (moment - BEGINNING) // _MICROSECOND


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
