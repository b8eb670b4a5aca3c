"""Readers' own notes: for the account that wrote them alone, with their place in the work, and outliving what they are about."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import AccessRule, AuditEntry, User
from access.viewer import viewer_for
from archive import notes
from archive.models import Item, ReaderNote
from archive.notes import NoteRefused, Spot
from public_site.note_forms import seconds_of
from tests import makers
from tests.doors.public import works

pytestmark = pytest.mark.django_db
SAID = "Bà kể rằng chiêng này của làng trên"


def reader(name: str = "ban-doc") -> User:
    return User.objects.create_user(name, password="bon-con-trau-di-qua")


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def item(now: datetime) -> Item:
    return makers.item(now=now, title="Chiêng Kon Rẫy")


def write(client: Client, item: Item, text: str = SAID, query: str = "", **more: str) -> None:
    answer = client.post(f"/items/{item.pid}/notes/{query}", {"text": text, **more})
    assert answer.status_code == 302, answer.content.decode()


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_note_is_written_changed_and_deleted_by_its_reader_without_a_script(item: Item) -> None:
    client = client_of(reader())
    assert f'href="/items/{item.pid}/notes/' in text_of(client, f"/items/{item.pid}/")

    write(client, item)
    note = ReaderNote.objects.get()
    assert SAID in text_of(client, f"/items/{item.pid}/")
    assert "Chiêng Kon Rẫy" in text_of(client, "/account/notes/")

    client.post(f"/account/notes/{note.pid}/", {"text": "Của làng dưới\r\nBà nhớ lại"})
    note.refresh_from_db()
    assert note.text == "Của làng dưới\nBà nhớ lại"
    client.post(f"/account/notes/{note.pid}/", {"delete": "1"})
    assert not ReaderNote.objects.exists()


def test_nobody_else_finds_a_note_by_any_page(item: Item) -> None:
    owner = reader()
    write(client_of(owner), item)
    note = ReaderNote.objects.get()

    for other in (client_of(reader("nguoi-khac")), client_of(makers.staff("quan-tri", superuser=True))):
        for address in (f"/items/{item.pid}/", "/account/notes/", "/account/notes/notes.txt", "/account/data.json"):
            assert SAID not in text_of(other, address)
        never_was = other.get("/account/notes/0123456789b/")
        for answer in (
            other.get(f"/account/notes/{note.pid}/"),
            other.post(f"/account/notes/{note.pid}/", {"delete": "1"}),
        ):
            assert (answer.status_code, len(answer.content)) == (404, len(never_was.content))
    assert SAID not in Client().get(f"/items/{item.pid}/").content.decode()
    assert ReaderNote.objects.filter(text=SAID).exists()


def test_no_desk_and_no_log_knows_notes(item: Item) -> None:
    entries = AuditEntry.objects.count()
    write(client_of(reader()), item)

    assert ReaderNote not in admin.site._registry
    assert AuditEntry.objects.count() == entries
    assert SAID not in str(ReaderNote.objects.get())


def test_a_note_on_what_its_reader_may_no_longer_see_is_their_words_and_nothing_of_the_work(item: Item) -> None:
    owner = reader()
    client = client_of(owner)
    file_pid = "fff0000000x"
    notes.write(owner, item, SAID, now=timezone.now(), spot=Spot(file_pid, "page", 7))
    Item.objects.filter(pk=item.pk).update(effective_rule=AccessRule.objects.intern(policy.NOBODY))

    for address in ("/account/notes/", f"/account/notes/{ReaderNote.objects.get().pid}/", "/account/notes/notes.txt"):
        page = text_of(client, address)
        assert "Chiêng Kon Rẫy" not in page
        assert item.pid not in page
        assert file_pid not in page
    assert SAID in text_of(client, "/account/notes/")
    assert client.get(f"/items/{item.pid}/notes/").status_code == 404


def test_a_note_outlives_a_work_that_is_deleted_and_goes_with_the_account(item: Item) -> None:
    owner, other = reader(), reader("nguoi-khac")
    write(client_of(owner), item)
    notes.write(other, item, "của người khác", now=timezone.now())
    item.delete()
    assert SAID in text_of(client_of(owner), "/account/notes/")

    client_of(owner).post("/account/delete/", {"password": "bon-con-trau-di-qua"})

    assert not User.objects.filter(pk=owner.pk).exists()
    assert [one.text for one in ReaderNote.objects.all()] == ["của người khác"]


def test_who_is_not_signed_in_is_led_to_that_and_back(item: Item) -> None:
    answer = Client().get(f"/items/{item.pid}/notes/?at=3")

    assert answer.headers["Location"] == f"/account/sign-in/?next=/items/{item.pid}/notes/%3Fat%3D3"
    assert Client().get("/account/notes/").status_code == 302
    assert "/notes/" not in text_of(Client(), f"/items/{item.pid}/")


def test_notes_lead_to_a_page_of_a_document_and_a_second_of_a_recording(tmp_path: Path, now: datetime) -> None:
    client = client_of(reader())
    document, gongs = (works.work(kind, tmp_path, now=now) for kind in ("document", "audio"))
    pages = text_of(client, f"/en/items/{document.pid}/?page=2")
    found = re.search(r'href="(/en/items/[0-9a-z]+/notes/\?file=[0-9a-z]+&amp;at=2)"', pages)
    assert found is not None
    form = text_of(client, found[1].replace("&amp;", "&"))
    assert 'name="at" value="2"' in form

    client.post(found[1].replace("&amp;", "&"), {"text": "Trang hai", "at": "2"})
    answer = client.post(f"/en/items/{gongs.pid}/notes/", {"text": "Hồi chiêng", "at": "1:05"})

    assert answer.headers["Location"].endswith("&t=65#notes")
    page = text_of(client, "/en/account/notes/")
    assert re.search(rf'href="/en/items/{document.pid}/\?file=[0-9a-z]+&amp;page=2#leaf">Page 2<', page)
    assert re.search(rf'href="/en/items/{gongs.pid}/\?file=[0-9a-z]+&amp;t=65">At 1:05<', page)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("95", 95),
        ("1:35", 95),
        ("1:02:05", 3725),
        ("0", 0),
        ("1:75", None),
        ("x", None),
        ("-1", None),
        ("1:2:3:4", None),
    ],
)
def test_a_moment_is_read_as_a_player_shows_it(typed: str, seconds: int | None) -> None:
    assert seconds_of(typed) == seconds


def test_notes_are_taken_along_as_text_and_as_json(item: Item) -> None:
    client = client_of(reader())
    write(client, item)
    write(client, item, "hai")

    text = client.get("/account/notes/notes.txt")
    kept = json.loads(text_of(client, "/account/notes/notes.json"))["notes"]

    assert 'attachment; filename="notes.txt"' in text.headers["Content-Disposition"]
    assert text.content.decode().index(SAID) < text.content.decode().index("hai")
    assert f"/items/{item.pid}/" in text.content.decode()
    assert [one["text"] for one in kept] == [SAID, "hai"]
    assert json.loads(text_of(client, "/account/data.json"))["notes"] == kept


def test_a_page_with_notes_is_kept_by_nobody_and_not_compressed(item: Item) -> None:
    client = client_of(reader())
    write(client, item)
    for address in (f"/items/{item.pid}/", "/account/notes/", "/account/notes/notes.json"):
        answer = client.get(address, headers={"accept-encoding": "br, gzip"})

        assert answer.headers["Cache-Control"] == "private, no-store"
        assert not answer.has_header("ETag")
        assert not answer.has_header("Content-Encoding")
        assert answer.headers.get("Keep-On-Device") != "open"


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a" * 4001])
def test_what_is_no_note_is_refused_with_a_sentence(item: Item, text: str) -> None:
    answer = client_of(reader()).post(f"/en/items/{item.pid}/notes/", {"text": text})

    assert answer.status_code == 200
    assert 'class="notice"' in answer.content.decode()
    assert not ReaderNote.objects.exists()


def test_an_account_keeps_so_many_notes_and_no_more(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = reader()
    monkeypatch.setattr(notes, "NOTES_MOST", 1)
    notes.write(owner, item, "một", now=timezone.now())

    with pytest.raises(NoteRefused, match="too_many"):
        notes.write(owner, item, "hai", now=timezone.now())
    answer = client_of(owner).post(f"/en/items/{item.pid}/notes/", {"text": "hai"})
    assert "no more" in answer.content.decode()


def test_a_long_row_of_notes_is_read_page_by_page(item: Item) -> None:
    owner = reader()
    for number in range(101):
        notes.write(owner, item, f"ghi {number:03}", now=timezone.now())
    client, address, found = client_of(owner), "/account/notes/", []
    for _ in range(3):
        page = text_of(client, address)
        found += re.findall(r">ghi (\d{3})</p>", page)
        more = re.search(r'href="(\?before=[0-9a-z]+)"', page)
        address = f"/account/notes/{more[1]}" if more else ""

    assert address == ""
    assert found == [f"{number:03}" for number in range(100, -1, -1)]


def test_reading_notes_costs_the_same_whatever_their_number(item: Item) -> None:
    owner = reader()
    viewer = viewer_for(owner, now=timezone.now())

    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            notes.seen(list(notes.of_reader(owner)), viewer)
        return len(counted)

    notes.write(owner, item, "một", now=timezone.now(), spot=Spot("fff0000000x", "page", 1))
    one = cost()
    for number in range(5):
        other = makers.item(now=timezone.now(), title=f"Khác {number}")
        notes.write(owner, other, "hai", now=timezone.now(), spot=Spot("fff0000000x", "page", 1))
    assert cost() == one


def test_a_number_of_nothing_is_refused_by_the_database(item: Item) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notes.write(reader(), item, "một", now=timezone.now(), spot=Spot("", "page", 1))
