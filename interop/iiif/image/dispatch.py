"""A WSGI application in front of Django that answers tiles of pictures which Django has just allowed the same asker to see.

Everything else, and everything that it is not sure of, goes on to Django untouched. Why a tile that was closed is refused with the very
next request is told in ADR 0017, "Tiles".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from access.watching import Watch
from interop.iiif.image import answering
from interop.iiif.image.remembering import KEY_LETTERS_MOST, NOTE, Key, Memory, Note, Remembered, template
from interop.iiif.image.rendering import Busy
from interop.iiif.image.request import RequestRefused
from interop.iiif.image.tiff import NotAPyramid
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

PLACE = "/iiif/image/3/"
FOUND, UNCHANGED = "200 OK", "304 Not Modified"
_PLACE_LETTERS = len(PLACE)
_NO_BODY = (None, "", "0")
Environ = dict[str, Any]  # Any: as WSGI has it
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class TileDispatcher:
    """`django` is the whole site, `watch` tells the state of its database."""

    def __init__(self, django: Application, watch: Watch, *, clock: Callable[[], float] = time.time) -> None:
        self._django, self._watch, self._clock = django, watch, clock
        self._memory = Memory()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # Every line of this, of what it calls and of what those give back to the interpreter counts: with many threads at work each
        # giving up of the interpreter's lock costs as much as all the rest (ADR 0017).
        path: str = environ["PATH_INFO"]
        if not path.startswith(PLACE):
            return self._django(environ, start_response)
        pid, _slash, rest = path[_PLACE_LETTERS:].partition("/")
        if rest.count("/") != 3 or not _is_plain(environ):
            return self._django(environ, start_response)
        # Before anything is looked up: what is committed after this moment was not yet answered when this request came in.
        state = self._watch.state()
        if state is None:
            return self._django(environ, start_response)
        key = _key(environ, pid)
        found = self._memory.get(key)
        if found is not None:
            if found.state == state and self._clock() < found.holds_until:
                answer = _answer(environ, found, rest)
                if answer is not None:
                    status, headers, content = answer
                    start_response(status, headers)
                    return [content]
            else:
                self._memory.forget(key)
        return self._ask(environ, start_response, key, rest, state)

    def _ask(
        self, environ: Environ, start_response: StartResponse, key: Key, rest: str, state: object
    ) -> Iterable[bytes]:
        """Let Django answer, and remember what that teaches if nothing was written meanwhile."""
        if sum(map(len, filter(None, key))) > KEY_LETTERS_MOST:
            return self._django(environ, start_response)
        note = environ[NOTE] = Note()
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # Any: as WSGI has it
            said.append((status, list(headers)))
            return start_response(status, headers, *more)

        answer = self._django(environ, start)
        if note.pyramid is None or len(said) != 1 or said[0][0] not in {FOUND, UNCHANGED}:
            return answer
        if environ["REQUEST_METHOD"] == "GET" and self._watch.state() == state:
            status, headers = said[0]
            directory = note.pyramid.directory()
            prepared = answering.prepare(directory, rest)
            length = (answering.content_length(prepared) or 0) if status == FOUND else 0
            learnt = template(headers, prepared, length=length)
            if learnt is not None:
                found = Remembered(state, note.pyramid, directory, note.pyramid.reader(), note.holds_until)
                self._memory.learn(key, found, status, learnt)
        return answer


def is_fit(settings: Any) -> bool:  # Any: Django's settings
    """Return whether a request's identity is all in its key (`_key`) under these settings."""
    return not (
        settings.USE_X_FORWARDED_HOST
        or settings.USE_X_FORWARDED_PORT
        or settings.FORCE_SCRIPT_NAME
        or settings.SESSION_ENGINE != "django.contrib.sessions.backends.db"
        or settings.SECURE_PROXY_SSL_HEADER not in {None, ("HTTP_X_FORWARDED_PROTO", "https")}
    )


def _is_plain(environ: Environ) -> bool:
    method = environ["REQUEST_METHOD"]
    get = environ.get
    return (
        (method == "GET" or method == "HEAD")  # twice as fast as a set
        and not get("QUERY_STRING")
        and not get("SCRIPT_NAME")
        and "HTTP_HOST" in environ
        # What asks for something out of the ordinary: Django knows what.
        and "HTTP_AUTHORIZATION" not in environ
        and "HTTP_RANGE" not in environ
        and "HTTP_IF_MATCH" not in environ
        and "HTTP_IF_UNMODIFIED_SINCE" not in environ
        and "HTTP_TRANSFER_ENCODING" not in environ
        and get("CONTENT_LENGTH") in _NO_BODY
    )


def _key(environ: Environ, pid: str) -> Key:
    """Return all of a request that an answer of the image door depends on, beside its method, the rest of its address and If-None-Match.

    Settings may make Django look at more, then nothing is answered here (`is_fit`).
    """
    get = environ.get
    return (
        pid,
        get("HTTP_HOST"),
        get("HTTP_COOKIE"),
        get("HTTP_ACCEPT_LANGUAGE"),
        get("HTTP_ACCEPT_ENCODING"),
        get("HTTP_X_FORWARDED_PROTO"),
        get("wsgi.url_scheme"),
    )


def _answer(environ: Environ, found: Remembered, rest: str) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """Return status, headers and body; None where Django had better answer: what is refused, damaged, away, or never answered yet."""
    try:
        prepared = answering.prepare(found.directory, rest)
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and answering.is_known(prepared, if_none_match):
            headers = found.templates.get(UNCHANGED)
            return None if headers is None else (UNCHANGED, headers.filled(prepared, 0), b"")
        headers = found.templates.get(FOUND)
        if headers is None:
            return None
        if environ["REQUEST_METHOD"] == "HEAD":
            length = answering.content_length(prepared)
            return None if length is None else (FOUND, headers.filled(prepared, length), b"")
        content = answering.content(found.directory, prepared, found.read)
        return FOUND, headers.filled(prepared, len(content)), content
    except (RequestRefused, NotAPyramid, Busy, KeyMissing, StorageUnavailable):
        return None
