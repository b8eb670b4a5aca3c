"""Machines that read on site: enrolled by a code, known by a secret, and never by an address."""

from __future__ import annotations

import re
from datetime import timedelta
from http.cookies import Morsel

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy, sign_in
from access.actions import keep_devices
from access.devices import COOKIE
from access.models import AuditEntry, Device, User
from tests.access.test_session_limits import enrolled
from tests.access_matrix.world import make_item
from tests.makers import staff

pytestmark = pytest.mark.django_db
ON_SITE = policy.of(policy.Level.ONSITE)


def machine(token: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies[COOKIE] = token
    return client


def status_of(client: Client, address: str) -> int:
    return client.get(address).status_code


def test_what_is_open_on_site_is_open_at_a_device_and_nowhere_else() -> None:
    item = make_item("Đọc tại chỗ", access=ON_SITE)
    _device, token = enrolled()

    assert status_of(machine(token), f"/items/{item.pid}/") == 200
    assert status_of(machine(token), f"/api/v1/items/{item.pid}/") == 200
    assert status_of(machine(f"{token}x"), f"/items/{item.pid}/") == 404
    for address in ("127.0.0.1", "10.0.0.7", "::1"):
        assert Client(REMOTE_ADDR=address).get(f"/items/{item.pid}/").status_code == 404


def test_a_device_opens_no_more_than_reading_on_site() -> None:
    closed = [
        make_item(f"Đóng {level}", access=policy.of(level)) for level in (policy.Level.REGISTERED, policy.Level.STAFF)
    ]
    _device, token = enrolled()

    assert [status_of(machine(token), f"/items/{item.pid}/") for item in closed] == [404, 404]
    assert status_of(machine(token), "/admin/") == 302


def test_a_device_ends_when_it_is_revoked_and_when_its_time_is_over() -> None:
    item = make_item("Đọc tại chỗ", access=ON_SITE)
    revoked, token = enrolled()
    timed, other = enrolled()
    keep_devices.revoke_device(revoked, actor=User.objects.get(), now=timezone.now())
    Device.objects.filter(pk=timed.pk).update(valid_until=timezone.now())

    assert status_of(machine(token), f"/items/{item.pid}/") == 404
    assert status_of(machine(other), f"/items/{item.pid}/") == 404


def test_the_code_is_typed_on_the_machine_and_is_good_for_one_time() -> None:
    device = Device(name="Điểm đọc Kon Klor")
    code = keep_devices.make_device(device, actor=staff(superuser=True), now=timezone.now())
    first, second = Client(headers={"accept-language": "en"}), Client()

    answer = first.post("/en/device/", {"code": code.upper().replace("-", " ")})

    cookie: Morsel[str] = answer.cookies[COOKIE]
    assert (answer.status_code, cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (
        302,
        True,
        "Lax",
        False,
    )
    assert cookie["max-age"] == 400 * 86400
    assert "On site: Điểm đọc Kon Klor" in first.get("/en/").content.decode()
    assert second.post("/device/", {"code": code}).status_code == 200
    assert COOKIE not in second.cookies
    kept = str(list(Device.objects.values()))
    assert cookie.value not in kept
    assert code not in kept


def test_with_https_the_cookie_is_for_https_alone(settings: LazySettings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    code = keep_devices.make_device(Device(name="Máy"), actor=staff(superuser=True), now=timezone.now())

    assert Client().post("/device/", {"code": code}).cookies[COOKIE]["secure"]


def test_a_code_is_good_for_one_day() -> None:
    device = Device(name="Máy")
    then = timezone.now() - keep_devices.CODE_HOLDS
    code = keep_devices.make_device(device, actor=staff(superuser=True), now=then)

    with pytest.raises(keep_devices.WrongCode):
        keep_devices.enrol_device(code, now=then + keep_devices.CODE_HOLDS)
    keep_devices.enrol_device(code, now=then + keep_devices.CODE_HOLDS - timedelta(seconds=1))


def test_a_new_code_ends_the_machine_that_held_the_device_when_it_is_typed() -> None:
    item = make_item("Đọc tại chỗ", access=ON_SITE)
    device, token = enrolled()
    code = keep_devices.renew_code(device, actor=User.objects.get(), now=timezone.now())
    assert status_of(machine(token), f"/items/{item.pid}/") == 200

    _device, other = keep_devices.enrol_device(code, now=timezone.now())

    assert status_of(machine(token), f"/items/{item.pid}/") == 404
    assert status_of(machine(other), f"/items/{item.pid}/") == 200


def test_guessing_codes_comes_to_an_end() -> None:
    client = Client()
    code = keep_devices.make_device(Device(name="Máy"), actor=staff(superuser=True), now=timezone.now())
    statuses = [client.post("/device/", {"code": f"sai{n}"}).status_code for n in range(sign_in.CODES_OF_ADDRESS + 1)]

    assert statuses == [200] * sign_in.CODES_OF_ADDRESS + [429]
    assert client.post("/device/", {"code": code}).status_code == 429
    assert AuditEntry.objects.filter(verb="pause_enrolment").count() == 1


def test_a_machine_without_the_cookie_costs_no_query_and_one_with_it_one() -> None:
    _device, token = enrolled()
    machine(token).get("/about/")
    Client().get("/peoples/")  # names and statements are put together by whoever asks first
    with CaptureQueriesContext(connection) as without:
        Client().get("/peoples/")
    with CaptureQueriesContext(connection) as with_it:
        machine(token).get("/peoples/")

    assert [one for one in without if "access_device" in one["sql"]] == []
    assert len(with_it) == len(without) + 1


def test_of_when_a_device_was_used_the_day_is_kept_and_no_more() -> None:
    device, token = enrolled()
    for _ in range(2):
        answer = machine(token).get("/")

    device.refresh_from_db()
    assert device.last_seen_on == timezone.localdate()
    assert COOKIE not in answer.cookies  # given anew once a day


def test_the_desk_makes_renews_and_revokes_devices_and_shows_each_code_once() -> None:
    looks_after = staff("phu_trach")
    looks_after.user_permissions.set(Permission.objects.filter(content_type__model="device"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(looks_after)

    page = client.post(
        "/admin/access/device/add/", {"name": "Phòng đọc", "idle_minutes": 5}, follow=True
    ).content.decode()
    device = Device.objects.get()
    (code,) = re.findall(r'<code class="secret">([^<]+)</code>', page)
    assert "http://testserver/en/device/" in page
    assert code not in client.get(f"/admin/access/device/{device.pk}/change/").content.decode()
    keep_devices.enrol_device(code, now=timezone.now())
    assert client.post(f"/admin/access/device/{device.pk}/code/").status_code == 302
    changed = {"name": "Phòng đọc", "idle_minutes": 3}
    assert client.post(f"/admin/access/device/{device.pk}/change/", changed).status_code == 302
    assert client.post(f"/admin/access/device/{device.pk}/revoke/").status_code == 302

    device.refresh_from_db()
    assert (device.idle_minutes, device.revoked_at is None, device.token_digest) == (3, False, "")
    verbs = AuditEntry.objects.filter(target_pid=device.pid).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["make_device", "enrol_device", "renew_device_code", "change_device", "revoke_device"]
    assert client.get(f"/admin/access/device/{device.pk}/delete/").status_code == 403


def test_staff_without_the_right_and_accounts_that_are_no_staff_keep_no_devices() -> None:
    device, _token = enrolled()
    member = User.objects.create_user("ban-doc")
    member.user_permissions.set(Permission.objects.filter(content_type__model="device"))
    client = Client()
    client.force_login(staff("khong-quyen"))

    assert client.get("/admin/access/device/add/").status_code == 403
    assert client.post(f"/admin/access/device/{device.pk}/revoke/").status_code == 403
    for actor in (member, User.objects.get(username="khong-quyen")):
        with pytest.raises(keep_devices.MayNot):
            keep_devices.make_device(Device(name="x"), actor=actor, now=timezone.now())
        with pytest.raises(keep_devices.MayNot):
            keep_devices.revoke_device(device, actor=actor, now=timezone.now())
