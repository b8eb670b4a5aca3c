"""The panel "From the files": what files say is offered to who may see the file, never to others, and never to the public."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from archive.actions.move_item import publish_item
from archive.models import Item, ItemFile
from media_pipeline.models import Master
from tests.desk.conftest import an_item
from tests.desk.test_items import with_file

pytestmark = pytest.mark.django_db
SAID = [
    {"source": "XMP", "name": "dc:title", "value": "SAID-TITLE <b>"},
    {"source": "EXIF", "name": "Artist", "value": "SAID-ARTIST"},
    {"source": "EXIF", "name": "GPSPosition", "value": "14.350000, 108.010000"},
    {"source": "EXIF", "name": "DateTimeOriginal", "value": "1975:03:16 10:00:00"},
]


def saying(item: Item, *, number: int = 0) -> ItemFile:
    """Return a file of the item that says these things."""
    file = with_file(item, f"anh-{number}.jpg")
    master = Master.objects.create(
        sha256=f"{number:064}", sha512="0" * 128, size_bytes=1, extension="jpg", kind="image", embedded=SAID,
        stored_at=file.created_at, verified_at=file.created_at, state=Master.State.KEPT,
    )  # fmt: skip
    file.master = master
    file.save()
    return file


def page(client: Client, item: Item) -> str:
    return client.get(f"/admin/archive/item/{item.pk}/change/").content.decode()


def test_what_a_file_says_is_offered_for_the_fields_with_its_source(cataloguer: Client) -> None:
    item = an_item("Gùi")
    saying(item)

    text = page(cataloguer, item)

    assert 'data-use="titles" data-value="SAID-TITLE &lt;b&gt;"' in text
    assert "XMP, in “anh-0.jpg”" in text
    assert 'data-use="date_as_written" data-value="16/3/1975"' in text
    assert "SAID-ARTIST" in text
    assert 'data-use="creators"' not in text
    assert "14.350000, 108.010000" in text
    assert 'data-use="position"' not in text


def test_nothing_is_offered_where_files_say_nothing(cataloguer: Client) -> None:
    item = an_item("Gùi")
    with_file(item, "anh.jpg")

    assert "data-from-files" not in page(cataloguer, item)


def test_what_a_closed_file_says_is_kept_from_staff_who_may_not_see_it(cataloguer: Client) -> None:
    item = an_item("Gùi")
    file = saying(item)
    saying(item, number=1)
    ItemFile.objects.filter(pk__in=[file.pk, file.pk + 1]).update(
        effective_rule=an_item("Kín", access=policy.NOBODY).effective_rule
    )

    text = page(cataloguer, item)

    assert "SAID-" not in text
    assert "108.01" not in text


def test_the_public_page_and_the_api_say_none_of_it(client: Client) -> None:
    item = an_item("Gùi")
    file = saying(item)
    publish_item(item, actor=None, now=timezone.now())
    ItemFile.objects.filter(pk=file.pk).update(effective_rule=item.chosen_rule)

    answers = [client.get(address) for address in (f"/items/{item.pid}/", f"/api/v1/items/{item.pid}/")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert not any(word in answer.content for answer in answers for word in (b"SAID-", b"108.01", b"1975"))


def test_the_card_of_a_file_says_its_format_and_a_name_that_says_otherwise(cataloguer: Client) -> None:
    item = an_item("Gùi")
    file = saying(item)
    Master.objects.filter(pk=file.master_id).update(extension="png", format_name="WebP image", puid="fmt/568")

    text = page(cataloguer, item)

    assert "WebP image · fmt/568" in text
    assert "Its name ends as that of another format does." in text
