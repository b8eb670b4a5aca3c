"""Asking on the public pages, and reading the answers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from access import petitions, policy
from access.identifiers import new_pid
from access.models import Petition, User
from archive.actions.decide_petition import grant, refuse
from archive.models import Item, ItemFile
from tests import makers
from tests.petitioners import about, closed_by, community, librarian, protocol, reader, steward

pytestmark = pytest.mark.django_db
TITLE = "Sử thi Đăm Duông"
ASKED = {"text": "Tôi học về sử thi."}
REPORTED = {"kind": "takedown", "text": "Ảnh của em tôi.", "name": "Y Lan", "contact": "0900 000 000"}


@pytest.fixture
def work(tmp_path: Path) -> Item:
    """A published item with one file that is open and one that is not."""
    now = timezone.now()
    item = makers.item(now=now, title=TITLE)
    for name, closing in (("a", None), ("b", policy.STAFF)):
        path = makers.picture(tmp_path / f"{name}.jpg", colour=(ord(name), 43, 92))
        makers.file_of(item, path, now=now, access=closing, process=False)
    return item


def of(user: User, *, checked: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checked)
    client.force_login(user)
    return client


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_page_of_a_work_leads_to_both_questions(client: Client, work: Item) -> None:
    page = body(client, f"/items/{work.pid}/")

    assert f'href="/items/{work.pid}/ask/"' in page
    assert f'href="/items/{work.pid}/report/"' in page
    ItemFile.objects.filter(item=work, chosen_rule__isnull=False).delete()
    assert f'href="/items/{work.pid}/ask/"' not in body(client, f"/items/{work.pid}/")


def test_a_visitor_who_asks_to_see_signs_in_and_comes_back(client: Client, work: Item) -> None:
    answer = client.get(f"/en/items/{work.pid}/ask/")

    assert answer.status_code == 302
    assert answer["Location"] == f"/en/account/sign-in/?next=/en/items/{work.pid}/ask/"


def test_a_reader_asks_and_finds_the_answer_under_their_account(work: Item) -> None:
    user = reader()
    client = of(user)
    assert TITLE in body(client, f"/items/{work.pid}/ask/")

    answer = client.post(f"/en/items/{work.pid}/ask/", ASKED)

    petition = Petition.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/en/account/requests/")
    assert (petition.kind, petition.asker, petition.text, petition.target_pid) == (
        "access",
        user,
        ASKED["text"],
        work.pid,
    )
    file = ItemFile.objects.get(item=work, chosen_rule__isnull=False)
    ends = timezone.make_aware(datetime(2031, 5, 20))  # midnight: the nineteenth is the last day
    answered = timezone.now()
    grant(petition, actor=librarian(), now=answered, targets=[file.pid], answer="Mời bạn xem.", valid_until=ends)
    page = body(client, "/account/requests/")
    assert TITLE in page
    assert "19/05/2031" in page
    assert "Mời bạn xem." in page
    assert client.get(f"/items/{work.pid}/ask/").status_code == 302  # all of it is open to them by now
    assert "/account/requests/" in body(client, "/account/")


def test_asking_twice_is_told_and_changes_nothing(work: Item) -> None:
    client = of(reader())
    client.post(f"/items/{work.pid}/ask/", ASKED)

    page = client.post(f"/en/items/{work.pid}/ask/", ASKED)

    assert page.status_code == 200
    assert "You have asked this already" in page.content.decode()
    assert Petition.objects.count() == 1


@pytest.mark.parametrize("door", ["ask", "report"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_hidden_is_answered_like_what_never_was(work: Item, door: str, method: str) -> None:
    hidden = makers.item(now=timezone.now(), title="Ẩn", access=closed_by(protocol(community())))
    unknown = new_pid()
    for client in (Client(), of(reader()), of(librarian())):
        sent = {**REPORTED, **ASKED} if method == "post" else {}
        answers = [getattr(client, method)(f"/items/{pid}/{door}/", sent) for pid in (hidden.pid, unknown)]
        told = [one.content.replace(pid.encode(), b"") for one, pid in zip(answers, (hidden.pid, unknown), strict=True)]
        assert [one.status_code for one in answers] == [404, 404]
        assert told[0] == told[1]
        assert answers[0].headers == answers[1].headers
    assert not Petition.objects.exists()


def test_anybody_says_what_should_not_be_here_and_it_is_hidden_at_once(client: Client, work: Item) -> None:
    answer = client.post(f"/items/{work.pid}/report/", REPORTED)

    petition = Petition.objects.get()
    assert answer["Location"] == f"/requests/{petitions.receipt(petition)}/"
    assert (petition.asker, petition.asker_name, petition.contact) == (None, "Y Lan", "0900 000 000")
    assert client.get(f"/items/{work.pid}/").status_code == 410
    receipt = client.get(answer["Location"])
    assert receipt.status_code == 200
    assert receipt["Cache-Control"] == "private, no-store"
    assert TITLE not in receipt.content.decode()
    assert '<meta name="robots" content="noindex">' in receipt.content.decode()


def test_the_address_that_asks_is_kept_only_as_a_keyed_hash(client: Client, work: Item) -> None:
    client.post(f"/items/{work.pid}/report/", REPORTED, REMOTE_ADDR="203.0.113.9")

    kept = Petition.objects.get().address_digest
    assert re.fullmatch("[0-9a-f]{64}", kept)
    client.post(f"/items/{makers.item(now=timezone.now()).pid}/report/", REPORTED, REMOTE_ADDR="203.0.113.8")
    assert Petition.objects.exclude(address_digest=kept).count() == 1


def test_a_visitor_reads_the_answer_and_takes_back_under_the_address_they_were_given(
    client: Client, work: Item
) -> None:
    where = client.post(f"/en/items/{work.pid}/report/", {**REPORTED, "kind": "correction"})["Location"]
    refuse(Petition.objects.get(), actor=librarian(), now=timezone.now(), answer="Tên đúng là vậy.")
    assert "Tên đúng là vậy." in body(client, where)

    where = client.post(f"/en/items/{work.pid}/report/", REPORTED)["Location"]
    assert client.get(f"/items/{work.pid}/").status_code == 410
    client.post(where)
    assert client.get(f"/items/{work.pid}/").status_code == 200
    assert "You took it back." in body(client, where)


def test_no_other_word_opens_a_receipt(client: Client, work: Item) -> None:
    petition = about(work, "correction", now=timezone.now())
    own = about(work, "correction", asker=reader(), now=timezone.now())
    word = petitions.receipt(petition)
    other = f"{new_pid()}.{word.partition('.')[2]}"

    for wrong in (petition.pid, f"{petition.pid}.", word[:-1], other, petitions.receipt(own)):
        assert client.get(f"/requests/{wrong}/").status_code == 404, wrong
        assert client.post(f"/requests/{wrong}/").status_code == 404, wrong
    assert client.get(f"/requests/{word}/").status_code == 200


@pytest.mark.parametrize("missing", ["kind", "text", "contact"])
def test_what_nobody_could_answer_is_asked_for_again(client: Client, work: Item, missing: str) -> None:
    page = client.post(f"/items/{work.pid}/report/", {**REPORTED, missing: ""})

    assert page.status_code == 200
    assert 'class="notice"' in page.content.decode()
    assert not Petition.objects.exists()


def test_who_is_signed_in_needs_to_leave_no_contact(work: Item) -> None:
    answer = of(reader()).post(f"/items/{work.pid}/report/", {"kind": "correction", "text": "Sai tên làng."})

    assert answer["Location"] == "/account/requests/"
    assert Petition.objects.get().contact == ""


def test_who_asks_too_much_is_told_to_wait(client: Client, work: Item) -> None:
    for _ in range(petitions.ASKED_MOST_FROM_ADDRESS):
        client.post(f"/items/{work.pid}/report/", {**REPORTED, "kind": "correction"})

    page = client.post(f"/items/{work.pid}/report/", {**REPORTED, "kind": "correction"})

    assert page.status_code == 429
    assert Petition.objects.count() == petitions.ASKED_MOST_FROM_ADDRESS


@pytest.mark.parametrize("door", ["items/{item}/ask/", "items/{item}/report/", "account/requests/"])
def test_a_form_from_elsewhere_is_refused(work: Item, door: str) -> None:
    client = of(reader(), checked=True)

    assert client.post(f"/{door.format(item=work.pid)}", {**REPORTED, **ASKED}).status_code == 403
    assert not Petition.objects.exists()


def test_nobody_reads_or_takes_back_what_another_asked(work: Item) -> None:
    petition = about(work, "access", asker=reader(), now=timezone.now())
    client = of(reader("nguoi-khac"))

    assert petition.get_kind_display() not in body(client, "/en/account/requests/")
    assert client.post("/account/requests/", {"pid": petition.pid}).status_code == 404
    petition.refresh_from_db()
    assert petition.is_pending


def test_a_reader_takes_back_what_waits(work: Item) -> None:
    user = reader()
    petition = about(work, "access", asker=user, now=timezone.now())

    of(user).post("/account/requests/", {"pid": petition.pid})

    petition.refresh_from_db()
    assert petition.state == "retracted"


def test_what_was_asked_about_is_not_told_any_more_once_it_is_closed(tmp_path: Path) -> None:
    now = timezone.now()
    held = protocol(community())
    song = makers.item(now=now, title="Bài thiêng", access=closed_by(held))
    elder = steward("gia-lang", held)
    about(song, "correction", asker=elder, now=now)
    client = of(elder)
    assert "Bài thiêng" in body(client, "/account/requests/")

    elder.protocols.update(valid_until=now - timedelta(days=1))

    assert "Bài thiêng" not in body(client, "/account/requests/")
