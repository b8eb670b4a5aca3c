"""A careless cache in front of the site: a real nginx that keeps whatever it may, by the address alone. Nobody gets another's answer."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.live_server_helper import LiveServer

from tests.access_matrix import matrix as whole
from tests.access_matrix import people
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.routes import doors_of
from tests.access_matrix.things import Thing
from tests.services import NginxServer, NotHere

# What stands between a reader and the site, and nothing of the answer.
OF_THE_SERVER = frozenset({"date", "server", "connection", "keep-alive", "transfer-encoding", "x-kept", "set-cookie"})
# What nginx says of an answer that it had kept; after a minute it asks again.
KEPT = frozenset({"HIT", "EXPIRED", "REVALIDATED"})
KINDS = ("public", "registered", "of_a", "granted", "file_of_a", "suspended_public")
LISTS = (
    "/items/",
    "/en/items/",
    "/api/v1/items/?page_size=5&count=true",
    "/api/v1/peoples/",
    "/search/?q=nha+rong",
    "/sitemap.xml",
)
# Who asks one after another for the same address: the member first, so that what they get could be kept for the others.
ASKING = (people.MEMBER_A, people.VISITOR, people.MEMBER_A, people.GRANTEE, people.VISITOR)


class CarelessNginx(NginxServer):
    """deploy/nginx.conf with a cache that keeps all it is not told not to keep, and knows answers by their addresses only."""

    def _translated(self, site_port: int, objects_port: int) -> str:
        text = super()._translated(site_port, objects_port)
        kept = f"proxy_cache_path {self.folder}/kept keys_zone=kept:1m;"
        rules = (
            "proxy_cache kept; proxy_cache_key $request_uri; proxy_cache_valid any 10m; proxy_cache_methods GET HEAD;"
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


@dataclass(frozen=True)
class Answer:
    """One answer; `kept` is what the cache says of it."""

    status: int
    headers: dict[str, str]
    body: bytes
    kept: str


@dataclass(frozen=True)
class Front:
    """The cache before the live site, and everybody's cookies."""

    nginx: CarelessNginx
    site_port: int
    matrix: Matrix

    def ask(
        self,
        viewer: str,
        path: str,
        method: str = "GET",
        *,
        directly: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.site_port if directly else self.nginx.port, timeout=60
        )
        cookies = "; ".join(f"{name}={one.value}" for name, one in self.matrix.clients[viewer].cookies.items())
        sent = {
            "Host": "localhost",
            "Accept-Language": "vi",
            **({"Cookie": cookies} if cookies else {}),
            **(headers or {}),
        }
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        given = {name.lower(): value for name, value in answer.getheaders()}
        kept = {name: value for name, value in given.items() if name not in OF_THE_SERVER}
        return Answer(answer.status, kept, body, given.get("x-kept", ""))


@pytest.fixture
def front(live_server: LiveServer, tmp_path: Path) -> Iterator[Front]:
    """A live site with the whole matrix, behind the careless cache."""
    port = live_server.thread.port
    try:
        nginx = CarelessNginx(site_port=port, objects_port=port)
    except NotHere as missing:
        pytest.skip(f"not on this machine: {missing}")
    checked = nginx.check()
    assert checked.returncode == 0, checked.stderr
    with nginx:
        with transaction.atomic():
            matrix = whole.make(tmp_path)
        yield Front(nginx, port, matrix)


def addresses_of(thing: Thing) -> list[str]:
    listed = [address for door in doors_of("object", "bytes") for address in door.addresses]
    return [address.format(item=thing.item.pid, file=thing.file.pid) for address in listed]


def same(one: Answer, other: Answer) -> bool:
    """Return whether two answers are the same to who reads them. Tokens against forged requests are new on every page."""
    if one.body != other.body and not one.headers.get("content-type", "").startswith("text/html"):
        return False
    return (one.status, one.headers) == (other.status, other.headers)


@pytest.mark.django_db(transaction=True)
def test_a_cache_that_knows_answers_by_their_addresses_gives_nobody_anothers(front: Front) -> None:
    assert settings.SENDFILE != "nginx"
    faults: list[str] = []
    asked = [address for kind in KINDS for address in addresses_of(front.matrix.thing(kind))]
    for address in (*asked, *LISTS):
        faults += faults_of(front, address)
    assert faults == []

    # The net has no hole: the cache is there, and keeps what is everybody's.
    thumbnail = f"/files/{front.matrix.thing('public').file.pid}/thumbnail/480.webp"
    again = [front.ask(viewer, thumbnail, headers={"Accept-Language": "en"}) for viewer in ASKING]
    assert {answer.kept for answer in again} <= KEPT
    ranged = front.ask(people.VISITOR, thumbnail, headers={"Range": "bytes=0-3"})
    assert (ranged.status, ranged.body, ranged.kept in KEPT) == (206, b"RIFF", True)


def faults_of(front: Front, address: str) -> Iterator[str]:
    """Yield who gets through the cache by this address what the site itself does not answer them."""
    direct = {viewer: front.ask(viewer, address, directly=True) for viewer in dict.fromkeys(ASKING)}
    for viewer in ASKING:
        answer = front.ask(viewer, address)
        if "cache-control" not in answer.headers:
            yield f"{address} does not say whether it may be kept"
        if not same(answer, direct[viewer]):
            yield f"{viewer} gets another answer to {address} through the cache: {answer.status}"
        if answer.kept in KEPT and not direct[viewer].headers["cache-control"].startswith("public"):
            yield f"{address} is kept: {viewer}"
    other_ways: tuple[tuple[str, dict[str, str]], ...] = (
        ("HEAD", {}),
        ("GET", {"Range": "bytes=0-3"}),
        ("GET", {"Accept-Language": "en"}),
    )
    for method, headers in other_ways:
        expected = front.ask(people.VISITOR, address, method, directly=True, headers=headers)
        if (got := front.ask(people.VISITOR, address, method, headers=headers)).status != expected.status:
            yield f"{method} {address} {headers}: {got.status} instead of {expected.status}"
