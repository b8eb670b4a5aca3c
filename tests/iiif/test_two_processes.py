"""The site as it is started, in a process of its own, and somebody else who writes into its database."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from access import policy
from access.models import AccessRule, User
from tests.iiif.dispatching import CORNER, INNER, file_with_edges
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def running(data: Path) -> Iterator[http.client.HTTPConnection]:
    """Start the web server over a data folder; a line to it."""
    port = free_port()
    kept = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL")
    env = {name: value for name, value in os.environ.items() if name not in kept} | {"HERITAGE_DATA": str(data)}
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    words += [
        "--workers",
        "1",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
        "heritage.wsgi:application",
    ]
    process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                line.request("GET", "/healthz")
                if line.getresponse().read() is not None:
                    break
            line.close()
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield line
        line.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(
    line: http.client.HTTPConnection, path: str, cookie: str = "", method: str = "GET"
) -> tuple[int, bytes, dict[str, str]]:
    line.request(method, path, headers={"Cookie": cookie} if cookie else {})
    answer = line.getresponse()
    body = answer.read()
    named = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "date"}
    return answer.status, body, named


@pytest.mark.django_db(transaction=True)
def test_what_another_process_closes_is_closed_with_the_next_tile(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("one file of a database is for the embedded profile; PostgreSQL: tests/doors/test_caching_proxy.py")
    file = file_with_edges(tmp_path / "sources", access=policy.REGISTERED)
    reader = Client()
    reader.force_login(User.objects.create_user("doc-gia"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={reader.cookies[settings.SESSION_COOKIE_NAME].value}"
    nobody = AccessRule.objects.nobody().pk
    data = tmp_path / "data"
    data.mkdir()
    shutil.copytree(tmp_path / "files", data / "files")
    database = sqlite3.connect(data / "archive.sqlite3", isolation_level=None)
    connection.ensure_connection()
    connection.connection.backup(database)
    path = f"/iiif/image/3/{file.pid}"

    with running(data) as line:
        first, again = (ask(line, f"{path}/{INNER}", cookie) for _time in range(2))
        head = ask(line, f"{path}/{CORNER}", cookie, "HEAD")
        corner = ask(line, f"{path}/{CORNER}", cookie)
        stranger = ask(line, f"{path}/{INNER}")
        database.execute("UPDATE archive_itemfile SET effective_rule_id = ?", [nobody])
        closed = ask(line, f"{path}/{INNER}", cookie)
        never = ask(line, f"/iiif/image/3/0123456789b/{INNER}", cookie)
    database.close()

    assert first[0] == 200
    assert first == again
    assert head == (200, b"", corner[2])
    assert int(corner[2]["content-length"]) == len(corner[1])
    assert (stranger[0], closed[0]) == (404, 404)
    assert closed == never
