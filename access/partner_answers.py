"""What a partner's program is told when its request does not come through: problem details (RFC 9457), in its reader's language."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from access.partners import Door

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="partners"'


def not_known() -> HttpResponse:
    """Return the answer to a key that does not count: unknown, over, revoked or of a partner that is not active, in the same words."""
    answer = _problem(401, _("This key opens nothing here. Without a key everything that is public stays open."))
    answer["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"'
    return answer


def not_good_for(scope: str) -> HttpResponse:
    """Return the answer to a key that is not good for a door."""
    answer = _problem(403, _("This key is not good for this door."))
    answer["WWW-Authenticate"] = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'
    return answer


def too_many(wait_s: int, door: Door) -> HttpResponse:
    """Return the answer to a program that is too fast (RFC 6585, section 4). Harvesters know another one (OAI-PMH 2.0, section 3.1.2.2)."""
    status = 503 if door.name == "oai" else 429
    answer = _problem(status, _("Too many requests. Please go on after the time in Retry-After."))
    answer["Retry-After"] = str(wait_s)
    return answer


def size_of(response: HttpResponseBase) -> int:
    """Return how many bytes an answer has, 0 where nobody knows before it is sent."""
    said = response.headers.get("Content-Length", "")
    if said.isdecimal():
        return int(said)
    return 0 if response.streaming else len(response.content)  # type: ignore[attr-defined]  # not streaming


def _problem(status: int, title: str) -> HttpResponse:
    return JsonResponse({"status": status, "title": title}, status=status, content_type=MEDIA_TYPE)
