"""The second factor: what is taken, what is not, and what is closed until it was shown."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from access import sign_in
from access.actions import keep_second_factor as keep
from access.models import AuditEntry, AuthenticatorApp, Community, CommunityMembership, RecoveryCode, User
from access.models.user import HeldBack
from access.roles import CommunityRole
from access.second_factors import sealing, sheets, timed_codes
from archive.backup.tables import lines, tables
from tests.access_matrix.world import make_item
from tests.conftest import NOW
from tests.makers import file_of, picture, staff

SHOW = "/admin/second-factor/show/"
SECRET = b"12345678901234567890"
PASSWORD = "mat-khau-dai-1"

pytestmark = pytest.mark.django_db


def with_app(user: User, *, secret: bytes = SECRET) -> User:
    """Give an account an app, whose code of five minutes ago was shown when it was set up."""
    then = timezone.now() - timedelta(minutes=5)
    assert keep.set_up_app(user, secret, code_at(then, secret=secret), now=then)
    return user


def code_at(moment: datetime, *, secret: bytes = SECRET) -> str:
    return timed_codes.code_of(secret, timed_codes.step_of(moment))


def code_now() -> str:
    return code_at(timezone.now())


def signed_in(name: str = "thu-thu") -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.post("/admin/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


# RFC 6238 appendix B, the rows of SHA-1, eight digits.
@pytest.mark.pure
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)

    assert timed_codes.code_of(SECRET, timed_codes.step_of(moment), digits=8) == code
    assert timed_codes.matching_step(SECRET, code[2:], now=moment, after=0) == seconds // 30
    assert timed_codes.matching_step(SECRET, code[2:], now=moment, after=seconds // 30) is None


@pytest.mark.pure
@pytest.mark.parametrize(("aside_s", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_wrong_by_one_step_and_no_more(aside_s: int, is_taken: bool) -> None:
    typed = code_at(NOW + timedelta(seconds=aside_s))

    assert (timed_codes.matching_step(SECRET, typed, now=NOW, after=0) is not None) == is_taken


def test_a_code_of_an_app_is_taken_once() -> None:
    user = with_app(staff())
    later = timezone.now() + timedelta(minutes=1)

    assert keep.show_code(user, code_at(later), now=later)
    assert not keep.show_code(user, code_at(later), now=later)
    assert not keep.show_code(user, code_at(later - timedelta(seconds=30)), now=later)
    assert keep.show_code(user, code_at(later + timedelta(seconds=30)), now=later + timedelta(seconds=30))


def test_after_fifty_wrong_codes_in_a_row_an_app_is_not_believed() -> None:
    user = with_app(staff())
    AuthenticatorApp.objects.update(failures=keep.FAILURES_MOST - 1)

    assert not keep.show_code(user, "000000", now=timezone.now())
    assert not keep.show_code(user, code_now(), now=timezone.now())


def test_nothing_of_a_secret_or_a_code_is_readable_in_the_database() -> None:
    user = with_app(staff())
    codes = keep.make_sheet(user, now=NOW)

    kept = str([*AuthenticatorApp.objects.values(), *RecoveryCode.objects.values(), *AuditEntry.objects.values()])

    found = [
        word
        for code in codes
        for word in (code, code.replace("-", ""), timed_codes.as_text(SECRET).replace(" ", ""))
        if word in kept
    ]
    assert found == []
    assert sealing.unseal(AuthenticatorApp.objects.get().sealed_secret) == SECRET


def test_after_a_change_of_the_secret_key_the_former_one_still_opens(settings: LazySettings) -> None:
    user = with_app(staff())
    code = keep.make_sheet(user, now=NOW)[0]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-more-than-fifty-characters-0123456789-0123456789"

    assert keep.show_code(user, code_now(), now=timezone.now())
    assert keep.show_code(user, code, now=NOW)

    settings.SECRET_KEY_FALLBACKS = []
    assert not keep.show_code(user, code_at(timezone.now() + timedelta(seconds=30)), now=timezone.now())


def test_a_code_of_a_sheet_is_used_up_and_a_new_sheet_ends_the_old() -> None:
    user = with_app(staff())
    first, second, *rest = keep.make_sheet(user, now=NOW)

    assert len({first, second, *rest}) == sheets.CODES
    assert keep.show_code(user, first.upper().replace("-", " "), now=NOW)
    assert not keep.show_code(user, first, now=NOW)
    keep.make_sheet(user, now=NOW)
    assert not keep.show_code(user, second, now=NOW)


def test_a_code_of_somebody_elses_sheet_is_wrong() -> None:
    mine, theirs = with_app(staff("toi")), with_app(staff("ho"))
    code = keep.make_sheet(theirs, now=NOW)[0]

    assert not keep.show_code(mine, code, now=NOW)


def test_a_password_alone_opens_nothing_beyond_a_reader_to_who_has_a_second_factor(tmp_path: Path) -> None:
    with_app(staff(superuser=True))
    shown = make_item("Ai cũng xem")
    draft = make_item("Bản nháp", state="draft")
    file = file_of(shown, picture(tmp_path / "a.jpg"), now=NOW)
    client = signed_in()

    desk = client.get("/admin/archive/item/")
    assert (desk.status_code, desk["Location"]) == (302, f"{SHOW}?next=/admin/archive/item/")
    assert client.get(f"/items/{shown.pid}/").status_code == 200
    assert client.get(f"/items/{draft.pid}/").status_code == 404
    assert client.get(f"/api/v1/items/{draft.pid}/").status_code == 404
    assert client.get(f"/files/{file.pid}/master").status_code == 404
    assert client.post("/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"}).status_code == 403

    assert client.post(SHOW, {"code": code_now(), "next": "/admin/archive/item/"})["Location"] == "/admin/archive/item/"
    assert client.get("/admin/archive/item/").status_code == 200
    assert client.get(f"/api/v1/items/{draft.pid}/").status_code == 200
    assert client.get(f"/files/{file.pid}/master").status_code == 200


def test_signing_in_on_the_public_form_leads_staff_through_the_same_second_factor() -> None:
    with_app(staff())
    client = Client()

    answer = client.post("/account/sign-in/", {"username": "thu-thu", "password": PASSWORD, "next": "/items/"})

    assert answer["Location"] == f"{SHOW}?next=/items/"
    assert client.get("/admin/").status_code == 302
    assert client.post(SHOW, {"code": code_now(), "next": "/items/"})["Location"] == "/items/"


def test_the_proof_ends_with_the_session_and_is_not_somebody_elses() -> None:
    with_app(staff())
    with_app(staff("khac"))
    client = signed_in()
    client.post(SHOW, {"code": code_now()})
    assert client.get("/admin/").status_code == 200

    client.post("/admin/login/", {"username": "thu-thu", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    client.post("/admin/login/", {"username": "khac", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    client.post("/admin/login/", {"username": "thu-thu", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


def test_a_second_factor_set_up_in_one_session_is_owed_by_the_others() -> None:
    user = staff()
    other = signed_in()
    assert other.get("/admin/").status_code == 200

    with_app(user)

    assert other.get("/admin/")["Location"] == f"{SHOW}?next=/admin/"


def test_where_it_is_required_the_desk_opens_after_one_is_set_up(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = staff()
    client = signed_in()

    assert client.get("/admin/")["Location"] == f"{SHOW}?next=/admin/"
    assert client.get(SHOW)["Location"] == "/admin/second-factor/"
    assert "The desk opens when you have set up" in client.get("/admin/second-factor/").content.decode()
    page = client.get("/admin/second-factor/app/").content.decode()
    secret = secret_on(page)
    client.post("/admin/second-factor/app/", {"code": "000000"})
    assert client.get("/admin/").status_code == 302
    client.post("/admin/second-factor/app/", {"code": code_at(timezone.now(), secret=secret)})

    assert client.get("/admin/").status_code == 200
    user.refresh_from_db()
    assert user.has_second_factor
    assert user.is_staff


def secret_on(page: str) -> bytes:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found
    return base64.b32decode(found.group(1).replace(" ", ""))


def test_a_sheet_alone_is_enough_and_counts_when_a_code_of_it_was_typed(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = staff()
    client = signed_in()

    page = client.post("/admin/second-factor/sheet/", {"x": "1"}).content.decode()
    codes = re.findall(r"<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code></li>", page)
    assert len(codes) == sheets.CODES
    user.refresh_from_db()
    assert not user.has_second_factor
    client.post("/admin/second-factor/sheet/confirm/", {"code": codes[0]})
    assert client.get("/admin/").status_code == 200

    again = signed_in()
    assert again.get("/admin/").status_code == 302
    again.post(SHOW, {"code": codes[0]})
    assert again.get("/admin/").status_code == 302
    again.post(SHOW, {"code": codes[1]})
    assert again.get("/admin/").status_code == 200


def test_who_runs_out_of_codes_is_led_to_a_new_sheet(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = staff()
    codes = keep.make_sheet(user, now=NOW)
    for code in codes[: -sheets.FEW]:
        keep.confirm_sheet(user, code, now=NOW)

    assert signed_in().post(SHOW, {"code": codes[-1]})["Location"] == "/admin/second-factor/"


def test_the_last_one_stays_where_it_is_required_and_goes_where_it_is_offered(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = with_app(staff())
    client = signed_in()
    client.post(SHOW, {"code": code_now()})

    client.post("/admin/second-factor/remove/app/", {"password": PASSWORD})
    assert AuthenticatorApp.objects.filter(user=user).exists()
    settings.SECOND_FACTOR = "offered"
    client.post("/admin/second-factor/remove/app/", {"password": "wrong"})
    assert AuthenticatorApp.objects.filter(user=user).exists()
    client.post("/admin/second-factor/remove/app/", {"password": PASSWORD})

    user.refresh_from_db()
    assert not user.has_second_factor
    assert signed_in().get("/admin/").status_code == 200


@pytest.mark.parametrize("page", ["", "app/", "key/", "sheet/", "sheet/confirm/", "remove/app/"])
def test_who_owes_it_cannot_set_up_another_in_its_place(page: str) -> None:
    user = with_app(staff())
    client = signed_in()

    for method in ("get", "post"):
        sent = {"code": "x", "password": PASSWORD} if method == "post" else {}
        answer = getattr(client, method)(f"/admin/second-factor/{page}", sent)
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or answer["Location"] == SHOW
    assert RecoveryCode.objects.filter(user=user).count() == 0


@pytest.mark.parametrize("page", ["", "show/", "app/", "key/", "sheet/", "remove/app/"])
def test_readers_and_visitors_have_no_business_there(page: str) -> None:
    User.objects.create_user("ban-doc", password=PASSWORD)
    reader = Client()
    reader.post("/account/sign-in/", {"username": "ban-doc", "password": PASSWORD})

    for client in (Client(), reader):
        assert client.get(f"/admin/second-factor/{page}")["Location"].startswith("/admin/login/")


def test_guessing_ends_after_ten_codes_from_wherever_they_come() -> None:
    user = with_app(staff())
    answers = []
    for n in range(sign_in.CODES_OF_ACCOUNT + 1):
        client = Client(headers={"accept-language": "en"}, REMOTE_ADDR=f"198.51.100.{n}")
        client.post("/admin/login/", {"username": "thu-thu", "password": PASSWORD})
        answers.append(client.post(SHOW, {"code": code_now() if n == sign_in.CODES_OF_ACCOUNT else "000000"}))

    assert [one.status_code for one in answers] == [200] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert AuditEntry.objects.get(verb="pause_second_factor").detail["account"] == user.pk


def test_a_success_forgets_the_failures() -> None:
    with_app(staff())
    client = signed_in()
    for _ in range(sign_in.CODES_OF_ACCOUNT - 1):
        client.post(SHOW, {"code": "000000"})

    assert client.post(SHOW, {"code": code_now()}).status_code == 302
    assert AuthenticatorApp.objects.get().failures == 0
    assert signed_in().post(SHOW, {"code": "000000"}).status_code == 200


def test_an_administrator_resets_it_and_what_was_shown_before_counts_no_more(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = with_app(staff())
    client = signed_in()
    client.post(SHOW, {"code": code_now()})
    chief = User.objects.create_superuser("quan-tri", password=PASSWORD)

    keep.reset(user, actor=chief, now=NOW)

    assert client.get("/admin/").status_code == 302
    user.refresh_from_db()
    assert not user.has_second_factor
    entry = AuditEntry.objects.get(verb="reset_second_factor")
    assert (entry.actor, entry.detail) == (chief, {"account": user.pk})


def test_only_administrators_reset_at_the_desk() -> None:
    user = with_app(staff("quen"))
    staff("dong-nghiep")
    User.objects.create_superuser("quan-tri", password=PASSWORD)
    address = f"/admin/access/user/{user.pk}/second-factor/reset/"

    assert signed_in("dong-nghiep").post(address).status_code == 403
    assert AuthenticatorApp.objects.exists()
    assert signed_in("quan-tri").post(address).status_code == 302
    assert not AuthenticatorApp.objects.exists()


def test_stewards_who_are_no_staff_show_one_before_the_desk_opens_to_them(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = User.objects.create_user("gia-lang", password=PASSWORD)
    community = Community.objects.create(name="Làng Kon Klor")
    CommunityMembership.objects.create(community=community, user=user, role=CommunityRole.MANAGER)
    client = Client(headers={"accept-language": "en"})
    client.post("/account/sign-in/", {"username": "gia-lang", "password": PASSWORD})

    assert client.get("/account/").status_code == 200
    assert client.get("/admin/")["Location"] == f"{SHOW}?next=/admin/"
    codes = re.findall(r"<li><code>([^<]+)", client.post("/admin/second-factor/sheet/", {"x": "1"}).content.decode())
    client.post("/admin/second-factor/sheet/confirm/", {"code": codes[0]})

    assert client.get("/admin/").status_code == 200


def test_the_last_administrator_is_helped_by_who_looks_after_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    with_app(staff())

    call_command("reset_second_factor", "thu-thu")

    assert not AuthenticatorApp.objects.exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "khong-co")


def test_a_one_time_password_is_changed_after_the_second_factor_was_shown_and_before_one_is_set_up(
    settings: LazySettings,
) -> None:
    settings.SECOND_FACTOR = "required"
    with_app(staff("co-san"))
    staff("moi")
    User.objects.update(must_change_password=True)

    client = signed_in("moi")
    assert client.get("/admin/")["Location"] == "/admin/password_change/"
    assert client.get("/admin/password_change/").status_code == 200
    client = signed_in("co-san")
    assert client.get("/admin/password_change/")["Location"].startswith(SHOW)
    client.post(SHOW, {"code": code_now()})
    assert client.get("/admin/")["Location"] == "/admin/password_change/"


def test_an_account_held_back_is_not_saved_without_its_rights() -> None:
    user = staff(superuser=True)
    user.hold_back()

    with pytest.raises(HeldBack):
        user.save()
    with pytest.raises(HeldBack):
        user.save(update_fields=["is_staff"])
    user.save(update_fields=["last_login"])
    user.refresh_from_db()
    assert user.is_staff


def test_a_backup_carries_secrets_sealed_and_no_session() -> None:
    with_app(staff())
    carried = {model._meta.label_lower: model for model in tables(apps)}

    assert {"access.authenticatorapp", "access.securitykey", "access.recoverycode", "access.device"} <= set(carried)
    assert "sessions.session" not in carried
    assert SECRET not in b"".join(lines(carried["access.authenticatorapp"]))
