"""Staff who look for the bin on the form of an item that cannot go in are told why, and what to do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from archive.actions.move_item import publish_item, withdraw_item
from archive.models import Item
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def form_of(client: Client, item: Item, **headers: str) -> str:
    return client.get(f"/admin/archive/item/{item.pk}/change/", headers=headers).content.decode()


def test_the_form_of_a_published_item_says_what_to_do_in_place_of_the_bin(publisher: Client) -> None:
    item = publish_item(an_item("Chiêng Kon Klor"), actor=None, now=timezone.now())

    english, page = form_of(publisher, item, **ENGLISH), form_of(publisher, item, **{"accept-language": "vi"})

    assert "cannot go into the bin: readers have seen it" in english
    assert "press “Withdraw…”" in english
    assert "Không thể cho tài liệu này vào thùng rác" in page
    assert "Withdraw…" in english.split('id="why-not-binned"')[0]


def test_each_state_has_its_own_answer_and_a_draft_has_the_button(publisher: Client) -> None:
    draft, sent, gone = (an_item(title) for title in ("Một", "Hai", "Ba"))
    Item.objects.filter(pk=sent.pk).update(state="in_review")
    withdraw_item(publish_item(gone, actor=None, now=timezone.now()), actor=None, now=timezone.now(), reason="thử")

    assert 'id="why-not-binned"' not in form_of(publisher, draft, **ENGLISH)
    assert "Put this draft into the bin…" in form_of(publisher, draft, **ENGLISH)
    assert "press “Send back to draft” first" in form_of(publisher, sent, **ENGLISH)
    assert "also now that readers do not find it" in form_of(publisher, gone, **ENGLISH)
    assert (
        "What was published is withdrawn" in publisher.get("/admin/archive/item/bin/", headers=ENGLISH).content.decode()
    )
