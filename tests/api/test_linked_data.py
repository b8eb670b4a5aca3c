"""One item as linked data, for who asks for it."""

from __future__ import annotations

import pytest
from django.test import Client

from access import policy
from archive.languages import of
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db
LINKED = "application/ld+json"


def test_who_asks_for_linked_data_gets_schema_org_and_everybody_else_our_record(client: Client) -> None:
    item = make_item("Nhà rông", descriptions=of(vi="Mái cao"))

    linked = client.get(f"/api/v1/items/{item.pid}/", headers={"Accept": LINKED})
    ours = client.get(f"/api/v1/items/{item.pid}/")

    assert linked.headers["Content-Type"] == LINKED
    assert linked.json()["@context"] == "https://schema.org"
    assert (linked.json()["name"], linked.json()["description"]) == ("Nhà rông", "Mái cao")
    assert linked.json()["url"] == f"http://testserver/items/{item.pid}/"
    assert ours.headers["Content-Type"] == "application/json"
    assert ours.json()["pid"] == item.pid
    assert "Accept" in linked.headers["Vary"]
    assert linked.headers["ETag"] != ours.headers["ETag"]


def test_linked_data_is_not_sent_again_to_who_has_it(client: Client) -> None:
    item = make_item("Nhà rông")
    etag = client.get(f"/api/v1/items/{item.pid}/", headers={"Accept": LINKED}).headers["ETag"]

    again = client.get(f"/api/v1/items/{item.pid}/", headers={"Accept": LINKED, "If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_fields_of_our_record_are_not_for_linked_data(client: Client) -> None:
    item = make_item("Nhà rông")

    answer = client.get(f"/api/v1/items/{item.pid}/?fields=titles", headers={"Accept": LINKED})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["parameter"] == "fields"


def test_what_is_closed_and_what_never_was_are_one_answer_in_this_form_too(client: Client) -> None:
    closed = make_item("Kín", access=policy.STAFF)

    of_closed = client.get(f"/api/v1/items/{closed.pid}/", headers={"Accept": LINKED})
    of_nothing = client.get("/api/v1/items/0123456789b/", headers={"Accept": LINKED})

    assert of_closed.status_code == 404
    assert of_closed.content == of_nothing.content
