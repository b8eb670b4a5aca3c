"""E-mails: who is written to of what waits, who gets an answer, and what no letter tells."""

from __future__ import annotations

import socketserver
import threading
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from access.models import User
from access.viewer import viewer_for
from archive import letters
from archive.actions.contribute import Knowledge, contribute
from archive.backup.tables import tables
from archive.digests import APART, write_digests
from archive.models import Contribution, Correspondence, Item, Letter
from heritage.env import MailServer, mail_server
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.petitioners import closed_by, community, protocol, steward

pytestmark = pytest.mark.django_db
TOLD = {"subject": "person", "text": "Già làng A Thút", "name": "Y Bớp", "consent": "named"}
KNOWN = Knowledge(subject="song", text="Bài này của ông tôi", consent="keepers")
HER = {"contact": "0905 000 000, bop@example.org", "wants_answer": "on"}


@pytest.fixture(autouse=True)
def mail_server_of_the_library(settings: LazySettings) -> None:
    settings.MAIL_SERVER = MailServer("mail.example.org", 465, "", "", True, False)
    settings.BASE_URL = "https://tulieu.example.vn"
    settings.DEFAULT_FROM_EMAIL = "thuvien@example.vn"


@pytest.fixture
def item() -> Item:
    return makers.item(now=timezone.now(), title="Chiêng Kon Rẫy")


def tell(item: Item, prefix: str = "", **more: Any) -> Contribution:
    answer = Client().post(f"{prefix}/items/{item.pid}/know/", {**TOLD, **more})
    assert answer.status_code == 201, answer.content.decode()
    return Contribution.objects.latest("pk")


def decide(row: Contribution, deed: str) -> None:
    desk = signed_in(staff("bien_muc", "Cataloguer"))
    desk.post(f"/admin/archive/contribution/{row.pk}/change/", {"_do": deed, "answer": "Vì sao vậy?"})


def sent(now: datetime | None = None) -> list[Any]:
    letters.send_waiting(now=now or timezone.now())
    return list(mail.outbox)


@pytest.mark.parametrize(
    ("deed", "prefix", "subject", "address"),
    [
        ("accept", "/en", "An answer to what you told us", "https://tulieu.example.vn/en/told/"),
        ("refuse", "/en", "An answer to what you told us", "https://tulieu.example.vn/en/told/"),
        ("ask_back", "", "Một câu hỏi về điều bạn đã kể", "https://tulieu.example.vn/told/"),
    ],
)
def test_who_asked_for_an_answer_is_written_to_in_their_language_without_a_word_of_the_work(
    item: Item, deed: str, prefix: str, subject: str, address: str
) -> None:
    decide(tell(item, prefix, **HER), deed)

    (letter,) = sent()

    assert (letter.to, letter.subject) == (["bop@example.org"], subject)
    assert address in letter.body
    for secret in ("Chiêng", "A Thút", "Bớp", "Vì sao", item.pid):
        assert secret not in letter.body + letter.subject
    assert not Letter.objects.exists()


@pytest.mark.parametrize("told", [{"contact": "bop@example.org"}, {"contact": ""}])
def test_who_did_not_ask_for_one_gets_no_letter(item: Item, told: dict[str, str]) -> None:
    decide(tell(item, **told), "accept")

    assert not Letter.objects.exists()


def test_an_answer_by_mail_needs_an_address_and_is_offered_where_mail_is_sent(
    item: Item, settings: LazySettings
) -> None:
    refused = Client().post(f"/en/items/{item.pid}/know/", {**TOLD, "contact": "0905", "wants_answer": "on"})
    assert "Write your e-mail address" in refused.content.decode()
    assert "checked" not in Client().get(f"/en/items/{item.pid}/know/").content.decode()

    settings.MAIL_SERVER = None
    assert "wants_answer" not in Client().get(f"/en/items/{item.pid}/know/").content.decode()
    decide(tell(item, **HER), "accept")
    assert not Letter.objects.exists()


def test_what_waits_is_told_once_a_day_in_numbers_to_who_looks_after_it(item: Item) -> None:
    desk = staff("bien_muc", "Cataloguer", email="desk@example.org")
    staff("khong_thu", "Cataloguer")
    staff("doc_gia", email="none@example.org")
    tell(item)
    now = timezone.now()

    assert [write_digests(now=now), write_digests(now=now)] == [1, 0]
    (letter,) = sent()
    assert letter.to == ["desk@example.org"]
    assert "https://tulieu.example.vn/admin/archive/contribution/?state=open" in letter.body
    assert "Chiêng" not in letter.body

    assert write_digests(now=now + APART) == 0  # nothing is new
    tell(item)
    assert write_digests(now=timezone.now()) == 0  # of this day
    assert write_digests(now=now + APART + timedelta(hours=1)) == 1
    assert Correspondence.objects.get(user=desk).told_at is not None


