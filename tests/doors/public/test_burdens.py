"""Lists and strips of works that are very large: nothing is done for each of a document's thousand pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive import addresses
from archive.models import Item
from media_pipeline.models import Derivative, Master
from tests.access_matrix.world import NOW, add_file, make_item

pytestmark = pytest.mark.django_db
PAGES = 1000


def big_document(item: Item, number: int) -> None:
    """Give an item a document of a thousand pages, as far as the database knows."""
    master = Master.objects.create(
        sha256=f"{number:064x}",
        sha512=f"{number:0128x}",
        size_bytes=5,
        extension="pdf",
        kind="pdf",
        state="ready",
        stored_at=NOW,
        verified_at=NOW,
    )
    for role, names in (
        ("pages", [f"p{page:04}.webp" for page in range(PAGES)]),
        ("thumbnail", ["160.webp", "480.webp"]),
    ):
        files = [
            {"name": name, "media_type": "image/webp", "size_bytes": 9, "sha256": "0" * 64, "width": 100, "height": 160}
            for name in names
        ]
        Derivative.objects.create(
            master=master, role=role, version=1, prefix="x", files=files, size_bytes=9, made_at=NOW
        )
    add_file(item, master)


@pytest.fixture
def made_addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of derived files that were made, in order."""
    made: list[str] = []
    real = addresses.derivative

    def noting(*args: object) -> str:
        address = real(*args)  # type: ignore[arg-type]  # passed on as they come
        made.append(address)
        return address

    monkeypatch.setattr(addresses, "derivative", noting)
    return made


def test_a_list_reads_and_addresses_only_the_pictures_of_its_cards(client: Client, made_addresses: list[str]) -> None:
    for number in range(3):
        big_document(make_item(f"Sách {number}", kind="document"), number)

    with CaptureQueriesContext(connection) as context:
        page = client.get("/items/")

    assert page.content.decode().count("/thumbnail/160.webp") >= 3
    assert len(made_addresses) <= 12
    read = [query["sql"] for query in context.captured_queries if Derivative._meta.db_table in query["sql"]]
    assert len(read) == 1
    assert "'thumbnail'" in read[0]


def test_the_page_of_an_item_with_many_documents_addresses_only_what_it_shows(
    client: Client, made_addresses: list[str]
) -> None:
    item = make_item("Bộ sách", kind="document")
    for number in range(3):
        big_document(item, number)

    page = client.get(f"/items/{item.pid}/")

    assert page.content.decode().count("/thumbnail/160.webp") >= 3
    assert len(made_addresses) <= 20
