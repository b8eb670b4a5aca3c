"""A warning stands before what may hurt, for those who may see it, until they say that they want to; nothing is sent before."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from archive.models import Item
from media_pipeline.models import Master
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def rite(folder: Path, *reasons: str, files: int = 2) -> Item:
    """Return an open item with pictures, and these reasons to look at it with care."""
    item = make_item("Lễ ăn trâu")
    for number in range(files):
        master = store_master(f"bytes {number}".encode(), folder)
        publish(master, folder, Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 480, "height": 320}))
        add_file(item, master)
    Item.objects.filter(pk=item.pk).update(restriction_reasons=list(reasons))
    return item


def body(client: Client, item: Item, query: str = "") -> str:
    answer = client.get(f"/en/items/{item.pid}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_of_it_is_sent_before_the_warning_was_read(client: Client, tmp_path: Path) -> None:
    item = rite(tmp_path, "canh_giet_mo", "tang_le")

    page = body(client, item)

    assert "It shows a sacrifice of animals." in page
    assert "It is about mourning" in page
    assert ".webp" not in page
    assert "og:image" not in page
    assert 'href="?seen=1"' in page


@pytest.mark.parametrize("address", ["/en/items/", "/en/", "/sitemap.xml", "/feed.atom"])
def test_no_list_shows_a_picture_of_what_is_warned_of(client: Client, tmp_path: Path, address: str) -> None:
    item = rite(tmp_path, "tang_le")

    shown = client.get(address).content.decode()

    assert item.pid in shown
    assert "/thumbnail/" not in shown


@pytest.mark.parametrize("address", ["/en/items/", "/feed.atom"])
def test_lists_show_a_picture_of_what_hurts_nobody(client: Client, tmp_path: Path, address: str) -> None:
    rite(tmp_path)

    assert "/thumbnail/" in client.get(address).content.decode()


def test_who_wants_to_look_is_asked_once_for_all_files_of_the_work(client: Client, tmp_path: Path) -> None:
    item = rite(tmp_path, "canh_giet_mo")

    page = body(client, item, "?seen=1")

    assert "Before you look" not in page
    assert page.count(".webp") >= 2
    second = item.files.order_by("position")[1]
    assert f'href="?seen=1&amp;file={second.pid}"' in page
    assert f"seen=1&amp;file={second.pid}" not in body(client, item)


@pytest.mark.parametrize("reasons", [(), ("ban_quyen",), ("unknown",)])
def test_what_hurts_nobody_is_shown_at_once(client: Client, tmp_path: Path, reasons: tuple[str, ...]) -> None:
    item = rite(tmp_path, *reasons)

    page = body(client, item)

    assert "Before you look" not in page
    assert ".webp" in page
    assert "seen=1" not in page


def test_each_file_of_several_tells_its_size(client: Client, tmp_path: Path) -> None:
    item = rite(tmp_path)
    Master.objects.update(size_bytes=2_400_000)

    assert body(client, item).count('<span class="label">2.4\xa0MB</span>') == 2


def test_a_work_without_files_has_nothing_to_be_warned_of(client: Client, tmp_path: Path) -> None:
    assert "Before you look" not in body(client, rite(tmp_path, "tang_le", files=0))
