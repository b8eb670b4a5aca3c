"""deploy/nginx.conf: every location is classified here, nginx itself accepts the file, and it does what it says."""

from __future__ import annotations

import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import resolve

from tests.commands.compose import ROOT
from tests.services import free_port

pytestmark = pytest.mark.pure

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text()
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/sbin")

# Who decides what a location gives out. A location that is not here fails the suite: classify it, then write it.
LOCATIONS = {
    "/": "passed on: the application decides who may see what",
    "/static/": "public: our own scripts, styles and fonts, with hashed names",
    "/uploads/": "passed on without a limit of length: the application asks for a member of staff and counts",
    "= /admin/login/": "passed on, slowly: the application signs in",
    "= /metrics": "closed",
    "= /readyz": "closed",
}


def locations() -> list[str]:
    return [found.strip() for found in re.findall(r"^\s*location\s+(.+?)\s*\{", CONFIGURATION, re.MULTILINE)]


def test_every_location_is_classified() -> None:
    assert sorted(locations()) == sorted(LOCATIONS)


def test_nothing_is_cached_and_no_alias_can_leave_its_folder() -> None:
    directives = re.sub(r"#.*", "", CONFIGURATION)

    assert not re.search(r"\b(proxy_cache|fastcgi_cache|uwsgi_cache|open_file_cache)\b", directives)
    assert not re.search(r"\balias\b", directives)
    assert not re.search(r"\bautoindex\b", directives)


@pytest.mark.parametrize("address", ["/uploads/", "/admin/login/", "/readyz"])
def test_an_address_treated_apart_is_one_of_the_site(address: str) -> None:
    assert resolve(address)


class Upstream(http.server.BaseHTTPRequestHandler):
    """Stands in for the application: says what it was asked, and how long the body was."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.say(0)

    def do_PATCH(self) -> None:
        left = int(self.headers["Content-Length"])
        length = left
        while left > 0:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        self.say(length)

    do_POST = do_PATCH

    def say(self, length: int) -> None:
        seen = (
            f"{self.command} {self.path} {length} {self.headers['Host']} {self.headers['X-Forwarded-Proto']}".encode()
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(seen)))
        self.end_headers()
        self.wfile.write(seen)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the machine's nginx with our file; the container's names and paths are put in terms of this machine."""
    if NGINX is None:
        pytest.skip("not on this machine: nginx")
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    (folder / "srv" / "static").mkdir(parents=True)
    (folder / "srv" / "static" / "page.abc123.css").write_text("body{}")
    (folder / "srv" / "secret.txt").write_text("above the static files")
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    port = free_port()
    text = CONFIGURATION
    for there, here in (
        ("/tmp/", f"{folder}/"),
        ("server web:8000;", f"server 127.0.0.1:{upstream.server_port};"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("include mime.types;", "include /etc/nginx/mime.types;"),
        ("root /srv;", f"root {folder}/srv;"),
        # Started by root, nginx would give its rights away and could not read pytest's own folder.
        ("worker_processes auto;", f"worker_processes 1; daemon off; {'user root;' if os.geteuid() == 0 else ''}"),
    ):
        assert there in text
        text = text.replace(there, here)
    path = folder / "nginx.conf"
    path.write_text(text)
    checked = subprocess.run([NGINX, "-t", "-p", str(folder), "-c", str(path)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(path)], stdout=log, stderr=log)
    try:
        wait_for(port, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
        upstream.shutdown()
        upstream.server_close()


def wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, {"Host": "archive.example.org", **headers})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def test_pages_are_passed_on_with_the_name_asked_for(front: int) -> None:
    status, headers, body = ask(front, "GET", "/items/?q=%C4%91")

    assert (status, body) == (200, b"GET /items/?q=%C4%91 0 archive.example.org http")
    assert headers["server"] == "nginx"


def test_a_certificate_in_front_is_seen(front: int) -> None:
    https, plain = (ask(front, "GET", "/", **{"X-Forwarded-Proto": word})[2] for word in ("https", "javascript"))

    assert https.endswith(b" https")
    assert plain.endswith(b" http")


def test_static_files_are_kept_for_good_by_browsers(front: int) -> None:
    status, headers, body = ask(front, "GET", "/static/page.abc123.css")

    assert (status, body) == (200, b"body{}")
    assert headers["content-type"] == "text/css"
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static../secret.txt", "/static/../secret.txt", "/static/%2e%2e/secret.txt"])
def test_nothing_beside_the_static_files_is_sent(front: int, path: str) -> None:
    assert b"above the static files" not in ask(front, "GET", path)[2]


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_is_for_the_keepers_of_the_machine_is_closed(front: int, path: str) -> None:
    assert ask(front, "GET", path)[0] == 404


def test_a_large_body_is_refused_except_for_uploads(front: int) -> None:
    large = bytes(8_000_000)

    assert ask(front, "POST", "/api/v1/items/", large)[0] == 413
    assert ask(front, "PATCH", "/uploads/abc", large)[2].startswith(b"PATCH /uploads/abc 8000000 ")


def test_guessing_passwords_is_slowed_down(front: int) -> None:
    statuses = [ask(front, "POST", "/admin/login/", b"username=a&password=b")[0] for _ in range(25)]

    assert statuses[0] == 200
    assert 429 in statuses
