"""Sending to review, asking for edits, publishing one or many rows, and talking about it, at the desk."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from access import policy
from archive.actions.move_item import move_item
from archive.admin.item_moves import MOVED_AT_ONCE_MOST
from archive.models import Item, Remark
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_items import change

pytestmark = pytest.mark.django_db
LIST = "/admin/archive/item/"


def in_review(title: str, **facts: Any) -> Item:
    return move_item(an_item(title, **facts), "in_review", actor=None, now=timezone.now())


def choose(client: Client, action: str, *items: Item, **sent: Any) -> str:
    """Choose rows of the list and do something with them; returns the page that follows."""
    rows = {"action": action, "_selected_action": [item.pk for item in items], "index": "0", **sent}
    return html.unescape(client.post(LIST, rows, follow=True).content.decode())


def test_a_reviewer_asks_for_edits_and_the_cataloguer_reads_what_is_asked() -> None:
    item = an_item("Hơmon Đăm Noi")
    cataloguer, reviewer = signed_in(staff("bien_muc", "Cataloguer")), signed_in(staff("duyet", "Reviewer"))
    change(cataloguer, item, _move="in_review", _review_note="Xin xem giúp phần tên")
    item.refresh_from_db()
    change(reviewer, item, _move="edits", _edits_reason="Ghi rõ ai kể")

    page = cataloguer.get(f"{LIST}{item.pk}/change/").content.decode()

    item.refresh_from_db()
    assert item.state == "edits"
    assert [remark.text for remark in Remark.objects.all()] == ["Xin xem giúp phần tên", "Ghi rõ ai kể"]
    assert "Ghi rõ ai kể" in page
    assert page.index("Xin xem giúp phần tên") < page.index("Ghi rõ ai kể")


def test_asking_for_edits_without_saying_which_moves_nothing() -> None:
    item = in_review("Hơmon Đăm Noi")

    answer = change(signed_in(staff("duyet", "Reviewer")), item, _move="edits", _edits_reason=" ")

    item.refresh_from_db()
    assert answer.status_code == 302
    assert item.state == "in_review"


def test_buttons_offer_what_the_action_allows_and_say_what_keeps_a_publisher(settings: LazySettings) -> None:
    settings.TWO_PAIRS_OF_EYES = True
    one, other = staff("mot", "Publisher"), staff("hai", "Publisher")
    item = move_item(an_item("Gùi"), "in_review", actor=one, now=timezone.now())
    publish = '<button type="submit" class="default" name="_move" value="published">'

    mine = signed_in(one).get(f"{LIST}{item.pk}/change/").content.decode()
    theirs = signed_in(other).get(f"{LIST}{item.pk}/change/").content.decode()

    assert publish not in mine
    assert "somebody else looks at it and publishes it" in mine
    assert publish in theirs
    assert "somebody else looks at it" not in theirs


def test_many_rows_are_moved_one_by_one_and_the_page_says_which_stay_and_why(publisher: Client) -> None:
    ready, untitled, depicted = in_review("Gùi hoa"), in_review("Ché"), in_review("Chân dung già làng")
    Item.objects.filter(pk=untitled.pk).update(titles=[], identifier="KT-9")
    Item.objects.filter(pk=depicted.pk).update(depicts_person=True)

    page = choose(publisher, "publish", ready, untitled, depicted)

    states = dict(Item.objects.values_list("pk", "state"))
    assert states == {ready.pk: "published", untitled.pk: "in_review", depicted.pk: "in_review"}
    assert "1 item: published." in page
    assert "1 stays as it was (KT-9). An item needs a title before it is published." in page
    assert "1 stays as it was (Chân dung già làng). Somebody can be recognised in it" in page


def test_many_rows_are_sent_back_with_one_reason(publisher: Client) -> None:
    items = [in_review(f"Gùi {number}") for number in range(3)]

    choose(publisher, "ask_for_edits", *items, reason="Thiếu quyền sử dụng")

    assert set(Item.objects.values_list("state", flat=True)) == {"edits"}
    assert [remark.text for remark in Remark.objects.all()] == ["Thiếu quyền sử dụng"] * 3


def test_a_list_offers_each_person_what_they_may_do_with_many() -> None:
    offered = {}
    an_item("Gùi")
    for role in ("Cataloguer", "Reviewer", "Publisher", "Keeper of consents"):
        client = signed_in(staff(role.replace(" ", "_").lower(), role))
        page = client.get(LIST).content.decode()
        offered[role] = [name for name in ("send_to_review", "publish", "ask_for_edits") if f'value="{name}"' in page]

    assert offered == {
        "Cataloguer": ["send_to_review"],
        "Reviewer": ["send_to_review", "ask_for_edits"],
        "Publisher": ["send_to_review", "publish", "ask_for_edits"],
        "Keeper of consents": [],
    }


def test_what_is_not_offered_is_not_done_by_writing_it_into_the_request(cataloguer: Client) -> None:
    item = in_review("Gùi")

    choose(cataloguer, "publish", item)
    choose(cataloguer, "delete_selected", item)

    assert Item.objects.get().state == "in_review"


def test_a_closed_row_is_not_moved_by_its_key(publisher: Client) -> None:
    closed = in_review("Kín", access=policy.NOBODY)

    choose(publisher, "publish", closed)

    assert Item.objects.get().state == "in_review"


def test_too_many_rows_at_once_move_nothing(publisher: Client) -> None:
    first = an_item("Gùi")
    many = [Item.objects.create(**_copy_of(first)) for _number in range(MOVED_AT_ONCE_MOST)]

    page = choose(publisher, "send_to_review", first, *many[:1], select_across="1")

    assert f"Choose {MOVED_AT_ONCE_MOST} at most at once" in page
    assert set(Item.objects.values_list("state", flat=True)) == {"draft"}


def _copy_of(item: Item) -> dict[str, Any]:
    names = ("titles", "kind", "chosen_rule", "effective_rule", "created_at", "modified_at")
    return {name: getattr(item, name) for name in names}


def test_a_remark_is_said_on_what_one_sees_and_on_nothing_else(cataloguer: Client) -> None:
    open_to_me, closed = an_item("Gùi"), an_item("Kín", access=policy.NOBODY)

    said = cataloguer.post(f"{LIST}{open_to_me.pk}/remark/", {"text": "Chụp năm nào?"})
    hidden = cataloguer.post(f"{LIST}{closed.pk}/remark/", {"text": "Chụp năm nào?"})
    never = cataloguer.post(f"{LIST}987654/remark/", {"text": "Chụp năm nào?"})

    assert said.headers["Location"] == f"{LIST}{open_to_me.pk}/change/#conversation"
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert [remark.item for remark in Remark.objects.all()] == [open_to_me]


def test_who_opens_the_first_thing_to_everybody_is_not_told_that_it_is_closed_to_them(publisher: Client) -> None:
    """The rule did not exist when the request came in."""
    item = an_item("Gùi", access=policy.STAFF)

    answer = change(publisher, item, access_level="public", _move="published")

    assert answer.headers["Location"] == f"{LIST}{item.pk}/change/"
