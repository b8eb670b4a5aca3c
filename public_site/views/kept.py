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
PATHS_MOST = 40


@require_safe
def still_open(request: HttpRequest) -> JsonResponse:
    """Of what a device keeps, `?of=` pids of items and files with commas between, those that everybody may see now, each with the second,
    since 1970, after which it was not changed; and of `?pages=`, the paths of pages that were sealed, those that everybody finds, each with
    its seal of now: {"open": {pid: second}, "pages": {path: seal}}. Closed and never there are one answer, whoever asks. Up to four
    queries, and those of `seals.of_paths`."""
    asked = [pid for pid in request.GET.get("of", "").split(",", ASKED_MOST)[:ASKED_MOST] if is_pid(pid)]
    paths = [path for path in request.GET.get("pages", "").split(",", PATHS_MOST)[:PATHS_MOST] if path]
    stranger = visitor(now=timezone.now())
    found = queries.open_among(stranger, asked)
    seconds = {pid: math.ceil(moment.timestamp()) for pid, moment in found.items()}
    return JsonResponse({"open": seconds, "pages": seals.of_paths(stranger, paths)})
