"""What is kept on a reader's device: the question whether it is still open to everybody."""

from __future__ import annotations

import math

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.identifiers import is_pid
from access.viewer import visitor
from archive import queries

ASKED_MOST = 200


@require_safe
def still_open(request: HttpRequest) -> JsonResponse:
    """Of what a device keeps, `?of=` pids of items and files with commas between, those that everybody may see now, each with the second,
    since 1970, after which it was not changed: {"open": {pid: second}}. Closed and never there are one answer, whoever asks. Up to four
    queries."""
    asked = [pid for pid in request.GET.get("of", "").split(",", ASKED_MOST)[:ASKED_MOST] if is_pid(pid)]
    found = queries.open_among(visitor(now=timezone.now()), asked)
    return JsonResponse({"open": {pid: math.ceil(moment.timestamp()) for pid, moment in found.items()}})
