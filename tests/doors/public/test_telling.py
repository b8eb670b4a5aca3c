"""Telling what one knows of a work: taken in unseen, shown as its giver allowed, taken back whole."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AuditEntry
from archive import contributions
from archive.actions.contribute import forget_givers
from archive.models import Contribution, Item
from tests import makers
from tests.desk.conftest import signed_in, staff

pytestmark = pytest.mark.django_db
TOLD = {
    "subject": "person",
    "text": "Đây là già làng A Thút",
    "name": "Y Bớp",
    "contact": "0905 000 000",
    "consent": "named",
}
PNG = b"\x89PNG\r\n\x1a\n not a picture"


@pytest.fixture
def item() -> Item:
    return makers.item(now=timezone.now())


def told(item: Item, client: Client | None = None, **more: Any) -> Any:
    return (client or Client()).post(f"/items/{item.pid}/know/", {**TOLD, **more})


def code_of(answer: Any) -> str:
    found = re.search(r"<strong>([a-z0-9-]{19})</strong>", answer.content.decode())
    assert found is not None
    return found[1]


def desk_address(row: Contribution) -> str:
    return f"/admin/archive/contribution/{row.pk}/change/"


def test_what_was_told_is_shown_only_after_somebody_took_it_up(item: Item) -> None:
    answer = told(item)
    row = Contribution.objects.get()
    desk = signed_in(staff("bien_muc", "Cataloguer"))

    assert answer.status_code == 201
    assert "A Thút" not in Client().get(f"/items/{item.pid}/").content.decode()
    assert "A Thút" in desk.get(desk_address(row)).content.decode()
    desk.post(desk_address(row), {"_do": "accept", "answer": "Cảm ơn bà"})

    page = Client().get(f"/items/{item.pid}/").content.decode()
    assert "A Thút" in page
    assert "Y Bớp" in page
    assert "0905" not in page
    assert "Cảm ơn bà" in Client().get(f"/told/{code_of(answer)}/").content.decode()


@pytest.mark.parametrize(("consent", "is_text_shown"), [("unnamed", True), ("keepers", False)])
def test_nothing_is_shown_that_was_not_allowed(item: Item, consent: str, is_text_shown: bool) -> None:
    told(item, consent=consent)
    row = Contribution.objects.get()
    signed_in(staff("bien_muc", "Cataloguer")).post(desk_address(row), {"_do": "accept"})

    page = Client().get(f"/items/{item.pid}/").content.decode()

    assert ("A Thút" in page) is is_text_shown
    assert "Y Bớp" not in page


def test_taking_it_back_erases_it_everywhere(item: Item, django_capture_on_commit_callbacks: Any) -> None:
    code = code_of(told(item, file=SimpleUploadedFile("anh.png", PNG)))
    row = Contribution.objects.get()
    signed_in(staff("bien_muc", "Cataloguer")).post(desk_address(row), {"_do": "accept"})
    kept = contributions.path_of(row.file_token)
    assert kept.read_bytes() == PNG

    with django_capture_on_commit_callbacks(execute=True):
        Client().post(f"/told/{code}/", {"take_back": "1"})

    row.refresh_from_db()
    assert (row.state, row.text, row.giver_name, row.contact, row.file_token) == ("withdrawn", "", "", "", "")
    assert not kept.exists()
    assert "A Thút" not in Client().get(f"/items/{item.pid}/").content.decode()
    assert "A Thút" not in str(list(AuditEntry.objects.values()))
    assert signed_in(staff("khac", "Cataloguer")).get(desk_address(row)).status_code == 404


def test_a_question_is_asked_back_and_answered(item: Item) -> None:
    code = code_of(told(item))
    row = Contribution.objects.get()
    desk = signed_in(staff("bien_muc", "Cataloguer"))

    desk.post(desk_address(row), {"_do": "ask_back", "answer": "Năm nào ạ?"})
    page = Client().get(f"/told/{code}/").content.decode()
    assert "Năm nào ạ?" in page
    Client().post(f"/told/{code}/", {"reply": "1", "text": "Năm 1998"})

    row.refresh_from_db()
    assert (row.state, row.reply) == ("open", "Năm 1998")


def test_what_is_not_taken_up_is_erased_and_says_why(item: Item) -> None:
    code = code_of(told(item))
    row = Contribution.objects.get()
    desk = signed_in(staff("bien_muc", "Cataloguer"))

    desk.post(desk_address(row), {"_do": "refuse", "answer": ""})
    row.refresh_from_db()
    assert row.state == "open"
    desk.post(desk_address(row), {"_do": "refuse", "answer": "Chưa rõ nguồn"})

    row.refresh_from_db()
    assert (row.state, row.text, row.contact) == ("refused", "", "")
    assert "Chưa rõ nguồn" in Client().get(f"/told/{code}/").content.decode()


def test_nobody_tells_of_what_they_may_not_see(item: Item) -> None:
    hidden = makers.item(now=timezone.now(), title="BÍ MẬT", access=policy.NOBODY)

    assert told(hidden).status_code == 404
    assert Client().get("/items/0123456789b/know/").status_code == 404
    assert not Contribution.objects.exists()


def test_what_is_told_of_a_closed_work_is_not_for_staff_who_may_not_see_it(item: Item) -> None:
    told(item)
    row = Contribution.objects.get()
    hidden = makers.item(now=timezone.now(), title="BÍ MẬT", access=policy.NOBODY)
    Contribution.objects.update(item=hidden)
    desk = signed_in(staff("bien_muc", "Cataloguer"))

    assert desk.get(desk_address(row)).status_code == 404
    assert row.pid not in desk.get("/admin/archive/contribution/").content.decode()
    assert Client().get(desk_address(row)).status_code == 302


def test_the_file_is_handed_out_as_bytes_to_save_and_nothing_else(item: Item) -> None:
    told(item, file=SimpleUploadedFile("a.png", b"<html><script>alert(1)</script>"))
    row = Contribution.objects.get()
    desk = signed_in(staff("bien_muc", "Cataloguer"))

    answer = desk.get(f"/admin/archive/contribution/{row.pk}/file")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{row.pid}.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Client().get(f"/admin/archive/contribution/{row.pk}/file").status_code == 302


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a", "a.png.php"])
def test_other_kinds_of_files_are_not_taken(item: Item, name: str) -> None:
    answer = told(item, file=SimpleUploadedFile(name, b"x"))

    assert answer.status_code == 200
    assert not Contribution.objects.exists()


def test_a_file_that_is_too_large_is_not_kept(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contributions, "FILE_BYTES_MOST", 10)

    told(item, file=SimpleUploadedFile("a.png", b"x" * 11))

    assert not Contribution.objects.exists()
    folder = contributions.path_of("")
    assert not folder.exists() or not any(path.stat().st_size == 11 for path in folder.iterdir())


def test_a_program_that_fills_every_field_tells_nothing(item: Item) -> None:
    told(item, homepage="http://example.org")

    assert not Contribution.objects.exists()


def test_so_much_comes_from_one_address_a_day(item: Item) -> None:
    for _time in range(contributions.FROM_ADDRESS_MOST):
        assert told(item).status_code == 201

    assert told(item).status_code == 429


def test_a_name_is_asked_for_where_it_is_to_be_shown_and_nothing_is_ticked_beforehand(item: Item) -> None:
    assert told(item, name="").status_code == 200
    assert told(item, consent="").status_code == 200
    assert not Contribution.objects.exists()
    assert " checked" not in Client().get(f"/items/{item.pid}/know/").content.decode()


def test_how_to_reach_somebody_is_erased_in_time(item: Item) -> None:
    told(item, consent="unnamed")
    row = Contribution.objects.get()
    signed_in(staff("bien_muc", "Cataloguer")).post(desk_address(row), {"_do": "accept"})

    assert forget_givers(now=timezone.now() + timedelta(days=89)) == 0
    assert forget_givers(now=timezone.now() + timedelta(days=91)) == 2

    row.refresh_from_db()
    assert (row.text, row.giver_name, row.contact, row.address_digest) == (TOLD["text"], "", "", "")


def test_a_wrong_code_leads_nowhere_and_a_right_one_may_be_typed_anyhow(item: Item) -> None:
    code = code_of(told(item))

    assert Client().get("/told/abcd-efgh-jkmn-pqrs/").status_code == 404
    assert Client().post("/told/", {"code": "abcd"}).status_code == 200
    assert Client().post("/told/", {"code": code.upper().replace("-", " ")}).url == f"/told/{code}/"


def test_who_told_it_does_not_decide_it(item: Item) -> None:
    client = signed_in(staff("bien_muc", "Cataloguer"))
    told(item, client)
    row = Contribution.objects.get()

    client.post(desk_address(row), {"_do": "accept"})

    row.refresh_from_db()
    assert row.state == "open"


def test_an_account_takes_along_what_it_told(item: Item) -> None:
    client = signed_in(staff("bien_muc", "Cataloguer"))
    told(item, client)

    assert "A Thút" in client.get("/account/data.json").content.decode()
