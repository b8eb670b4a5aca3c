"""What is kept on a reader's device: the question whether it is still open to everybody, and told as it is kept."""

from __future__ import annotations

import math

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.identifiers import is_pid
from access.viewer import visitor
from archive import queries
from public_site import seals

ASKED_MOST = 200
PAGES_MOST = 15


@require_safe
def still_open(request: HttpRequest) -> JsonResponse:
    """Of what a device keeps, `?of=` pids of items and files with commas between, those that everybody may see now, each with the second,
    since 1970, after which it was not changed; and of `?page=`, one for each address of a page with a seal, those that everybody finds,
    each with its seal of now: {"open": {pid: second}, "pages": {address: seal}}. Closed and never there are one answer, whoever asks. Up to
    four queries, and what `seals.of_pages` costs. Raises SearchPreparing."""
    asked = [pid for pid in request.GET.get("of", "").split(",", ASKED_MOST)[:ASKED_MOST] if is_pid(pid)]
    found = queries.open_among(visitor(now=timezone.now()), asked)
    pages = seals.of_pages(request, request.GET.getlist("page")[:PAGES_MOST])
    return JsonResponse({"open": {pid: math.ceil(moment.timestamp()) for pid, moment in found.items()}, "pages": pages})
