"""The web never waits for the broker: pages, sign-ins, edits and uploads go on while Redis is frozen or gone."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.house import ROOT, SERVED, House
from tests.makers import picture
from tests.services import free_port

pytestmark = pytest.mark.skipif(not SERVED, reason="the embedded profile has no Redis")

ANSWERS_WITHIN_S = 10.0  # threads that wait for Redis would be here for ever; a busy machine is none of our faults
CSRF = "c" * 32
Answer = tuple[int, bytes, Mapping[str, str]]


class Site:
    """The web server of an archive, asked as a signed-in browser asks."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookies = {"phien": session, "csrf": CSRF}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN_S)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with contextlib.closing(connection):
            sent = {
                "Cookie": cookies,
                "X-CSRFToken": CSRF,
                **{name.replace("_", "-"): v for name, v in headers.items()},
            }
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())

    def upload(self, item: str, path: Path) -> int:
        """Send a file by tus in one piece and return the status."""
        content = path.read_bytes()
        described = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}"
            for key, value in (("filename", path.name), ("item", item))
        )
        status, _body, _headers = self.ask(
            "POST", "/uploads/", content, Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
            Upload_Metadata=described, Content_Type="application/offset+octet-stream",
        )  # fmt: skip
        return status


@pytest.fixture
def signed_in(house: House) -> dict[str, str]:
    answer: dict[str, str] = house.order("sign_in")
    return answer


@pytest.fixture
def site(house: House, signed_in: dict[str, str]) -> Site:
    port = free_port()
    words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    words += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "heritage.wsgi:application"]
    with (house.folder / "web.log").open("ab") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "granian", *words],
            cwd=ROOT, env=house.env | {"HERITAGE_DEBUG": "1"},  # or static files would have to be collected first
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    house.workers.append(web)
    here = Site(port, signed_in["session"])
    until = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if here.ask("GET", "/healthz")[0] == 200:
                break
        assert web.poll() is None, (house.folder / "web.log").read_text()
        assert time.monotonic() < until, (house.folder / "web.log").read_text()
        time.sleep(0.1)
    return here


@pytest.mark.parametrize("how", ["freeze", "kill"])
def test_everything_but_the_work_itself_goes_on_without_redis(
    house: House, site: Site, signed_in: dict[str, str], tmp_path: Path, how: str
) -> None:
    assert house.broker is not None
    before, after = picture(tmp_path / "truoc.jpg"), picture(tmp_path / "sau.jpg", colour=(150, 30, 30))
    assert site.upload(signed_in["item"], before) == 201

    getattr(house.broker, how)()
    statuses = {
        path: site.ask("GET", path)[0] for path in ("/", "/items/", "/search/?q=rong", "/api/v1/items/", "/admin/")
    }
    form = urlencode({"username": "thu-thu", "password": "cu-ky-khong-doan", "csrfmiddlewaretoken": CSRF}).encode()
    signing_in = site.ask("POST", "/admin/login/", form, Content_Type="application/x-www-form-urlencoded")[0]
    uploaded = site.upload(signed_in["item"], after)
    _status, ready, _headers = site.ask("GET", "/readyz")

    assert set(statuses.values()) == {200}, statuses
    assert signing_in == 302
    assert uploaded == 201
    assert json.loads(ready) == {"database": True, "files": True, "broker": False}

    if how == "freeze":
        house.broker.resume()
    else:
        house.broker.start()
    house.start_worker(pool="prefork")
    house.finish(within_s=90)
    assert [state for _sha256, state, _reason in house.order("masters_now")] == ["ready", "ready"]
