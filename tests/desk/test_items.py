"""Describing, opening, closing and protecting items at the desk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AccessRule, AuditEntry
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_file_access
from archive.actions.move_item import publish_item
from archive.models import Agent, Item, ItemAgent, ItemFile, ItemPlace, People, Place
from media_pipeline import intakes
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db
NO_PARTS = {
    f"{prefix}-{part}": "0"
    for prefix in ("credits", "located", "relations")
    for part in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def form(item: Item | None = None, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for an item's form."""
    sent: dict[str, Any] = {
        "titles-lang": [one["lang"] for one in item.titles] if item else ["vi"],
        "titles-tag": [""],
        "titles-text": [one["value"] for one in item.titles] if item else ["Gùi"],
        "kind": item.kind if item else "image",
        "access_level": "public",
        "rights": "",
        "languages-other": "",
        "read_version": item.version if item else 0,
        **NO_PARTS,
    }
    if changes.get("access_level", "public") != "public":
        sent["restriction_reasons"] = ["chua_xac_minh"]
    if item:
        files = list(item.files.order_by("position"))
        sent |= {"files-TOTAL_FORMS": str(len(files)), "files-INITIAL_FORMS": str(len(files))}
        for number, file in enumerate(files):
            sent |= {f"files-{number}-id": file.pk, f"files-{number}-item": item.pk, f"files-{number}-role": file.role}
            sent |= {f"files-{number}-position": file.position, f"files-{number}-access_level": "as_item"}
    return sent | changes


def change(client: Client, item: Item, **changes: Any) -> Any:
    return client.post(f"/admin/archive/item/{item.pk}/change/", form(item, **changes))


def with_file(item: Item, name: str) -> ItemFile:
    intake = intakes.begin(original_name=name, size_bytes=10, now=timezone.now())
    return attach_file(item, intake, actor=None, now=timezone.now())


def test_a_title_is_kept_in_canonical_form_whatever_was_typed(publisher: Client) -> None:
    sent = form()
    sent["titles-lang"], sent["titles-tag"] = ["bdq", "other"], ["", "blt-Latn"]
    sent["titles-text"] = ["Ro\u031b\u0306ngao", "  Chữ Thái "]

    publisher.post("/admin/archive/item/add/", sent)

    item = Item.objects.get()
    assert item.titles == [{"lang": "bdq", "value": "Rơ\u0306ngao"}, {"lang": "blt-Latn", "value": "Chữ Thái"}]
    assert item.state == "draft"
    assert AuditEntry.objects.filter(verb="create_item", target_pid=item.pid).exists()


@pytest.mark.parametrize(
    "wrong", [{"titles-text": [""]}, {"titles-lang": ["not a tag"]}, {"titles-lang": [""]}, {"date_edtf": "hôm qua"}]
)
def test_what_is_not_understood_is_refused_with_a_sentence_and_nothing_is_made(
    publisher: Client, wrong: dict[str, Any]
) -> None:
    answer = publisher.post("/admin/archive/item/add/", form(**wrong))

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Item.objects.exists()


def test_a_cataloguer_makes_drafts_for_staff_and_cannot_open_them(cataloguer: Client) -> None:
    cataloguer.post("/admin/archive/item/add/", form(access_level="public"))
    item = Item.objects.get()

    page = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()
    change(cataloguer, item, _move="published", access_level="public")

    item.refresh_from_db()
    assert item.chosen_rule.policy == policy.STAFF
    assert item.state == "draft"
    assert '<button type="submit" class="default" name="_move"' not in page
    assert "access_level" not in page


def test_a_publisher_publishes_and_withdraws_and_the_log_tells(publisher: Client) -> None:
    item = an_item("Nhà rông")

    change(publisher, item, _move="published")
    item.refresh_from_db()
    opened = item.state
    change(publisher, item, _move="withdrawn", _reason="gia đình đề nghị")

    item.refresh_from_db()
    assert (opened, item.state) == ("published", "withdrawn")
    history = publisher.get(f"/admin/archive/item/{item.pk}/history/").content.decode()
    assert "published it" in history
    assert "withdrew it" in history


def test_the_second_of_two_savers_is_told_and_overwrites_nothing(publisher: Client) -> None:
    item = an_item("Nhà rông")
    mine = form(item, **{"titles-text": ["Tên của tôi"]})
    change(publisher, item, **{"titles-text": ["Tên của bạn"]})

    refused = publisher.post(f"/admin/archive/item/{item.pk}/change/", mine)

    page = refused.content.decode()
    item.refresh_from_db()
    assert refused.status_code == 200
    assert item.titles[0]["value"] == "Tên của bạn"
    assert "Tên của bạn" in page
    assert "Tên của tôi" in page
    assert "Somebody else saved" in page


