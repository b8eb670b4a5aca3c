"""The Image API's door: who gets pictures, and what goes with them."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import Client

from access import policy
from access.models import User
from access.policy import Policy
from archive.models import ItemFile
from interop.iiif.image import reading, records, rendering
from media_pipeline import stores
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master
from tests.iiif.pyramids import pyramid

pytestmark = pytest.mark.django_db
RANDOM = "0123456789b"
PARTS = (
    "",
    "/",
    "/info.json",
    "/full/max/0/default.jpg",
    "/0,0,512,512/512,/0/default.jpg",
    "/full/nonsense/0/x.y",
    "/x",
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what other tests read."""
    records._directory.cache_clear()
    reading._opened.cache_clear()
    reading.kept.clear()


def file_with_pyramid(folder: Path, *, access: Policy = policy.PUBLIC) -> ItemFile:
    master = store_master(b"picture", folder)
    content = pyramid(folder / "pyramid.tif", 1200, 800).read_bytes()
    publish(master, folder, Made("pyramid", "pyramid.tif", content, {"width": 1200, "height": 800}))
    return add_file(make_item("Nhà rông", access=access), master)


def test_a_hidden_picture_is_answered_like_one_that_never_was(client: Client, tmp_path: Path) -> None:
    hidden = file_with_pyramid(tmp_path, access=policy.REGISTERED)

    for method in ("get", "head", "options", "post"):
        for part in PARTS:
            one = getattr(client, method)(f"/iiif/image/3/{hidden.pid}{part}")
            other = getattr(client, method)(f"/iiif/image/3/{RANDOM}{part}")
            assert (one.status_code, one.content, one.headers) == (other.status_code, other.content, other.headers)
            assert one.status_code == {"options": 204, "post": 405}.get(method, 404)


def test_a_public_picture_is_open_to_other_sites_and_to_caches_for_a_minute(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path)

    for part in ("/info.json", "/full/max/0/default.jpg", "/0,0,512,512/512,/0/default.jpg"):
        answer = client.get(f"/iiif/image/3/{file.pid}{part}")
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=60"


def test_a_picture_for_registered_readers_goes_to_them_alone(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path, access=policy.REGISTERED)
    client.force_login(User.objects.create_user("reader"))

    for part in ("/info.json", "/full/max/0/default.jpg", "/0,0,512,512/512,/0/default.jpg"):
        answer = client.get(f"/iiif/image/3/{file.pid}{part}")
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer
        assert answer["Cache-Control"] == "private, no-store"


def test_the_base_address_leads_to_the_description(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path)

    answer = client.get(f"/iiif/image/3/{file.pid}")
    described = client.get(answer["Location"], headers={"Accept": "application/ld+json"})

    assert answer.status_code == 303
    assert described["Content-Type"].startswith("application/ld+json")
    assert described.json()["id"] == f"http://testserver/iiif/image/3/{file.pid}"
    assert described.json()["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2, 4]}]
    assert [size["width"] for size in described.json()["sizes"]] == [300, 600, 1200]


def test_a_tile_is_a_whole_jpeg_and_is_not_sent_twice(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path)
    address = f"/iiif/image/3/{file.pid}/0,0,512,512/512,512/0/default.jpg"

    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    other_form = client.get(address.replace("512,512/0", "512,/0"))

    assert answer.content.startswith(b"\xff\xd8")
    assert answer["Content-Type"] == "image/jpeg"
    assert f'<http://testserver{address.replace("512,512/0", "max/0")}>;rel="canonical"' in answer["Link"]
    assert (again.status_code, again.content) == (304, b"")
    assert hashlib.sha256(other_form.content).digest() == hashlib.sha256(answer.content).digest()
    assert other_form["ETag"] == answer["ETag"]
    assert client.head(address).content == b""


@pytest.mark.parametrize(
    "part",
    ["full/full/0/default.jpg", "full/2000,/0/default.jpg", "9000,0,1,1/max/0/default.jpg", "full/max/0", "a/b/c/d/e"],
)
def test_a_wrong_request_is_refused(client: Client, tmp_path: Path, part: str) -> None:
    answer = client.get(f"/iiif/image/3/{file_with_pyramid(tmp_path).pid}/{part}")

    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/plain")


def test_a_pyramid_whose_bytes_are_gone_is_a_pause_and_no_fault(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path)
    assert file.master is not None
    stores.derivatives().delete(file.master.derivatives.get().prefix)

    for part in ("/info.json", "/full/max/0/default.jpg"):
        answer = client.get(f"/iiif/image/3/{file.pid}{part}")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert answer["Cache-Control"] == "private, no-store"


def test_a_damaged_pyramid_is_a_pause_and_no_fault(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path)
    assert file.master is not None
    prefix = file.master.derivatives.get().prefix
    if not hasattr(storages["files"], "location") or not (tmp_path / "files").is_dir():
        pytest.skip("bytes can be damaged by hand only in a folder")
    path = tmp_path / "files" / prefix / "pyramid.tif"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:2000])

    assert client.get(f"/iiif/image/3/{file.pid}/info.json").status_code == 503


def test_a_file_without_a_pyramid_has_no_image_service(client: Client, tmp_path: Path) -> None:
    file = add_file(make_item("Bài hát"), store_master(b"sound", tmp_path))

    assert client.get(f"/iiif/image/3/{file.pid}/info.json").status_code == 404


def test_a_reader_for_whom_there_is_no_place_is_told_to_come_again_in_a_moment(client: Client, tmp_path: Path) -> None:
    file = file_with_pyramid(tmp_path)

    with ExitStack() as taken:
        for _place in range(rendering.AT_ONCE):
            taken.enter_context(rendering._place())
        cut = client.get(f"/iiif/image/3/{file.pid}/full/200,/0/default.png")
        stored = client.get(f"/iiif/image/3/{file.pid}/0,0,512,512/512,/0/default.jpg")

    assert (cut.status_code, cut["Retry-After"], cut["Cache-Control"]) == (503, "2", "private, no-store")
    assert stored.status_code == 200
