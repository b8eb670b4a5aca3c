"""The list of items: filters with counts, order, saved views, some fields at once, the palette, and what they cost."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import AuditEntry
from archive import languages
from archive.actions.move_item import move_item
from archive.models import Item, People, Remark, Revision, SavedView
from tests.desk.conftest import an_item, signed_in, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/archive/item/"
QUERIES_MOST = 30


def titles(client: Client, query: str = "") -> list[str]:
    """Return the titles that the list shows, in its order."""
    page = client.get(f"{LIST}?{query}").content.decode()
    return [html.unescape(one) for one in re.findall(r'class="field-shown_title"><a[^>]*>([^<]*)<', page)]


def counts(client: Client, query: str = "") -> dict[str, int]:
    """Return the number beside each choice of the filters."""
    page = html.unescape(client.get(f"{LIST}?_facets=True&{query}").content.decode())
    return {label.strip(): int(count) for label, count in re.findall(r">([^<>]*)\((\d+)\)\s*</a>", page)}


@pytest.fixture
def described(db: None) -> dict[str, Item]:
    """Items of which each lacks something else, and one that nobody sees."""
    made = {
        "whole": an_item("Gùi", rights_uri="http://rightsstatements.org/vocab/CNE/1.0/", languages=["bdq"]),
        "no language": an_item("Ché", rights_uri="http://rightsstatements.org/vocab/CNE/1.0/"),
        "no rights": an_item("Đàn", languages=["vi", "bdq"]),
        "hidden": an_item("Kín", access=policy.NOBODY),
    }
    bana = People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    for name in ("whole", "hidden"):
        made[name].peoples.add(bana)
    return made


def test_filters_find_what_lacks_something(publisher: Client, described: dict[str, Item]) -> None:
    found = {name: sorted(titles(publisher, f"lacking={name}")) for name in ("rights", "languages", "peoples")}

    assert found == {"rights": ["Đàn"], "languages": ["Ché"], "peoples": ["Ché", "Đàn"]}
    assert sorted(titles(publisher, "language=bdq")) == ["Gùi", "Đàn"]
    assert titles(publisher, f"people={People.objects.get().pk}") == ["Gùi"]
    assert len(titles(publisher, "lacking=everything")) == 3


def test_counts_stand_beside_the_choices_and_count_what_one_may_see(
    publisher: Client, described: dict[str, Item]
) -> None:
    found = counts(publisher)

    assert (found["a statement of rights"], found["the people it is of"], found["Ba Na"], found["draft"]) == (
        1,
        2,
        1,
        3,
    )
    assert counts(publisher, "lacking=rights")["draft"] == 1


def test_what_i_did_is_mine_alone(described: dict[str, Item]) -> None:
    me, other = staff("toi", "Publisher"), staff("ban", "Publisher")
    move_item(described["whole"], "in_review", actor=me, now=timezone.now())
    move_item(described["whole"], "edits", actor=other, now=timezone.now(), reason="Thiếu ngày")
    move_item(described["no rights"], "in_review", actor=me, now=timezone.now())

    mine = {name: sorted(titles(signed_in(me), f"mine={name}")) for name in ("changed", "submitted", "back")}
    theirs = {name: titles(signed_in(other), f"mine={name}") for name in ("changed", "submitted", "back")}

    assert mine == {"changed": ["Gùi", "Đàn"], "submitted": ["Gùi", "Đàn"], "back": ["Gùi"]}
    assert theirs == {"changed": ["Gùi"], "submitted": [], "back": []}


def test_what_waits_in_review_is_found_by_the_last_time_it_was_sent_there(
    publisher: Client, described: dict[str, Item]
) -> None:
    sent = {"whole": [10], "no rights": [10, 1], "no language": [4]}
    for name, days in sent.items():
        move_item(described[name], "in_review", actor=None, now=timezone.now())
        for ago in days:
            at = timezone.now() - timedelta(days=ago)
            Remark.objects.create(item=described[name], at=at, moved_to="in_review")

    assert titles(publisher, "waiting=7") == ["Gùi"]
    assert sorted(titles(publisher, "waiting=3")) == ["Ché", "Gùi"]


def test_titles_are_sorted_as_in_a_vietnamese_dictionary(publisher: Client) -> None:
    for title in ("đàn", "dao", "ăn", "ba", "ấm", "bà", "an"):
        an_item(title)

    assert titles(publisher, "o=1") == ["an", "ăn", "ấm", "ba", "bà", "dao", "đàn"]


# --- Saved views -----------------------------------------------------------------------------------------------------------


def save(client: Client, name: str, query: str, **sent: Any) -> Any:
    return client.post(f"{LIST}views/", {"name": name, "query": query, **sent}, follow=True)


def test_a_view_is_kept_under_a_name_and_leads_back_to_the_same_list(
    publisher: Client, described: dict[str, Item]
) -> None:
    save(publisher, "Thiếu quyền", "lacking=rights&p=3&e=1")

    page = publisher.get(LIST).content.decode()
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("Thiếu quyền", "lacking=rights", False)
    assert f'href="{LIST}?lacking=rights">Thiếu quyền' in page
    assert titles(publisher, view.query) == ["Đàn"]


def test_the_same_name_takes_the_new_filters(publisher: Client) -> None:
    save(publisher, "Của tôi", "state__exact=draft")
    save(publisher, "Của tôi", "state__exact=in_review", is_shared="1")

    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("state__exact=in_review", True)


def test_a_view_of_ones_own_is_seen_by_nobody_else_and_a_shared_one_is_forgotten_by_its_owner_only() -> None:
    me, other = signed_in(staff("toi", "Publisher")), signed_in(staff("ban", "Cataloguer"))
    save(me, "Riêng", "kind__exact=audio")
    save(me, "Chung", "kind__exact=video", is_shared="1")
    shared = SavedView.objects.get(name="Chung")

    page = other.get(LIST).content.decode()
    refused = other.post(f"{LIST}views/{shared.pk}/forget/")
    forgotten = me.post(f"{LIST}views/{shared.pk}/forget/")

    assert ("Riêng" in page, "Chung" in page) == (False, True)
    assert (refused.status_code, forgotten.status_code) == (404, 302)
    assert [view.name for view in SavedView.objects.all()] == ["Riêng"]


@pytest.mark.parametrize(
    ("name", "query"), [("", "a=1"), ("a" * 81, "a=1"), ("a\x00", "a=1"), ("a", "q=" + "a" * 1001)]
)
def test_a_view_that_cannot_be_kept_is_not(publisher: Client, name: str, query: str) -> None:
    answer = save(publisher, name, query)

    assert "Nothing was kept" in answer.content.decode()
    assert not SavedView.objects.exists()


# --- Some fields of a row ---------------------------------------------------------------------------------------------------


def quick(client: Client, item: Item, **changes: Any) -> Any:
    sent = {
        "titles-lang": [one["lang"] for one in item.titles],
        "titles-tag": [""] * len(item.titles),
        "titles-text": [one["value"] for one in item.titles],
        "kind": item.kind,
        "identifier": item.identifier or "",
        "languages": item.languages,
        "languages-other": "",
        "rights": item.rights_id or "",
        "read_version": item.version,
        "back": f"{LIST}?state__exact=draft",
    }
    return client.post(f"{LIST}{item.pk}/quick/", sent | changes)


def test_some_fields_are_saved_by_the_same_action_with_version_and_history(cataloguer: Client) -> None:
    item = an_item("Gùi")

    answer = quick(cataloguer, item, identifier="KT-7", kind="audio")

    item.refresh_from_db()
    revision = Revision.objects.filter(key=item.pid).order_by("-number")[0]
    assert answer.headers["Location"] == f"{LIST}?state__exact=draft"
    assert (item.identifier, item.kind, item.version) == ("KT-7", "audio", 2)
    assert (revision.number, revision.snapshot["fields"]["identifier"]) == (2, "KT-7")
    assert AuditEntry.objects.get(verb="change_item").detail == {"fields": ["identifier", "kind"]}


def test_some_fields_read_before_a_colleague_saved_overwrite_nothing(cataloguer: Client) -> None:
    item = an_item("Gùi")
    mine = Item.objects.get()
    quick(cataloguer, item, identifier="KT-7")

    answer = quick(cataloguer, mine, **{"titles-text": ["Gùi hoa"]})

    item.refresh_from_db()
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (item.titles[0]["value"], item.identifier) == ("Gùi", "KT-7")
    assert "Somebody else saved this item meanwhile" in page
    assert "Gùi hoa" in page


def test_nothing_changed_is_nothing_saved(cataloguer: Client) -> None:
    item = an_item("Gùi")

    quick(cataloguer, item)

    item.refresh_from_db()
    assert item.version == 1


def test_an_identifier_that_is_taken_is_refused_in_the_words_for_all(cataloguer: Client) -> None:
    an_item("Kín", access=policy.NOBODY, identifier="KT-7")
    item = an_item("Gùi")

    answer = quick(cataloguer, item, identifier="KT-7")

    assert "This identifier is not free" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="refuse_identifier", target_pid=item.pid).count() == 1


def test_with_two_pairs_of_eyes_a_cataloguer_changes_no_field_of_what_readers_see(
    cataloguer: Client, settings: LazySettings
) -> None:
    item = move_item(an_item("Gùi"), "published", actor=None, now=timezone.now())
    settings.TWO_PAIRS_OF_EYES = True

    answer = quick(cataloguer, item, **{"titles-text": ["Gùi hoa"]})

    item.refresh_from_db()
    assert answer.status_code == 422
    assert item.titles[0]["value"] == "Gùi"


@pytest.mark.parametrize("back", ["https://other.example/admin/archive/item/", "//other.example/", "/admin/logout/"])
def test_the_way_back_leads_to_the_list_only(cataloguer: Client, back: str) -> None:
    assert quick(cataloguer, an_item("Gùi"), back=back).headers["Location"] == LIST


def test_a_closed_row_has_no_fields_for_who_does_not_see_it(cataloguer: Client) -> None:
    closed = an_item("Kín", access=policy.NOBODY)

    assert cataloguer.get(f"{LIST}{closed.pk}/quick/").status_code == 404
    assert quick(cataloguer, closed, identifier="X").status_code == 404
    closed.refresh_from_db()
    assert closed.identifier is None


# --- The palette -------------------------------------------------------------------------------------------------------------


def found(client: Client, asked: str) -> list[str]:
    """Return the labels that the palette finds."""
    groups = json.loads(client.get("/admin/palette/", {"q": asked}).content)["groups"]
    return [one["label"] for group in groups for one in group["found"]]


def test_the_palette_finds_items_headings_screens_and_commands(publisher: Client, described: dict[str, Item]) -> None:
    assert found(publisher, "gui") == ["Gùi"]
    assert "Ba Na" in found(publisher, "ba na")
    assert found(publisher, "new it") == ["New item"]
    assert "Places" in found(publisher, "plac")
    assert "New item" in found(publisher, "")


def test_the_palette_tells_nobody_of_what_they_may_not_see(described: dict[str, Item]) -> None:
    cataloguer, keeper = signed_in(staff("bien_muc", "Cataloguer")), signed_in(staff("giu_phieu", "Keeper of consents"))

    assert found(cataloguer, "kin") == []
    assert "Accounts" not in str(found(cataloguer, ""))
    assert "New item" not in found(keeper, "")
    assert Client().get("/admin/palette/?q=gui").status_code == 302


@pytest.mark.parametrize("asked", ["%", "a" * 5000, "🙂", "\\", "'"])
def test_the_palette_answers_whatever_is_asked(publisher: Client, asked: str) -> None:
    assert publisher.get("/admin/palette/", {"q": asked}).status_code == 200


# --- What it costs ------------------------------------------------------------------------------------------------------------

COSTS = {
    "/admin/": 23,
    LIST: 10,
    f"{LIST}?_facets=True": 19,
    f"{LIST}?q=gui": 12,
    f"{LIST}?q=gui&_facets=True": 21,
    f"{LIST}?state__exact=draft&lacking=rights": 10,
    f"{LIST}?mine=changed": 9,
    f"{LIST}?o=1": 10,
    "/admin/palette/?q=gui": 12,
}


@pytest.mark.parametrize("address", COSTS)
def test_a_page_asks_the_committed_number_of_queries_however_many_rows_there_are(
    administrator: Client, described: dict[str, Item], address: str
) -> None:
    for number in range(8):
        an_item(f"Gùi {number}")
    administrator.get(address)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert administrator.get(address).status_code == 200

    assert len(asked) == COSTS[address] <= QUERIES_MOST
