"""A copy to take away: its name, its credit, its validators; only for who may see the file, and the stored bytes stay as they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access import policy
from archive import addresses, languages
from archive.actions.move_item import publish_item
from archive.models import Agent, Item, ItemAgent, ItemFile, RightsStatement
from tests import makers
from tests.access_matrix.world import Made, publish, store_master
from tests.archive.test_crediting import saved

pytestmark = pytest.mark.django_db
NAME = "1280.webp"


@pytest.fixture
def file(tmp_path: Path, now: datetime) -> ItemFile:
    """A published picture with rights, a maker, somebody depicted, and somebody whose name must not be spoken."""
    item = makers.item(now=now, title="Gùi của người Ba Na", publish=False)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)
    master = store_master(b"master", tmp_path)
    publish(master, tmp_path, Made("thumbnail", NAME, saved("WEBP")))
    ItemFile.objects.filter(pk=file.pk).update(master=master)
    statement = RightsStatement.objects.get(uri="https://creativecommons.org/licenses/by/4.0/")
    RightsStatement.objects.filter(pk=statement.pk).update(names=languages.of(vi="Ghi công 4.0"))
    Item.objects.filter(pk=item.pk).update(rights=statement)
    publish_item(item, actor=None, now=now)
    for role, name, facts in (
        ("pht", "PHOTOGRAPHER", {}),
        ("dpc", "DEPICTED", {}),
        ("prf", "WITHHELD", {"name_is_withheld": True, "shown_as": languages.of(vi="một nghệ nhân")}),
    ):
        agent = Agent.objects.create(slug=name.lower(), names=languages.of(vi=name), **facts)
        ItemAgent.objects.create(item=item, agent=agent, role=role)
    return ItemFile.objects.get(pk=file.pk)


def test_copy_carries_credit_and_rights_and_a_name_of_its_own(client: Client, file: ItemFile) -> None:
    stored = client.get(addresses.derivative(file, "thumbnail", NAME))
    answer = client.get(addresses.download(file, "thumbnail", NAME))
    content = b"".join(answer.streaming_content)

    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(content) > int(stored["Content-Length"])
    assert f"gui-cua-nguoi-ba-na-{file.item.pid}-{NAME}" in answer["Content-Disposition"]
    for words in (
        "Gùi của người Ba Na",
        "PHOTOGRAPHER",
        "một nghệ nhân",
        "Ghi công 4.0",
        "licenses/by/4.0",
        f"/ark:/99999/{file.item.pid}",
    ):
        assert words.encode() in content, words
    for words in ("DEPICTED", "WITHHELD"):
        assert words.encode() not in content, words
    assert b"PHOTOGRAPHER" not in b"".join(stored.streaming_content)


def test_pieces_of_a_copy_fit_together_and_its_validator_follows_the_credit(client: Client, file: ItemFile) -> None:
    address = addresses.download(file, "thumbnail", NAME)
    whole = client.get(address)
    content, etag = b"".join(whole.streaming_content), whole["ETag"]
    size = len(content)

    pieces = [
        client.get(address, headers={"range": f"bytes={start}-{min(start + 99, size - 1)}", "if-range": etag})
        for start in range(0, size, 100)
    ]
    again = client.get(address, headers={"if-none-match": etag})
    Item.objects.filter(pk=file.item_id).update(titles=languages.of(vi="Gùi"))
    later = client.get(address, headers={"if-none-match": etag})

    assert {piece.status_code for piece in pieces} == {206}
    assert b"".join(b"".join(piece.streaming_content) for piece in pieces) == content
    assert (again.status_code, later.status_code) == (304, 200)
    assert client.get(addresses.derivative(file, "thumbnail", NAME))["ETag"] != etag


def test_copy_is_never_handed_to_the_proxy(client: Client, file: ItemFile, settings: object) -> None:
    settings.SENDFILE = "nginx"  # type: ignore[attr-defined]  # pytest-django's
    offer = {"x-sendfile-type": "X-Accel-Redirect"}

    stored = client.get(addresses.derivative(file, "thumbnail", NAME), headers=offer)
    copy = client.get(addresses.download(file, "thumbnail", NAME), headers=offer)

    assert stored.has_header("X-Accel-Redirect")
    assert not copy.has_header("X-Accel-Redirect")
    assert b"PHOTOGRAPHER" in b"".join(copy.streaming_content)


def test_closed_file_has_no_copy(client: Client, file: ItemFile, now: datetime) -> None:
    closed = makers.item(now=now, title="Kín", access=policy.NOBODY)
    ItemFile.objects.filter(pk=file.pk).update(effective_rule=closed.effective_rule)

    answer = client.get(addresses.download(file, "thumbnail", NAME))
    unknown = client.get(addresses.download(file, "thumbnail", NAME).replace(file.pid, "00000000000"))

    assert answer.status_code == unknown.status_code == 404


def test_asking_for_a_copy_costs_two_queries_more(client: Client, file: ItemFile) -> None:
    client.get(addresses.derivative(file, "thumbnail", NAME))
    with CaptureQueriesContext(connection) as plain:
        client.get(addresses.derivative(file, "thumbnail", NAME))
    with CaptureQueriesContext(connection) as copy:
        client.get(addresses.download(file, "thumbnail", NAME))

    assert len(copy) <= len(plain) + 2
