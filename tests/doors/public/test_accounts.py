"""A reader's account: what is asked for, what is kept, what is told to whom."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import audit, policy, sign_in
from access.actions import keep_account
from access.models import (
    AuditEntry,
    Community,
    CommunityMembership,
    Grant,
    Petition,
    Protocol,
    ProtocolMembership,
    User,
)
from public_site import account_sections
from tests.access_matrix.world import make_item
from tests.makers import staff

pytestmark = pytest.mark.django_db
PASSWORD = "bon-con-trau-di-qua"


def reader(name: str = "ban-doc") -> User:
    return User.objects.create_user(name, password=PASSWORD)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_up(client: Client, name: str, password: str = PASSWORD, again: str = "", **more: str) -> HttpResponse:
    sent = {"username": name, "password1": password, "password2": again or password, **more}
    answer = client.post("/en/account/sign-up/", sent)
    assert isinstance(answer, HttpResponse)
    return answer


def test_an_account_is_made_of_a_name_and_a_password_and_opens_what_is_for_readers() -> None:
    item = make_item("Dành cho bạn đọc", access=policy.of(policy.Level.REGISTERED))
    client = Client()
    assert client.get(f"/items/{item.pid}/").status_code == 404

    answer = sign_up(client, "Y-Blơi", next=f"/items/{item.pid}/")

    assert answer["Location"] == f"/items/{item.pid}/"
    assert client.get(f"/items/{item.pid}/").status_code == 200
    user = User.objects.get()
    assert (user.username, user.email, user.first_name, user.is_staff, user.is_superuser) == (
        "Y-Blơi",
        "",
        "",
        False,
        False,
    )


def test_nothing_else_is_asked_and_nothing_is_ticked_beforehand() -> None:
    page = Client().get("/account/sign-up/").content.decode()

    form = page[page.index('<form method="post"') : page.index("</form>")]
    assert re.findall(r'name="(\w+)"', form) == ["csrfmiddlewaretoken", "next", "username", "password1", "password2"]
    assert "checkbox" not in form
    assert "checked" not in form


def test_what_else_is_sent_with_the_form_makes_nobody_staff() -> None:
    sign_up(Client(), "ke-gian", is_staff="on", is_superuser="on", second_factor_since="2020-01-01")

    user = User.objects.get(username="ke-gian")
    assert (user.is_staff, user.is_superuser, user.has_second_factor) == (False, False, False)
    made = keep_account.sign_up(User(username="x", is_staff=True, is_superuser=True), now=timezone.now())
    assert (made.is_staff, made.is_superuser) == (False, False)


@pytest.mark.parametrize(
    ("name", "password", "again"),
    [
        ("ban-doc", PASSWORD, PASSWORD),
        ("BAN-DOC", PASSWORD, PASSWORD),
        ("co dau cach", PASSWORD, PASSWORD),
        ("moi", "ngan", "ngan"),
        ("moi", "password123", "password123"),
        ("moi", PASSWORD, f"{PASSWORD}x"),
    ],
)
def test_a_name_that_is_taken_and_a_weak_password_are_refused(name: str, password: str, again: str) -> None:
    reader()

    assert sign_up(Client(), name, password, again).status_code == 200
    assert User.objects.count() == 1


def test_a_wrong_name_a_wrong_password_and_a_suspended_account_are_answered_alike() -> None:
    reader("co-that")
    User.objects.create_user("dinh-chi", password=PASSWORD, is_active=False)
    Client().post("/en/account/sign-in/", {"username": "ai-do", "password": "sai"})  # the count of this address begins
    found = {}
    for name, password in (("co-that", "sai-mat-khau"), ("khong-co", "sai-mat-khau"), ("dinh-chi", PASSWORD)):
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post("/en/account/sign-in/", {"username": name, "password": password})
        body = re.sub(r'value="[^"]{64}"', "", answer.content.decode().replace(name, ""))
        found[name] = (answer.status_code, body, len(queries), sorted(answer.headers))

    assert found["co-that"] == found["khong-co"] == found["dinh-chi"]


def test_a_wrong_name_costs_a_hash_as_a_wrong_password_does(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    hashed: list[int] = []
    usual = PBKDF2PasswordHasher.encode

    def counted(self: PBKDF2PasswordHasher, password: str, salt: str, iterations: int | None = None) -> str:
        hashed.append(iterations or self.iterations)
        return usual(self, password, salt, 1000)

    reader("co-that")
    User.objects.create_user("khong-mat-khau")
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    work = {}
    for name in ("co-that", "khong-co", "khong-mat-khau"):
        hashed.clear()
        Client().post("/account/sign-in/", {"username": name, "password": "sai-mat-khau"})
        work[name] = len(hashed)

    assert work == {"co-that": 1, "khong-co": 1, "khong-mat-khau": 1}


def test_guesses_on_the_public_form_and_at_the_desk_are_counted_together() -> None:
    staff("thu-thu")
    for n in range(sign_in.ATTEMPTS_OF_NAME):
        address = ("/account/sign-in/", "/admin/login/")[n % 2]
        Client().post(address, {"username": "thu-thu", "password": f"sai-{n}"})

    answer = Client().post("/account/sign-in/", {"username": "thu-thu", "password": "mat-khau-dai-1"})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert Client().post("/admin/login/", {"username": "thu-thu", "password": "mat-khau-dai-1"}).status_code == 429


def test_accounts_are_not_made_by_the_thousand_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "ATTEMPTS_OF_ADDRESS", 3)

    assert [sign_up(Client(), f"may-{n}").status_code for n in range(5)] == [302] * 3 + [429] * 2
    assert User.objects.count() == 3


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"])
@pytest.mark.parametrize("form", ["sign-in", "sign-up"])
def test_signing_in_leads_to_no_foreign_site(form: str, wanted: str) -> None:
    reader()
    sent = {"username": "ban-doc", "password": PASSWORD, "next": wanted}
    if form == "sign-up":
        sent = {"username": "moi", "password1": PASSWORD, "password2": PASSWORD, "next": wanted}

    assert Client().post(f"/account/{form}/", sent)["Location"] == "/account/"


def test_forms_are_taken_from_our_own_pages_alone() -> None:
    reader()
    client = Client(enforce_csrf_checks=True)

    for address in ("sign-in/", "sign-up/", "sign-out/", "password/", "delete/"):
        assert client.post(f"/account/{address}", {"username": "ban-doc", "password": PASSWORD}).status_code == 403


def test_account_pages_are_kept_by_no_cache_and_are_not_compressed() -> None:
    client = client_of(reader())

    for address in ("/account/", "/account/data.json", "/account/password/", "/account/delete/", "/device/"):
        answer = client.get(address, headers={"accept-encoding": "br, gzip"})
        assert answer["Cache-Control"] == "private, no-store"
        assert not answer.has_header("Content-Encoding")


def test_a_visitor_is_led_to_the_form_and_back() -> None:
    reader()
    client = Client()

    led = client.get("/en/account/")["Location"]
    assert led == "/en/account/sign-in/?next=/en/account/"
    assert 'name="next" value="/en/account/"' in client.get(led).content.decode()
    assert "needs an account" in client.get(led).content.decode()
    assert "needs an account" not in client.get("/en/account/sign-in/").content.decode()


def test_the_header_says_sign_in_to_a_visitor_and_account_to_a_reader() -> None:
    assert 'href="/en/account/sign-in/">Sign in<' in Client().get("/en/").content.decode()
    page = client_of(reader()).get("/en/").content.decode()
    assert 'href="/en/account/">Account<' in page
    assert "ban-doc" not in page


def belonging(user: User) -> None:
    """Let a person belong somewhere, have a grant, and have asked for two things."""
    now = timezone.now()
    community = Community.objects.create(name="Làng Kon Klor")
    protocol = Protocol.objects.create(name="Lời thiêng")
    protocol.communities.add(community)
    CommunityMembership.objects.create(community=community, user=user)
    ProtocolMembership.objects.create(protocol=protocol, user=user, valid_until=now - timedelta(days=1))
    Grant.objects.create(target_pid="x1", user=user, reason="nghiên cứu", granted_at=now)
    for kind in ("access", "takedown"):
        Petition.objects.create(kind=kind, asker=user, asker_name="Y Blơi", contact="0123", text="xin", received_at=now)


def test_the_page_and_the_file_say_all_that_is_kept() -> None:
    user = reader()
    belonging(user)
    client = client_of(user)

    page = client.get("/en/account/").content.decode()
    assert "Làng Kon Klor: member" in page
    assert re.search(r"Lời thiêng: member, ended on", page)
    answer = client.get("/account/data.json")
    data = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert data["account"]["name"] == "ban-doc"
    assert [one["name"] for one in data["communities"] + data["protocols"]] == ["Làng Kon Klor", "Lời thiêng"]
    assert [one["contact"] for one in data["requests"]] == ["0123", "0123"]
    assert user.password not in answer.content.decode()


def test_every_table_that_points_at_a_person_is_in_the_file() -> None:
    """A table that points at accounts and is not in the file would be something kept and not said. Office (who recorded, who decided) is
    not about the person: those fields have no way back from the account."""
    told = {
        "communitymembership",
        "protocolmembership",
        "grant",
        "petition",
        "securitykey",
        "recoverycode",
        "authenticatorapp",
    }

    pointing = {relation.related_model for relation in User._meta.related_objects}

    ours = {
        model._meta.model_name for model in pointing if isinstance(model, type) and model._meta.app_label != "admin"
    }
    # The account of a partner library is a program's, with which nobody signs in.
    assert ours - {"partner"} == told


def test_a_block_is_not_shown_to_who_is_blocked() -> None:
    user = reader()
    community = Community.objects.create(name="Làng Kon Klor")
    CommunityMembership.objects.create(community=community, user=user, is_blocked=True, reason="tranh chấp")
    client = client_of(user)

    for address in ("/account/", "/account/data.json"):
        assert "Kon Klor" not in client.get(address).content.decode()


def test_a_part_adds_a_section_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    section = account_sections.Section("public_site/_parts/seek.html")
    client = client_of(reader())
    assert 'class="seek"' not in client.get("/account/").content.decode()

    monkeypatch.setattr(account_sections, "SECTIONS", [lambda request: section, lambda request: None])

    assert client.get("/account/").content.decode().count('class="seek"') == 1


def test_a_reader_changes_the_password_and_the_other_sessions_end() -> None:
    user = reader()
    client, other = client_of(user), client_of(user)
    sent = {"old_password": PASSWORD, "new_password1": "nam-con-trau-khac", "new_password2": "nam-con-trau-khac"}

    assert client.post("/account/password/", {**sent, "old_password": "sai"}).status_code == 200
    assert client.post("/account/password/", sent).status_code == 302

    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    entry = AuditEntry.objects.get(verb="change_password")
    assert (entry.actor, entry.detail) == (None, {"account": user.pk})


def test_help_and_the_account_s_name_stand_where_forms_with_passwords_say() -> None:
    client = client_of(reader())
    for address in ("/account/password/", "/account/delete/", "/account/sign-up/"):
        client = Client() if "sign-up" in address else client
        page = client.get(address).content.decode()

        for name in re.findall(r'aria-describedby="([^"]+)"', page):
            (help_text,) = re.findall(rf'<div class="small quiet" id="{name}">(.*?)</div>', page, re.DOTALL)
            assert help_text.strip(), address
        # Keepers of passwords have to know whose it is.
        assert len(re.findall(r'<input [^>]*autocomplete="username"', page)) == 1, address
        assert "sign-up" in address or 'value="ban-doc" autocomplete="username"' in page


def test_a_reader_with_a_one_time_password_chooses_one_first_in_either_language() -> None:
    user = reader()
    User.objects.update(must_change_password=True)
    client = client_of(user)

    assert client.get("/items/")["Location"] == "/account/password/"
    assert client.get("/en/items/")["Location"] == "/en/account/password/"
    assert client.get("/en/account/password/").status_code == 200


def test_a_deleted_account_leaves_neither_person_nor_name() -> None:
    client = Client()
    sign_up(client, "nguoi-se-di")
    user = User.objects.get()
    belonging(user)
    audit.record(actor=User(pk=user.pk, username="x"), verb="ask", target_pid="x1", now=timezone.now())

    assert client.post("/account/delete/", {"password": "sai"}).status_code == 200
    assert User.objects.exists()
    assert client.post("/account/delete/", {"password": PASSWORD})["Location"] == "/"

    assert not User.objects.exists()
    assert client.get("/account/").status_code == 302
    assert not Grant.objects.exists()
    states = dict(Petition.objects.values_list("kind", "state"))
    assert states == {"access": "retracted", "takedown": "open"}
    assert dict(Petition.objects.values_list("kind", "contact")) == {"access": "", "takedown": "0123"}
    entry = AuditEntry.objects.get(verb="delete_account")
    assert entry.before is not None
    assert entry.before["grants"] == ["x1"]
    assert "nguoi-se-di" not in str(list(AuditEntry.objects.values()))


def test_accounts_of_staff_are_not_deleted_by_themselves() -> None:
    user = staff()
    client = client_of(user)

    client.post("/account/delete/", {"password": "mat-khau-dai-1"})

    assert User.objects.filter(pk=user.pk).exists()
    with pytest.raises(keep_account.HasWorkedHere):
        keep_account.delete_account(user, now=timezone.now())