def test_what_a_community_keeps_is_told_to_its_stewards_and_not_to_staff() -> None:
    held = protocol(community())
    elder = steward("gia-lang", held)
    User.objects.filter(pk=elder.pk).update(email="elder@example.org")
    staff("bien_muc", "Cataloguer", email="desk@example.org")
    kept = makers.item(now=timezone.now(), title="Chiêng thiêng", access=closed_by(held))
    asked_by = steward("nguoi-ke", held)
    row, _code = contribute(kept.pid, KNOWN, viewer=viewer_for(asked_by, now=timezone.now()), now=timezone.now())

    write_digests(now=timezone.now())

    assert [(one.to, one.subject) for one in sent()] == [(["elder@example.org"], "Có việc chờ bạn ở bàn làm việc")]
    assert row.pid not in mail.outbox[0].body


def test_letters_to_the_desk_are_in_the_language_chosen_there(item: Item) -> None:
    user = staff("bien_muc", "Cataloguer", email="desk@example.org")
    client = signed_in(user)
    tell(item)
    client.post("/admin/language/", {"language": "en"})
    client.post("/admin/language/", {"language": "xx"})

    write_digests(now=timezone.now())

    assert sent()[0].subject == "Something waits for you at the desk"


def test_a_letter_that_cannot_be_sent_waits_longer_each_time_and_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: EmailBackend, messages: object) -> int:
        raise ConnectionRefusedError

    now = timezone.now()
    letters.put("a@example.org", "x", "y", now=now)
    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    for tries in range(letters.TRIES_MOST):
        assert letters.send_waiting(now=now) == 0
        assert letters.send_waiting(now=now + timedelta(minutes=9)) == 0
        if tries + 1 < letters.TRIES_MOST:
            assert Letter.objects.get().tries == tries + 1
        now += letters.FIRST_WAIT * 2**tries
    assert not Letter.objects.exists()


def test_a_letter_is_sent_by_one_of_two_workers() -> None:
    now = timezone.now()
    letters.put("a@example.org", "x", "y", now=now)
    claimed = Letter.objects.get()
    Letter.objects.filter(pk=claimed.pk).update(tries=1, next_try_at=now + timedelta(minutes=10))

    assert letters.send_waiting(now=now) == 0
    assert letters.send_waiting(now=now + timedelta(minutes=10)) == 1


class OneLetter(socketserver.StreamRequestHandler):
    """A mail server that takes one letter (RFC 5321), and keeps what it was sent."""

    said: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        is_data = False
        for line in self.rfile:
            self.said.append(line.decode().rstrip("\r\n"))
            word = line.split()[0].upper() if line.split() else b""
            if is_data:
                is_data = line != b".\r\n"
                if not is_data:
                    self.wfile.write(b"250 kept\r\n")
            elif word == b"DATA":
                is_data = True
                self.wfile.write(b"354 go on\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 well\r\n")


def test_a_letter_goes_to_a_real_mail_server(settings: LazySettings) -> None:
    OneLetter.said.clear()
    with socketserver.TCPServer(("127.0.0.1", 0), OneLetter) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        threading.Thread(target=server.handle_request, daemon=True).start()
        letters.put("bop@example.org", "Trả lời", "Xin chào", now=timezone.now())

        assert letters.send_waiting(now=timezone.now()) == 1

    said = "\n".join(OneLetter.said)
    assert "rcpt TO:<bop@example.org>" in said
    assert "From: thuvien@example.vn" in said
    assert "https://tulieu.example.vn" in said


def test_a_letter_that_waits_is_in_no_backup() -> None:
    """Restored, it would be sent a second time."""
    assert Letter not in tables(apps)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("", None),
        ("smtps://a:b%40@mail.vn", MailServer("mail.vn", 465, "a", "b@", True, False)),
        ("smtp://mail.vn:25?tls=0", MailServer("mail.vn", 25, "", "", False, False)),
        ("smtp://mail.vn", MailServer("mail.vn", 587, "", "", False, True)),
    ],
)
def test_the_address_of_a_mail_server_is_read(raw: str, found: MailServer | None) -> None:
    assert mail_server(raw) == found


@pytest.mark.parametrize("raw", ["mail.vn", "http://mail.vn", "smtp://", "smtp://mail.vn/x"])
def test_what_is_no_mail_server_stops_the_start(raw: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        mail_server(raw)
