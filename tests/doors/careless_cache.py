"""A cache in front of the live site: a real nginx that keeps whatever it may, by the address alone; and clients that ask through it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.http import HttpResponse
from django.test import Client
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

from interop.iiif.image.dispatch import Application
from interop.iiif.image.in_front import in_front_of
from tests.access_matrix.answers import Answer, ask
from tests.access_matrix.matrix import Matrix
from tests.services import NginxServer

# What stands between a reader and the site, and nothing of the answer.
_OF_THE_SERVER = frozenset({"date", "server", "connection", "keep-alive", "transfer-encoding", "x-kept"})
# What nginx says of an answer that it had kept; after a minute it asks again.
_KEPT = frozenset({"HIT", "STALE", "UPDATING", "REVALIDATED"})


class CarelessNginx(NginxServer):
    """deploy/nginx.conf with a cache that keeps all it is not told not to keep, and knows answers by their addresses only."""

    def _translated(self, site_port: int, objects_port: int) -> str:
        text = super()._translated(site_port, objects_port)
        kept = f"proxy_cache_path {self.folder}/kept keys_zone=kept:1m;"
        rules = (
            "proxy_cache kept; proxy_cache_key $request_uri; proxy_cache_valid any 10m; proxy_cache_methods GET HEAD;"
            # A cookie that comes with an answer is no reason for a cache not to keep it.
            " proxy_ignore_headers Set-Cookie;"
        )
        for there, here in (
            ("    upstream site {", f"    {kept}\n    upstream site {{"),
            (
                "        proxy_http_version 1.1;",
                f"        {rules} add_header X-Kept $upstream_cache_status always;\n        proxy_http_version 1.1;",
            ),
            ("rate=100r/s", "rate=100000r/s"),
        ):
            assert there in text, there
            text = text.replace(there, here, 1)
        return text


class Line:
    """One connection that stays open for all who ask; it remembers whether the last answer came out of the cache."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.was_kept = self.brought_a_cookie = False

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, headers: Mapping[str, str]) -> HttpResponse:
        """Return the answer as Django's own client does, for the cells of the matrix."""
        self._connection.request(method, path, headers=dict(headers))
        answer = self._connection.getresponse()
        given = HttpResponse(answer.read(), status=answer.status)
        del given["Content-Type"]
        for name, value in answer.getheaders():
            if name.lower() not in _OF_THE_SERVER:
                given[name] = value
        self.was_kept = answer.getheader("X-Kept", "") in _KEPT
        self.brought_a_cookie = "Set-Cookie" in given
        return given


class ClientByLine(Client):
    """A viewer's own client, whose questions go over a line and not straight into the site."""

    def __init__(self, own: Client, line: Line) -> None:
        super().__init__()
        self.cookies = own.cookies
        self.line = line

    def generic(
        self, method: str, path: str, *_body: Any, headers: Mapping[str, str] | None = None, **_more: Any
    ) -> Any:
        cookies = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        return self.line.ask(
            method, path, {"Host": "localhost", **({"Cookie": cookies} if cookies else {}), **(headers or {})}
        )


@dataclass(frozen=True)
class Front:
    """The cache before the live site. Everybody of `matrix` asks by way of the cache, everybody of `directly` the site itself."""

    matrix: Matrix
    directly: Matrix
    line: Line

    def kept_faults(self, viewer: str, address: str, answer: Answer, *, may_be_kept: bool = True) -> Iterator[str]:
        """Yield what is wrong with the last answer, which this viewer got by this address, if the cache had kept it."""
        if not self.line.was_kept:
            return  # The site itself answered this viewer.
        if not may_be_kept:
            yield f"{viewer} gets by {address} what was kept for somebody else"
        if self.line.brought_a_cookie:
            yield f"{viewer} gets somebody else's cookie by {address}"
        if answer != ask(self.directly.clients[viewer], address):
            yield f"{viewer} gets another answer to {address} through the cache"


@contextmanager
def careless_cache(matrix: Matrix, site_port: int) -> Iterator[Front]:
    """Put an empty cache in front of the site at a port, where the matrix is. Raises NotHere where the machine has no nginx."""
    nginx = CarelessNginx(site_port=site_port, objects_port=site_port)
    checked = nginx.check()
    assert checked.returncode == 0, checked.stderr
    with nginx, Line(nginx.port) as through, Line(site_port) as straight:
        yield Front(_by(through, matrix), _by(straight, matrix), through)


def _by(line: Line, matrix: Matrix) -> Matrix:
    return replace(matrix, clients={name: ClientByLine(own, line) for name, own in matrix.clients.items()})


class PromptRequestHandler(QuietWSGIRequestHandler):
    """The live site's handler; on lines that stay open the end of an answer is not held back for 40 ms."""

    disable_nagle_algorithm = True


class LiveSite(LiveServerThread):
    """Django's own live server on a free port, in this process: what a test changes in the code is changed in the site."""

    def _create_server(self, connections_override: Any = None) -> ThreadedWSGIServer:
        return ThreadedWSGIServer(
            (self.host, self.port), PromptRequestHandler, connections_override=connections_override
        )


def _whole_site(django: Application) -> Application:
    """Put static files and the dispatcher of tiles before Django, as heritage.wsgi does."""
    return in_front_of(StaticFilesHandler(django))


@contextmanager
def live_site() -> Iterator[int]:
    """Serve the site as long as the block runs; its port. Raises what kept it from starting."""
    site = LiveSite("localhost", _whole_site)
    site.daemon = True
    site.start()
    site.is_ready.wait()
    try:
        if site.error is not None:
            raise site.error
        yield site.port
    finally:
        site.terminate()
