"""Asking the dispatcher and Django behind it as a server of WSGI does, in the test's own process and transaction."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client

from access import policy
from access.policy import Policy
from archive.models import ItemFile
from interop.iiif.image.dispatch import Environ, StartResponse, TileDispatcher
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master
from tests.iiif.test_edges import made

WIDTH, HEIGHT = 300, 203
INNER = "64,64,64,64/64,64/0/default.jpg"
CORNER = "256,192,44,11/44,11/0/default.jpg"


class CountingWatch:
    """Counts what this connection writes: a transaction that is not over, as a test's own, no other connection can watch."""

    def __init__(self) -> None:
        self.writes = 0
        self.is_broken = False

    def state(self) -> Hashable | None:
        return None if self.is_broken else self.writes

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # Any: as Django has it
        self.writes += not sql.lstrip().upper().startswith(("SELECT", "EXPLAIN"))
        return execute(sql, params, many, context)


@dataclass(frozen=True)
class Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Site:
    """The dispatcher, and how often Django was asked behind it. `ahead_s`: by how much the dispatcher's clock goes before the real one."""

    watch: CountingWatch
    asked: int = 0
    ahead_s: float = 0
    django: WSGIHandler = field(default_factory=WSGIHandler)

    def __post_init__(self) -> None:

        self.dispatcher = TileDispatcher(self._counted, self.watch, clock=lambda: time.time() + self.ahead_s)

    def _counted(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.asked += 1
        return self.django(environ, start_response)

    def get(
        self, path: str, client: Client | None = None, *, method: str = "GET", more: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer of the dispatcher to who holds a client's cookies."""
        return _ask(self.dispatcher, environ(path, client, method, more or {}))

    def straight(
        self, path: str, client: Client | None = None, *, method: str = "GET", more: Mapping[str, str] | None = None
    ) -> Answer:
        """Return Django's own answer to the same question."""
        return _ask(self.django, environ(path, client, method, more or {}))

    def is_answered_before_django(self, path: str, client: Client | None = None) -> bool:
        before = self.asked
        assert self.get(path, client).status == "200 OK"
        return self.asked == before


def environ(path: str, client: Client | None, method: str, more: Mapping[str, str]) -> Environ:
    address, _mark, query = path.partition("?")
    cookies = {} if client is None else client.cookies
    found = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(address, encoding="latin-1"),
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    if cookies:
        found["HTTP_COOKIE"] = "; ".join(f"{name}={one.value}" for name, one in cookies.items())
    return {**found, **more}


def _ask(application: Any, asked: Environ) -> Answer:  # Any: a WSGI application
    said: list[tuple[str, list[tuple[str, str]]]] = []
    answer = application(asked, lambda status, headers, *_more: said.append((status, headers)))
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    ((status, headers),) = said
    return Answer(status, headers, body)


@contextmanager
def site() -> Iterator[Site]:
    """Put the dispatcher in front of Django in this process; the connection of the test stays open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    watch = CountingWatch()
    try:
        with connection.execute_wrapper(watch):
            yield Site(watch)
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def file_with_edges(folder: Path, *, access: Policy = policy.PUBLIC) -> ItemFile:
    """Return a file of a published item with a pyramid of small tiles, as the recipe makes it."""
    folder.mkdir(exist_ok=True)
    master = store_master(b"picture", folder)
    publish(
        master, folder, Made("pyramid", "pyramid.tif", made(folder, WIDTH, HEIGHT), {"width": WIDTH, "height": HEIGHT})
    )
    return add_file(make_item("Nhà rông", access=access), master)
