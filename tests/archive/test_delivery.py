"""Bytes out: ranges, validators, and headers that let nothing run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from access import policy
from access.models import User
from archive import delivery
from archive.models import ItemFile
from media_pipeline import stores
from tests.access_matrix.answers import body_of
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
CONTENT = random.Random(7).randbytes(300_001)


@pytest.fixture
def file(tmp_path: Path) -> ItemFile:
    master = store_master(CONTENT, tmp_path)
    publish(master, tmp_path, Made("thumbnail", "480.webp", CONTENT))
    return add_file(make_item("Ảnh"), master, name="Nhà rông “cũ”.html")


def address(file: ItemFile) -> str:
    return f"/files/{file.pid}/thumbnail/480.webp"


def test_ten_thousand_random_ranges_are_the_bytes_of_the_file() -> None:
    """Without a database or a socket in between: what is measured against the file is the reading of ranges itself."""
    chance = random.Random(11)

    class Source:
        def read_range(self, start: int, length: int) -> object:
            return iter([CONTENT[start : start + length]])

    body = delivery.Body(Source(), "derivatives/x", len(CONTENT), "0" * 64, "image/webp")  # type: ignore[arg-type]  # a test's source
    factory = RequestFactory()
    for _round in range(10_000):
        first = chance.randrange(len(CONTENT))
        last = chance.randrange(first, len(CONTENT) + 1000)
        form = chance.choice([f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{first + 1}"])
        answer = delivery.send(factory.get("/", headers={"Range": form}), body)
        expected = (
            CONTENT[-(first + 1) :]
            if form.startswith("bytes=-")
            else CONTENT[first : last + 1 if form[-1] != "-" else None]
        )
        assert answer.status_code == 206
        assert body_of(answer) == expected
        assert answer["Content-Length"] == str(len(expected))


@pytest.mark.parametrize("asked", ["bytes=0-99", "bytes=299990-", "bytes=-7", "bytes=131000-262200"])
def test_a_range_comes_from_the_store_itself(client: Client, file: ItemFile, asked: str) -> None:
    first, _dash, last = asked.removeprefix("bytes=").partition("-")
    expected = CONTENT[-int(last) :] if not first else CONTENT[int(first) : int(last) + 1 if last else None]

    answer = client.get(address(file), headers={"Range": asked})

    assert answer.status_code == 206
    assert body_of(answer) == expected
    start = len(CONTENT) - len(expected) if not first else int(first)
    assert answer["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=300001-", "bytes=5-4", "bytes=-0", "bytes=999999-1000000"])
def test_a_range_outside_the_file_is_refused_and_kept_by_no_cache(client: Client, file: ItemFile, asked: str) -> None:
    answer = client.get(address(file), headers={"Range": asked})

    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=",
        "bytes=-",
        "items=0-1",
        "bytes=0-1,4-5",
        "bytes=a-b",
        f"bytes={'9' * 5000}-",
        "bytes=" + "0-0," * 1000,
        "bytes=１-２",
    ],
)
def test_a_range_that_is_none_or_several_gets_the_whole_once(client: Client, file: ItemFile, asked: str) -> None:
    answer = client.get(address(file), HTTP_RANGE=asked)

    assert answer.status_code == 200
    assert len(body_of(answer)) == len(CONTENT)


def test_a_range_of_another_version_gets_the_whole_of_this_one(client: Client, file: ItemFile) -> None:
    etag = client.head(address(file))["ETag"]

    assert client.get(address(file), headers={"Range": "bytes=0-1", "If-Range": etag}).status_code == 206
    for other in ('"another"', f"W/{etag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert client.get(address(file), headers={"Range": "bytes=0-1", "If-Range": other}).status_code == 200


def test_asking_for_headers_sends_no_bytes_and_whole_lengths(client: Client, file: ItemFile) -> None:
    answer = client.head(address(file), headers={"Range": "bytes=0-9"})

    assert (answer.status_code, body_of(answer), answer["Content-Length"]) == (200, b"", str(len(CONTENT)))


def test_what_the_reader_has_is_not_sent_again(client: Client, file: ItemFile) -> None:
    etag = client.head(address(file))["ETag"]

    for said in (etag, f"W/{etag}", f'"x", {etag}'):
        answer = client.get(address(file), headers={"If-None-Match": said})
        assert (answer.status_code, body_of(answer)) == (304, b"")
    assert client.get(address(file), headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_master_is_a_download_under_its_name_that_nothing_can_open_as_a_page(client: Client, tmp_path: Path) -> None:
    polyglot = b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(document.cookie)//<script>alert(1)</script>"
    file = add_file(make_item("Ảnh động"), store_master(polyglot, tmp_path), name='Nhà "rông".html\r\nX-Bad: 1')
    client.force_login(User.objects.create_user("staff", is_staff=True))

    answer = client.get(f"/files/{file.pid}/master")

    assert body_of(answer) == polyglot
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''Nh%C3%A0%20%22r%C3%B4ng%22.html")
    assert "X-Bad" not in answer
    assert answer["Cache-Control"] == "private, no-store"


def test_a_derivative_of_an_unknown_type_is_a_download(client: Client, file: ItemFile) -> None:
    assert file.master is not None
    made = file.master.derivatives.get()
    made.files = [{**made.files[0], "media_type": "text/html"}]
    made.save()

    answer = client.get(address(file))

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name", ["../480.webp", "..%2f480.webp", "%2e%2e/480.webp", "480.webp/", "/etc/passwd", "481.webp"]
)
def test_a_name_that_was_not_published_is_not_there(client: Client, file: ItemFile, name: str) -> None:
    assert client.get(f"/files/{file.pid}/thumbnail/{name}").status_code == 404


def test_a_name_with_a_zero_byte_is_refused_before_anybody_looks(client: Client, file: ItemFile) -> None:
    asked = [f"/files/{pid}/thumbnail/480.webp%00" for pid in (file.pid, "0123456789b")]

    assert [client.get(address).status_code for address in asked] == [400, 400]


def test_bytes_that_are_gone_are_a_pause_and_no_fault(client: Client, file: ItemFile) -> None:
    assert file.master is not None
    stores.derivatives().delete(file.master.derivatives.get().prefix)

    answer = client.get(address(file))

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "private, no-store"


def test_a_public_file_may_be_kept_for_a_minute_and_another_not_at_all(
    client: Client, file: ItemFile, tmp_path: Path
) -> None:
    closed = add_file(file.item, file.master, access=policy.REGISTERED)  # type: ignore[arg-type]  # stored by the fixture
    client.force_login(User.objects.create_user("reader"))

    assert client.get(address(file))["Cache-Control"] == "public, max-age=60"
    assert client.get(address(closed))["Cache-Control"] == "private, no-store"
