"""Signing in for the first time, accounts and roles, the language of the desk."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access.actions.give_password import give_password
from access.models import AuditEntry, User
from tests.desk.conftest import staff

pytestmark = pytest.mark.django_db
NEW = "mật-khẩu-của-riêng-tôi"


def first_sign_in(user: User) -> tuple[Client, str]:
    password = give_password(user, actor=None, now=timezone.now())
    client = Client(headers={"accept-language": "en"})
    client.post("/admin/login/", {"username": user.username, "password": password})
    return client, password


def test_a_one_time_password_opens_nothing_but_the_page_for_a_new_one() -> None:
    client, _password = first_sign_in(staff("moi", "Cataloguer"))

    for address in ("/admin/", "/admin/archive/item/", "/uploads/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/admin/password_change/")


def test_a_new_password_opens_the_desk_and_the_one_time_password_is_over() -> None:
    user = staff("moi", "Cataloguer")
    client, password = first_sign_in(user)

    client.post("/admin/password_change/", {"old_password": password, "new_password1": NEW, "new_password2": NEW})

    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(NEW)
    page = client.get("/admin/").content.decode()
    assert "Your first item" in page
    assert AuditEntry.objects.filter(verb="change_password", actor=user).exists()


def test_the_one_time_password_is_not_a_new_password() -> None:
    user = staff("moi", "Cataloguer")
    client, password = first_sign_in(user)

    client.post(
        "/admin/password_change/", {"old_password": password, "new_password1": password, "new_password2": password}
    )

    user.refresh_from_db()
    assert user.must_change_password


def test_an_account_is_made_with_a_password_that_is_shown_once(administrator: Client) -> None:
    sent = {"username": "can_bo", "is_staff": "on"}

    page = administrator.post("/admin/access/user/add/", sent, follow=True).content.decode()

    shown = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert shown
    user = User.objects.get(username="can_bo")
    assert user.must_change_password
    assert user.check_password(shown.group(1))
    assert shown.group(1) not in administrator.get("/admin/access/user/").content.decode()


def test_a_lost_password_is_replaced_and_the_old_one_ends(administrator: Client) -> None:
    user = staff("quen", "Cataloguer")

    administrator.post(f"/admin/access/user/{user.pk}/one-time-password/")

    user.refresh_from_db()
    assert user.must_change_password
    assert not user.check_password("cu-ky-khong-doan")


def test_the_log_says_what_an_account_might_do_before_and_after(administrator: Client) -> None:
    user = staff("le_thi_hoa", "Cataloguer")
    publisher = Group.objects.get(name="Publisher")

    administrator.post(
        f"/admin/access/user/{user.pk}/change/",
        {"username": "le_thi_hoa", "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": [publisher.pk]},
    )

    entry = AuditEntry.objects.get(verb="change_account")
    assert entry.detail == {"account": user.pk}
    assert entry.before == {"is_active": True, "is_staff": True, "is_superuser": False, "roles": ["Cataloguer"]}
    assert entry.after == {"is_active": True, "is_staff": True, "is_superuser": True, "roles": ["Publisher"]}


def test_only_administrators_see_accounts_and_nobody_sets_anothers_password(
    publisher: Client, administrator: Client
) -> None:
    user = staff("ai_do")

    assert publisher.get("/admin/access/user/").status_code == 403
    assert publisher.post(f"/admin/access/user/{user.pk}/one-time-password/").status_code == 403
    assert administrator.get(f"/admin/access/user/{user.pk}/password/").status_code == 302


def test_the_log_is_read_only(administrator: Client) -> None:
    assert administrator.get("/admin/access/auditentry/").status_code == 200
    assert administrator.get("/admin/access/auditentry/add/").status_code == 403


def test_the_person_chooses_the_language_of_the_desk(publisher: Client) -> None:
    publisher.post("/admin/language/", {"language": "vi", "next": "/admin/"})

    page = publisher.get("/admin/").content.decode()

    assert '<html lang="vi"' in page


def test_roles_are_called_by_the_readers_words_and_there_is_no_screen_of_groups(administrator: Client) -> None:
    staff("bien_muc", "Cataloguer")
    staff("cong_bo", "Publisher")

    page = administrator.get("/admin/access/user/", headers={"accept-language": "vi"}).content.decode()
    role = Group.objects.get(name="Publisher").pk
    publishers = administrator.get(f"/admin/access/user/?role={role}").content.decode()

    assert 'class="field-roles">Biên mục<' in page
    assert "Cataloguer" not in page
    assert ("cong_bo" in publishers, "bien_muc" in publishers) == (True, False)
    assert administrator.get("/admin/auth/group/").status_code == 404
    assert "Can change" not in administrator.get("/admin/").content.decode()
