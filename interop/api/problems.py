"""Errors of the API as problem details (RFC 9457), in the reader's language."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from archive.queries import NotVisible, Tombstone
from archive.search import SearchPreparing
from interop.api.moved import Moved

MEDIA_TYPE = "application/problem+json"


class BadParameter(exceptions.APIException):
    """One parameter of the address is not what the schema says. The value itself is never repeated."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_parameter"

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter = parameter


class Gone(exceptions.APIException):
    """An item that was open to everybody and is withdrawn."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(
            _("This item was open to everyone and is not shown for now, by request.")
            if tombstone.is_suspended
            else _("This item was open to everyone and has been withdrawn.")
        )
        self.tombstone = tombstone


def handle(error: Exception, _context: dict[str, Any]) -> Response | None:  # Any: DRF passes its own
    """Return the answer to an error of a view; None for what is a fault of ours (Django's 500 then)."""
    if isinstance(error, Http404 | NotVisible | exceptions.NotFound):
        # One and the same for what does not exist and for what this viewer may not see.
        return _problem(status.HTTP_404_NOT_FOUND, _("There is no such thing here, or it is not open."))
    if isinstance(error, SearchPreparing):
        answer = _problem(status.HTTP_503_SERVICE_UNAVAILABLE, _("The search is being prepared. Ask again in a while."))
        answer["Retry-After"] = str(error.retry_after_s)
        return answer
    if isinstance(error, BadParameter):
        return _problem(error.status_code, str(error.detail), parameter=error.parameter)
    if isinstance(error, Moved):
        return Response(status=error.status_code, headers={"Location": error.address})
    if isinstance(error, Gone):
        left = error.tombstone
        more = {"pid": left.pid, "identifier": left.identifier, "withdrawn": left.withdrawn_on.isoformat()}
        return _problem(error.status_code, str(error.detail), **more)
    if not isinstance(error, exceptions.APIException):
        return None
    sentences = {
        status.HTTP_405_METHOD_NOT_ALLOWED: _("This address can only be read."),
        status.HTTP_406_NOT_ACCEPTABLE: _("The answer cannot be given in the form asked for; JSON can."),
    }
    answer = _problem(error.status_code, sentences.get(error.status_code, str(error.detail)))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        answer["WWW-Authenticate"] = "Session"
    return answer


def _problem(code: int, title: str, **more: str | None) -> Response:
    return Response({"status": code, "title": title, **more}, status=code, content_type=MEDIA_TYPE)