def test_saving_without_a_change_raises_no_version(publisher: Client) -> None:
    item = an_item("Nhà rông")

    change(publisher, item)

    assert Item.objects.get().version == item.version
    assert not AuditEntry.objects.filter(verb="change_item").exists()


def test_a_people_given_to_an_item_is_found_by_search(publisher: Client) -> None:
    item = an_item("Gùi")
    people = People.objects.create(slug="xo-dang", names=languages.of(vi="Xơ Đăng"))

    change(publisher, item, peoples=[people.pk])

    found = publisher.get("/admin/archive/item/", {"q": "xo dang"}).content.decode()
    assert "Gùi" in found
    assert Item.objects.get().version == item.version + 1


def test_files_are_put_in_order_described_closed_and_taken_off(publisher: Client) -> None:
    item = an_item("Sách")
    first, second, third = (with_file(item, name) for name in ("1.jpg", "2.jpg", "3.jpg"))
    sent = {
        "files-0-position": "1",
        "files-1-position": "0",
        "files-0-captions-lang": ["vi"],
        "files-0-captions-tag": [""],
        "files-0-captions-text": ["Bìa"],
        "files-1-access_level": "nobody",
        "files-2-DELETE": "on",
    }

    change(publisher, item, **sent)

    assert [file.original_name for file in item.files.order_by("position")] == ["2.jpg", "1.jpg"]
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.captions == [{"lang": "vi", "value": "Bìa"}]
    assert second.effective_rule.policy == policy.NOBODY
    assert not ItemFile.objects.filter(pk=third.pk).exists()
    verbs = set(AuditEntry.objects.filter(target_pid=item.pid).values_list("verb", flat=True))
    assert {"describe_file", "choose_access", "detach_file"} <= verbs


def test_who_may_not_choose_who_sees_a_file_is_not_offered_it(cataloguer: Client) -> None:
    item = an_item("Sách")
    with_file(item, "1.jpg")

    page = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    assert 'name="files-0-position"' in page
    assert "access_level" not in page
    assert "opens_on" not in page


@pytest.mark.parametrize("sent", [{"files-0-access_level": "nobody"}, {"files-0-opens_on": "2031-05-01"}])
def test_a_file_closed_without_the_right_is_refused_in_words_and_nothing_else_is_saved(
    cataloguer: Client, sent: dict[str, str]
) -> None:
    """A page that was opened before the right was taken away still sends the fields."""
    item = an_item("Sách")
    file = with_file(item, "1.jpg")

    answer = cataloguer.post(
        f"/admin/archive/item/{item.pk}/change/", form(item, **{"titles-text": ["Khác"]}, **sent), follow=True
    )

    file.refresh_from_db()
    item.refresh_from_db()
    assert "Your account may not do this" in answer.content.decode()
    assert file.chosen_rule is None
    assert item.titles[0]["value"] == "Sách"


def test_an_opening_day_is_kept_in_the_rule(publisher: Client) -> None:
    item = an_item("Gùi")

    change(publisher, item, opens_on="2031-05-01")

    item.refresh_from_db()
    opens_at = item.chosen_rule.policy.opens_at
    assert opens_at is not None
    assert timezone.localtime(opens_at).date().isoformat() == "2031-05-01"


SECRET = "BiMatCuaLang"


def test_what_staff_may_not_see_is_nowhere_at_the_desk(administrator: Client) -> None:
    shown = an_item("Nhà rông")
    hidden = an_item(SECRET, access=policy.NOBODY, identifier="KIN-1")
    with_file(hidden, f"{SECRET}.jpg")

    for address in (
        "/admin/",
        "/admin/archive/item/",
        f"/admin/archive/item/?q={SECRET.lower()}",
        "/admin/media_pipeline/job/",
        "/admin/media_pipeline/master/",
        f"/admin/archive/item/{hidden.pk}/change/",
        f"/admin/archive/item/{hidden.pk}/history/",
        f"/admin/archive/item/{hidden.pk}/delete/",
        f"/admin/archive/item/{hidden.pk}/progress",
        "/admin/archive/item/?state__exact=draft",
    ):
        answer = administrator.get(address, follow=True)
        assert SECRET not in answer.content.decode(), address
    start = administrator.get("/admin/").context["start"]
    assert [task.count for task in start.tasks if "draft" in task.address] == [1]
    assert str(shown) in administrator.get("/admin/archive/item/").content.decode()


