"""Django's own way from a request to its answer, but that addresses without anything in them are looked up once, and that what is not
streamed comes as a list."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import Error
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.translation import get_language

logger = logging.getLogger(__name__)
# There are some hundreds, in each language. One that holds nothing and is of another pattern could be of any length.
KNOWN_MOST = 2_000


class Handler(WSGIHandler):
    """What answers requests in a web process, whose addresses stay as they were when it started."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Hashable, ResolverMatch] = {}

    def __call__(  # type: ignore[override]  # a list is a body, too
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],  # Any: PEP 3333
    ) -> Iterable[bytes]:
        """Answer a request. What is not streamed comes whole and is closed already: a server has one way for that, and a longer one for
        what it has to ask for piece by piece."""
        # Any: a response, or what the server itself makes of a file
        answer: Any = super().__call__(environ, start_response)
        if getattr(answer, "streaming", True):
            streamed: Iterable[bytes] = answer
            return streamed
        body = [answer.content]
        try:
            answer.close()
        except Error:
            # The answer is made, and whoever asked gets it: a connection that cannot be closed is no reason against it.
            logger.exception("What follows an answer failed.")
        return body

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Return the view for an address, with what it is given. Raises Resolver404."""
        if hasattr(request, "urlconf"):
            return super().resolve_request(request)
        # Addresses of pages begin with their language, which is active.
        key = (get_language(), request.path_info)
        found = self._known.get(key)
        if found is None:
            found = super().resolve_request(request)
            holds: object = found.args or found.captured_kwargs  # type: ignore[attr-defined]  # the stubs do not know it
            if not holds and len(self._known) < KNOWN_MOST:
                self._known[key] = found
        request.resolver_match = found
        return found
