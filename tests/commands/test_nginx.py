"""deploy/nginx.conf: nginx itself accepts the file, and each location does what tests/access_matrix/doors.toml says of it."""

from __future__ import annotations

import http.client
import http.server
import re
import threading
from collections.abc import Iterator

import pytest
from django.urls import resolve

from tests.access_matrix.routes import locations_of
from tests.commands.compose import ROOT
from tests.services import NginxServer, NotHere, free_port

pytestmark = pytest.mark.pure

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text()


def test_nothing_is_cached_and_no_alias_can_leave_its_folder() -> None:
    directives = re.sub(r"#.*", "", CONFIGURATION)

    assert not re.search(r"\b(proxy_cache|fastcgi_cache|uwsgi_cache|open_file_cache)\b", directives)
    assert not re.search(r"\balias\b", directives)
    assert not re.search(r"\bautoindex\b", directives)


@pytest.mark.parametrize(
    "address", ["/uploads/", "/admin/login/", "/readyz", "/admin/archive/consentrecord/7/evidence"]
)
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
def front() -> Iterator[int]:
    """The port of the machine's nginx with our file, in front of `Upstream`."""
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    try:
        nginx = NginxServer(site_port=upstream.server_port, objects_port=upstream.server_port)
    except NotHere as missing:
        upstream.server_close()
        pytest.skip(f"not on this machine: {missing}")
    (nginx.srv / "static").mkdir()
    (nginx.srv / "static" / "page.abc123.css").write_text("body{}")
    (nginx.srv / "secret.txt").write_text("above the static files")
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    checked = nginx.check()
    assert checked.returncode == 0, checked.stderr
    with nginx:
        yield nginx.port
    upstream.shutdown()
    upstream.server_close()


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


@pytest.mark.parametrize("path", [path for one in locations_of("closed") for path in one.addresses])
def test_a_closed_location_is_answered_by_nginx_itself(front: int, path: str) -> None:
    status, _headers, body = ask(front, "GET", path)

    assert status == 404
    assert not body.startswith(b"GET ")


@pytest.mark.parametrize("path", [path for one in locations_of("application") for path in one.addresses])
def test_what_the_application_decides_reaches_it_as_it_was_asked(front: int, path: str) -> None:
    status, _headers, body = ask(front, "GET", path, **{"X-Sendfile-Type": "something of a stranger's"})

    assert (status, body) == (200, f"GET {path} 0 archive.example.org http".encode())


@pytest.mark.parametrize("path", [path for one in locations_of("public-static") for path in one.addresses])
def test_what_is_public_comes_from_disk(front: int, path: str) -> None:
    status, _headers, body = ask(front, "GET", path)

    assert (status, body) == (200, b"body{}")


def test_a_large_body_is_refused_except_for_uploads(front: int) -> None:
    large = bytes(8_000_000)

    status, headers, body = ask(front, "POST", "/api/v1/items/", large)
    assert status == 413
    assert "Tệp gửi lên quá lớn" in body.decode()
    assert headers["cache-control"] == "private, no-store"
    assert ask(front, "PATCH", "/uploads/abc", large)[2].startswith(b"PATCH /uploads/abc 8000000 ")
    proof = "/admin/archive/consentrecord/7/evidence"
    assert ask(front, "POST", proof, large)[2].startswith(f"POST {proof} 8000000 ".encode())
    assert ask(front, "POST", proof, bytes(55_000_000))[0] == 413
    assert ask(front, "POST", "/admin/archive/consentrecord/7/change/", large)[0] == 413


def test_guessing_passwords_is_slowed_down(front: int) -> None:
    answers = [ask(front, "POST", "/admin/login/", b"username=a&password=b") for _ in range(25)]

    assert answers[0][0] == 200
    slowed = [body.decode() for status, _headers, body in answers if status == 429]
    assert slowed
    assert all("Quá nhiều yêu cầu" in body for body in slowed)


def test_a_site_that_does_not_answer_is_said_in_both_languages() -> None:
    try:
        nginx = NginxServer(site_port=free_port(), objects_port=free_port())
    except NotHere as missing:
        pytest.skip(f"not on this machine: {missing}")
    with nginx:
        status, headers, body = ask(nginx.port, "GET", "/items/")

    assert status == 502
    assert headers["content-type"] == "text/html"
    assert "Trang chưa phản hồi" in body.decode()
    assert "The site does not answer" in body.decode()