def test_a_hidden_item_answers_as_one_that_never_was(administrator: Client) -> None:
    hidden = an_item(SECRET, access=policy.NOBODY)
    number = hidden.pk

    there = administrator.get(f"/admin/archive/item/{number}/progress")
    nowhere = administrator.get("/admin/archive/item/999999/progress")

    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_only_a_draft_that_never_was_open_goes_into_the_bin(publisher: Client) -> None:
    draft, opened = an_item("Nháp"), an_item("Đã mở")
    publish_item(opened, actor=None, now=timezone.now())

    for item in (draft, opened):
        publisher.post(f"/admin/archive/item/{item.pk}/delete/", {"post": "yes"})

    assert list(Item.objects.exclude(binned_at=None).values_list("pk", flat=True)) == [draft.pk]
    assert AuditEntry.objects.filter(verb="bin_item", target_pid=draft.pid).exists()


def test_a_draft_with_a_file_that_is_closed_to_a_person_is_not_theirs_to_bin(administrator: Client) -> None:
    draft = an_item("Nháp")
    intake = intakes.begin(original_name="a.jpg", size_bytes=5, now=timezone.now())
    attach_file(draft, intake, actor=None, now=timezone.now(), access=policy.NOBODY)

    administrator.post(f"/admin/archive/item/{draft.pk}/delete/", {"post": "yes"})

    draft.refresh_from_db()
    assert draft.binned_at is None


def test_there_is_no_bulk_delete(administrator: Client) -> None:
    item = an_item("Nháp")

    administrator.post(
        "/admin/archive/item/", {"action": "delete_selected", "_selected_action": [item.pk], "post": "yes"}
    )

    assert Item.objects.filter(pk=item.pk).exists()


def test_closing_an_item_to_everybody_is_told_to_whom_it_closes(publisher: Client) -> None:
    item = an_item("Gùi")

    answer = publisher.post(f"/admin/archive/item/{item.pk}/change/", form(item, access_level="nobody"), follow=True)

    assert "closed to you" in answer.content.decode()
    assert Item.objects.get().effective_rule == AccessRule.objects.nobody()


def test_progress_is_told_in_words(publisher: Client) -> None:
    item = an_item("Gùi")
    with_file(item, "a.jpg")

    told = publisher.get(f"/admin/archive/item/{item.pk}/progress").json()

    assert told["final"] is False
    assert told["files"][0]["state"] == "receiving"
    assert told["files"][0]["sentence"] == "Being received: 0%"


def test_the_history_names_files_that_the_reader_may_see_and_tells_the_reason(publisher: Client) -> None:
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())
    with_file(item, "mặt trước.jpg")
    hidden = with_file(item, "kín.jpg")
    choose_file_access(hidden, policy.NOBODY, actor=None, now=timezone.now())
    change(publisher, item, _move="withdrawn", _reason="gia đình đề nghị")

    page = publisher.get(f"/admin/archive/item/{item.pk}/history/").content.decode()

    assert ("mặt trước.jpg" in page, "gia đình đề nghị" in page) == (True, True)
    assert "kín.jpg" not in page
    assert hidden.pid not in page


def test_parts_and_places_are_headed_by_words_and_not_by_codes(cataloguer: Client) -> None:
    item = an_item("Hát ru")
    agent = Agent.objects.create(slug="y-vang", names=languages.of(vi="Y Vang"))
    place = Place.objects.create(slug="kon-klor", kind="village")
    ItemAgent.objects.create(item=item, agent=agent, role="rcd")
    ItemPlace.objects.create(item=item, place=place, role="depicted")

    page = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    headings = [text.strip() for text in re.findall(r'<span class="inline_label">([^<]*)</span>', page)]
    assert [text for text in headings if not text.startswith("#")] == ["recordist", "shown"]


def test_many_files_are_put_in_order_by_as_few_queries_as_two(
    publisher: Client, django_assert_max_num_queries: Any
) -> None:
    """Only what Django itself asks for each row of a form is asked again for each file."""
    counts = []
    for many in (2, 2, 12):
        item = an_item("Sách")
        for number in range(many):
            with_file(item, f"{number}.jpg")
        sent = form(item) | {f"files-{number}-position": many - number for number in range(many)}
        with django_assert_max_num_queries(1000) as asked:
            publisher.post(f"/admin/archive/item/{item.pk}/change/", sent)
        counts.append(len(asked))
        assert item.files.order_by("position")[0].original_name == f"{many - 1}.jpg"
        assert AuditEntry.objects.filter(verb="order_files", target_pid=item.pid).count() == 1

    # The first one asks for what is remembered afterwards.
    assert counts[2] == counts[1]


def test_a_page_of_many_files_costs_no_more_queries_than_one_of_few(
    publisher: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for many in (2, 2, 12):
        item = an_item("Sách")
        for number in range(many):
            with_file(item, f"{number}.jpg")
        with django_assert_max_num_queries(1000) as asked:
            publisher.get(f"/admin/archive/item/{item.pk}/change/")
        counts.append(len(asked))

    # The first one asks for what is remembered afterwards.
    assert counts[2] == counts[1]
