"""HERITAGE_SENDFILE=nginx with a real nginx, on a folder and on S3: readers cannot tell who sent the bytes, and get no others."""

from __future__ import annotations

import copy
import http.client
import http.server
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from access import policy
from access.models import User
from archive import sendfile
from archive.models import ItemFile
from media_pipeline import stores
from media_pipeline.storage import names
from media_pipeline.storage.s3 import storage_options
from tests.access_matrix.routes import locations_of
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master
from tests.services import NginxServer, NotHere, S3Server
from tests.services.s3 import ACCESS_KEY, SECRET_KEY

# Both stores are tried here whatever the profile is.
pytestmark = pytest.mark.pure
CONTENT = random.Random(13).randbytes(300_001)
UNKNOWN = "0123456789b"
# What each server says of itself and of the connection, and nothing of the file.
OF_THE_SERVER = {"date", "server", "connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for other, value in self.headers if other == name.lower()]


def ask(port: int, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    """Ask by the very bytes of the path: a client that tidies it would hide what a stranger can send."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in {"Accept-Language": "vi", **(headers or {})}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    kept = sorted((name.lower(), value) for name, value in answer.getheaders() if name.lower() not in OF_THE_SERVER)
    if answer.status == 206:
        # A hint (RFC 9110 14.3) that nginx leaves out where it has just served a range.
        kept = [(name, value) for name, value in kept if name != "accept-ranges"]
    # The names that an answer varies by are a set.
    kept = [(name, ", ".join(sorted(value.split(", "))) if name == "vary" else value) for name, value in kept]
    return Answer(answer.status, kept, body)


class HonestRanges(http.server.BaseHTTPRequestHandler):
    """Stands before rclone, which answers a range with 200 where every S3 server says 206; nothing else is changed."""

    protocol_version = "HTTP/1.1"
    rclone_port = 0
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection("127.0.0.1", self.rclone_port, timeout=30)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "expect":
                connection.putheader(name, value)
        connection.endheaders(sent)
        answer = connection.getresponse()
        body = answer.read()
        self.send_response_only(206 if answer.getheader("Content-Range") else answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", answer.getheader("Content-Length") or str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        connection.close()

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, *_: object) -> None:
        """Silence."""


@dataclass
class Front:
    """nginx before the live site. `objects` is the S3 server's address as the site and nginx know it; `s3` the server itself."""

    nginx: NginxServer
    s3: S3Server
    objects_port: int
    site_port: int

    def ask(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        return ask(self.nginx.port, path, headers, method)

    def ask_site(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        return ask(self.site_port, path, headers, method)


@pytest.fixture(scope="module")
def front(live_server: LiveServer) -> Iterator[Front]:
    port = live_server.thread.port
    objects = http.server.ThreadingHTTPServer(("127.0.0.1", 0), HonestRanges)
    try:
        nginx, s3 = NginxServer(site_port=port, objects_port=objects.server_port), S3Server()
    except NotHere as missing:
        objects.server_close()
        pytest.skip(f"not on this machine: {missing}")
    HonestRanges.rclone_port = s3.port
    threading.Thread(target=objects.serve_forever, daemon=True).start()
    with nginx, s3:
        yield Front(nginx, s3, objects.server_port, port)
    objects.shutdown()
    objects.server_close()


@pytest.fixture(params=["folder", "s3"])
def store(front: Front, request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> str:
    """The store of this test, in either profile, and nginx told to send from it."""
    changed = copy.deepcopy(settings.STORAGES)
    folder = tmp_path / "files"
    changed["files"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder},
    }
    if request.param == "s3":
        changed["files"] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": storage_options(
                endpoint_url=f"http://127.0.0.1:{front.objects_port}",
                access_key=ACCESS_KEY,
                secret_key=SECRET_KEY,
                bucket=front.s3.bucket,
                region="us-east-1",
                location=tmp_path.name,
            ),
        }
    settings.STORAGES = changed
    settings.SENDFILE = "nginx"
    front.nginx.show(folder)
    return str(request.param)


@pytest.fixture
def file(store: str, tmp_path: Path) -> ItemFile:
    master = store_master(CONTENT, tmp_path)
    publish(master, tmp_path, Made("thumbnail", "480.webp", CONTENT))
    return add_file(make_item("Ảnh"), master, name="Nhà rông “cũ”.html")


def address(file: ItemFile) -> str:
    return f"/files/{file.pid}/thumbnail/480.webp"


def key_of(file: ItemFile) -> str:
    assert file.master is not None
    return names.derivative_key(file.master.derivatives.get().prefix, "480.webp")


def test_the_site_names_the_file_by_an_address_that_is_of_no_use_outside(
    front: Front, file: ItemFile, store: str
) -> None:
    answer = front.ask_site(address(file), {sendfile.OFFER: sendfile.HEADER})

    assert (answer.status, answer.body) == (200, b"")
    [named] = answer.values(sendfile.HEADER)
    assert front.ask(named).status == 404
    if store == "folder":
        assert named == f"{sendfile.FOLDER}{key_of(file)}"
    else:
        assert named.startswith(f"{sendfile.BUCKET}/{front.s3.bucket}/")
        assert f"/{key_of(file)}?" in named
        assert f"X-Amz-Expires={sendfile.SIGNED_FOR_S}" in named


def test_readers_get_the_file_and_nothing_of_where_it_lies(front: Front, file: ItemFile) -> None:
    answer = front.ask(address(file))

    assert (answer.status, answer.body) == (200, CONTENT)
    # A request that goes round nginx gets its bytes all the same.
    assert answer == front.ask_site(address(file))
    told = " ".join(value for _name, value in answer.headers)
    assert not any(word in told for word in (sendfile.HEADER, "_protected", "amz", "Amz", ACCESS_KEY, "thumbnail-"))


ASKED = {
    "the first bytes": {"Range": "bytes=0-99"},
    "some in the middle": {"Range": "bytes=131000-262200"},
    "the rest": {"Range": "bytes=299990-"},
    "the last": {"Range": "bytes=-7"},
    "more than there are": {"Range": "bytes=-999999"},
    "beyond the end": {"Range": "bytes=300001-"},
    "backwards": {"Range": "bytes=5-4"},
    "none": {"Range": "bytes=-0"},
    "several": {"Range": "bytes=0-1,4-5"},
    "many": {"Range": "bytes=" + ",".join(["0-0"] * 500)},
    "no range": {"Range": "bytes=a-b"},
    "another unit": {"Range": "items=0-1"},
    "the same version": {"Range": "bytes=0-1", "If-Range": "{etag}"},
    "another version": {"Range": "bytes=0-1", "If-Range": '"another"'},
    "a day": {"Range": "bytes=0-1", "If-Range": "Wed, 21 Oct 2015 07:28:00 GMT"},
    "what the reader has": {"If-None-Match": "{etag}"},
    "what the reader has not": {"If-None-Match": '"another"'},
    "changed since": {"If-Modified-Since": "Fri, 31 Dec 2049 23:59:59 GMT"},
    "unchanged since": {"If-Unmodified-Since": "Wed, 21 Oct 2015 07:28:00 GMT"},
    "this version only": {"If-Match": "{etag}"},
    "another version only": {"If-Match": '"another"', "Range": "bytes=0-1"},
    "compressed": {"Accept-Encoding": "gzip, br"},
    "a stranger's offer": {sendfile.OFFER: "X-Sendfile"},
}


# Enough for a store that only ever sees the range: each further question costs a test a new connection to it.
ASKED_OF_S3 = ("the first bytes", "the rest", "beyond the end", "several", "another version", "what the reader has")


def test_whatever_is_asked_the_answer_is_the_one_that_the_site_gives(front: Front, file: ItemFile, store: str) -> None:
    [etag] = front.ask_site(address(file)).values("ETag")
    faults = []
    for name, headers in ASKED.items():
        asked = {header: value.replace("{etag}", etag) for header, value in headers.items()}
        for method in ("GET", "HEAD") if store == "folder" else ("GET",) if name in ASKED_OF_S3 else ():
            ours = front.ask_site(address(file), asked, method)
            answer = front.ask(address(file), asked, method)
            if answer != ours:
                faults.append(
                    (method, name, ours.status, answer.status, sorted(set(ours.headers) ^ set(answer.headers)))
                )
    assert faults == []


def test_a_range_is_the_bytes_of_the_file(front: Front, file: ItemFile) -> None:
    answer = front.ask(address(file), {"Range": "bytes=131000-262200"})

    assert (answer.status, answer.body) == (206, CONTENT[131000:262201])
    assert answer.values("Content-Range") == [f"bytes 131000-262200/{len(CONTENT)}"]


def test_it_is_nginx_that_reads_the_file(front: Front, file: ItemFile, store: str, tmp_path: Path) -> None:
    if store == "folder":
        other = tmp_path / "other" / key_of(file)
        other.parent.mkdir(parents=True)
        other.write_bytes(CONTENT[::-1])
        front.nginx.show(tmp_path / "other")
    HonestRanges.seen.clear()

    answer = front.ask(address(file))

    assert answer.body == (CONTENT[::-1] if store == "folder" else CONTENT)
    assert [("authorization" in headers) for _path, headers in HonestRanges.seen] == (
        [] if store == "folder" else [False]
    )


def test_nothing_of_the_readers_request_goes_to_the_store_but_the_range(
    front: Front, file: ItemFile, store: str
) -> None:
    HonestRanges.seen.clear()

    front.ask(address(file), {"Range": "bytes=0-9", "Cookie": "phien=secret", "Authorization": "Basic c2VjcmV0"})

    if store == "folder":
        assert HonestRanges.seen == []
    else:
        [(_path, headers)] = HonestRanges.seen
        assert set(headers) == {"host", "range"}


def test_a_master_is_a_download_under_its_name_for_staff_alone(front: Front, file: ItemFile) -> None:
    client = Client()
    client.force_login(User.objects.create_user("staff", is_staff=True))
    cookie = {"Cookie": f"phien={client.cookies['phien'].value}"}
    path = f"/files/{file.pid}/master"

    answer = front.ask(path, cookie)

    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers == front.ask_site(path, cookie).headers
    assert answer.values("Content-Disposition")[0].startswith("attachment; filename*=UTF-8''Nh%C3%A0%20r%C3%B4ng")
    assert answer.values("Cache-Control") == ["private, no-store"]
    assert front.ask(path).status == 404


def test_a_closed_file_is_answered_like_one_that_never_was(front: Front, file: ItemFile) -> None:
    assert file.master is not None
    closed = add_file(file.item, file.master, access=policy.REGISTERED)

    for asked in (None, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}):
        answer, other = front.ask(address(closed), asked), front.ask(address(file).replace(file.pid, UNKNOWN), asked)
        assert answer.status == 404
        assert answer == other


def test_what_is_internal_is_not_there_for_anybody_outside(
    front: Front, file: ItemFile, store: str, tmp_path: Path
) -> None:
    key = key_of(file) if store == "folder" else f"{tmp_path.name}/{key_of(file)}"
    asked = [path.format(key=key, bucket=front.s3.bucket) for one in locations_of("internal") for path in one.addresses]

    answers = {path: front.ask(path) for path in asked}

    # The static files of a live server in tests are served by Django's own view, which takes dots for a fault (500).
    there = {path: answer.status for path, answer in answers.items() if answer.status != 404}
    assert {path: status for path, status in there.items() if front.ask_site(path).status != status} == {}
    assert [path for path, answer in answers.items() if CONTENT[:64] in answer.body] == []


def test_bytes_that_are_gone_are_a_pause_and_no_fault(front: Front, file: ItemFile) -> None:
    assert file.master is not None
    stores.derivatives().delete(file.master.derivatives.get().prefix)

    answer = front.ask(address(file))

    assert answer == front.ask_site(address(file))
    assert answer.status == 503
    assert answer.values("Cache-Control") == ["private, no-store"]
    assert answer.values("Retry-After") == ["30"]


def test_an_s3_server_behind_tls_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "HERITAGE_DATA": str(tmp_path),
        "HERITAGE_SENDFILE": "nginx",
        "STORAGE_URL": "s3://key:secret@s3.example.org/heritage",
    }
    command = [sys.executable, "manage.py", "check"]

    refused = subprocess.run(command, env=environment, capture_output=True, text=True)
    plain = {**environment, "STORAGE_URL": "s3://key:secret@s3.example.org/heritage?tls=0"}
    accepted = subprocess.run(command, env=plain, capture_output=True, text=True)

    assert refused.returncode != 0
    assert "HERITAGE_SENDFILE: " in refused.stderr
    assert accepted.returncode == 0, accepted.stderr
