"""A form that was left unsaved: kept for its owner, offered again, and shown as it was left."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import User
from archive import languages
from archive.actions import keep_draft
from archive.actions.choose_access import choose_item_access
from archive.actions.delete_item import delete_item
from archive.models import Agent, FormDraft, Item
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_items import change, form, with_file

pytestmark = pytest.mark.django_db


def keep(client: Client, item: Item | None, sent: dict[str, Any]) -> Any:
    """Send what a page would: the form as it is now."""
    fields = [
        [name, str(one)] for name, texts in sent.items() for one in (texts if isinstance(texts, list) else [texts])
    ]
    address = f"/admin/archive/item/{item.pk if item else 'add'}/draft/"
    return client.post(address, {"fields": json.dumps(fields), "read_version": item.version if item else 0})


def opened(client: Client, item: Item) -> str:
    return str(client.get(f"/admin/archive/item/{item.pk}/change/").content.decode())


def restored(client: Client, item: Item) -> str:
    return str(client.post(f"/admin/archive/item/{item.pk}/change/", {"_restore": "1"}).content.decode())


def test_what_was_typed_comes_back_as_it_was_left_and_nothing_is_saved(publisher: Client) -> None:
    item = an_item("Gùi")
    agent = Agent.objects.create(slug="y-ngao", names=languages.of(vi="Y Ngao"))
    typed = form(item, date_as_written="1925-30") | {
        "titles-lang": ["vi", "bdq"],
        "titles-tag": ["", ""],
        "titles-text": ["Gùi lớn", "Hơ\u0306mon dở"],
        "credits-TOTAL_FORMS": "1",
        "credits-0-agent": agent.pk,
        "credits-0-role": "nrt",
        "credits-0-position": "0",
    }

    told = keep(publisher, item, typed).json()
    offered = opened(publisher, item)
    page = restored(publisher, item)

    item.refresh_from_db()
    assert "kept" in told
    assert "Continue where you stopped" in offered
    assert "Gùi lớn" not in offered
    assert all(text in page for text in ("Gùi lớn", "Hơ\u0306mon dở", "1925-30", "Y Ngao"))
    assert "Nothing of it is saved yet" in page
    # A date that was only half written is not yet called wrong.
    assert 'class="errorlist' not in page
    assert item.titles == languages.of(vi="Gùi")
    assert not item.credits.exists()


def test_a_new_item_that_was_not_saved_comes_back_too(cataloguer: Client) -> None:
    keep(cataloguer, None, form(**{"titles-text": ["Chưa lưu"]}))

    page = cataloguer.post("/admin/archive/item/add/", {"_restore": "1"}).content.decode()

    assert "Continue where you stopped" in cataloguer.get("/admin/archive/item/add/").content.decode()
    assert "Chưa lưu" in page
    assert not Item.objects.exists()


def test_saving_and_throwing_away_forget_it(publisher: Client) -> None:
    item = an_item("Gùi")
    keep(publisher, item, form(item, **{"titles-text": ["Một"]}))
    change(publisher, item, **{"titles-text": ["Hai"]})
    after_saving = FormDraft.objects.count()
    item.refresh_from_db()
    keep(publisher, item, form(item, **{"titles-text": ["Ba"]}))

    publisher.post(f"/admin/archive/item/{item.pk}/draft/", {"discard": "1"})

    assert after_saving == 0
    assert not FormDraft.objects.exists()


def test_a_save_that_is_refused_forgets_nothing(publisher: Client) -> None:
    item = an_item("Gùi")
    keep(publisher, item, form(item, **{"titles-text": ["Một"]}))

    change(publisher, item, date_as_written="hôm nào đó", **{"titles-text": ["Hai"]})

    assert FormDraft.objects.count() == 1


def test_nobody_else_is_offered_it(publisher: Client) -> None:
    item = an_item("Gùi")
    keep(publisher, item, form(item, **{"titles-text": ["Của tôi"]}))
    other = signed_in(staff("nguoi_khac", "Publisher"))

    page = opened(other, item)
    back = other.post(f"/admin/archive/item/{item.pk}/change/", {"_restore": "1"}, follow=True).content.decode()

    assert "Continue where you stopped" not in page
    assert "Của tôi" not in back


def test_of_an_item_that_was_closed_to_its_owner_nothing_is_kept_or_shown(publisher: Client) -> None:
    item = an_item("Gùi")
    keep(publisher, item, form(item, **{"titles-text": ["Của tôi"]}))
    choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())
    unknown = f"/admin/archive/item/{item.pk + 1000}"

    for path, sent in (("change/", {"_restore": "1"}), ("draft/", {"fields": "[]"}), ("draft/", {"discard": "1"})):
        closed = publisher.post(f"/admin/archive/item/{item.pk}/{path}", sent)
        nothing = publisher.post(f"{unknown}/{path}", sent)
        assert closed.status_code == nothing.status_code == 404
        assert "Của tôi" not in closed.content.decode()
    assert FormDraft.objects.count() == 1


def test_tokens_passwords_and_buttons_are_not_kept(publisher: Client) -> None:
    item = an_item("Gùi")

    keep(publisher, item, form(item, csrfmiddlewaretoken="t0ken", _move="published", password1="mat-khau"))

    kept = json.dumps(FormDraft.objects.get().data)
    assert "titles-text" in kept
    assert not any(word in kept for word in ("t0ken", "_move", "mat-khau"))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("no JSON", 400),
        ('{"a": 1}', 400),
        ('[["a", 1]]', 400),
        ('[["a", "\\u0000"]]', 400),
        ("[" * 200_000, 400),
        (json.dumps([["a", "x" * 1_000_001]]), 413),
    ],
)
def test_what_is_no_form_or_too_long_is_refused_and_the_last_one_stays(
    publisher: Client, fields: str, status: int
) -> None:
    item = an_item("Gùi")
    keep(publisher, item, form(item, **{"titles-text": ["Giữ"]}))

    answer = publisher.post(f"/admin/archive/item/{item.pk}/draft/", {"fields": fields})

    assert answer.status_code == status
    assert "Giữ" in json.dumps(FormDraft.objects.get().data, ensure_ascii=False)


def test_files_that_came_since_are_there_and_what_was_typed_of_the_others_too(publisher: Client) -> None:
    item = an_item("Sách")
    with_file(item, "1.jpg")
    typed = form(item) | {
        "files-0-captions-lang": "vi",
        "files-0-captions-tag": "",
        "files-0-captions-text": "Bìa trước",
    }
    keep(publisher, item, typed)
    with_file(item, "2.jpg")

    page = restored(publisher, item)

    assert "Bìa trước" in page
    assert "2.jpg" in page
    assert 'name="files-INITIAL_FORMS" value="2"' in page


def test_a_form_that_was_saved_by_somebody_since_is_offered_with_a_warning_and_not_saved_blindly(
    publisher: Client,
) -> None:
    item = an_item("Gùi")
    typed = form(item, **{"titles-text": ["Của tôi"]})
    keep(publisher, item, typed)
    change(signed_in(staff("nguoi_khac", "Publisher")), item, **{"titles-text": ["Của bạn"]})

    offered = opened(publisher, item)
    answer = publisher.post(f"/admin/archive/item/{item.pk}/change/", typed).content.decode()

    item.refresh_from_db()
    assert "It was saved by somebody since" in offered
    assert "Somebody else saved" in answer
    assert item.titles == languages.of(vi="Của bạn")


def test_what_nobody_comes_back_to_is_forgotten_after_a_month(publisher: Client) -> None:
    user, now = User.objects.get(username="cong_bo"), timezone.now()
    keep_draft.keep_draft(user, "item:1", [("a", "b")], read_version=1, now=now - timedelta(days=31))
    keep_draft.keep_draft(user, "item:2", [("a", "b")], read_version=1, now=now - timedelta(days=29))

    assert keep_draft.forget_old_drafts(now=now) == 1
    assert FormDraft.objects.get().target == "item:2"


def test_with_an_item_that_is_deleted_for_good_go_forms_that_were_kept_of_it(publisher: Client) -> None:
    item, other = an_item("Gùi"), an_item("Khác")
    keep(publisher, item, form(item, **{"titles-text": ["Của tôi"]}))
    keep(publisher, other, form(other, **{"titles-text": ["Còn"]}))

    delete_item(item, actor=None, now=timezone.now())

    assert FormDraft.objects.get().target == f"item:{other.pk}"
