"""How long a session lasts, where and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import session_limits
from access.actions import keep_devices
from access.devices import COOKIE
from access.models import Device, User
from access.tasks import forget_sessions
from tests.makers import staff

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-dai-1"


def enrolled(*, idle_minutes: int = 10) -> tuple[Device, str]:
    """Return a device and the token that its machine holds."""
    chief = User.objects.filter(username="nguoi-lap").first() or staff("nguoi-lap", superuser=True)
    device = Device(name="Phòng đọc", idle_minutes=idle_minutes)
    code = keep_devices.make_device(device, actor=chief, now=timezone.now())
    return keep_devices.enrol_device(code, now=timezone.now())


def signed_in(user: User, *, token: str = "") -> Client:
    client = Client(headers={"accept-language": "en"})
    if token:
        client.cookies[COOKIE] = token
    client.force_login(user)
    client.get("/account/")
    return client


def pass_time(client: Client, span: timedelta, *names: str) -> None:
    """Let a session have begun, or been seen last, so much earlier."""
    session = client.session
    for name in names or (session_limits.BEGAN, session_limits.SEEN):
        session[name] -= span.total_seconds()
    session.save()


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def reader() -> User:
    return User.objects.create_user("ban-doc", password=PASSWORD)


def test_on_a_shared_machine_a_session_ends_after_its_idle_minutes() -> None:
    _device, token = enrolled(idle_minutes=7)
    client = signed_in(reader(), token=token)

    pass_time(client, timedelta(minutes=6, seconds=50))
    assert is_signed_in(client)
    pass_time(client, timedelta(minutes=6, seconds=50))
    assert is_signed_in(client)  # the request before was noted
    pass_time(client, timedelta(minutes=7, seconds=5))
    assert not is_signed_in(client)
    assert not is_signed_in(client)


def test_on_a_shared_machine_a_session_ends_some_day_however_busy() -> None:
    _device, token = enrolled()
    client = signed_in(reader(), token=token)

    pass_time(client, session_limits.SHARED_LONGEST - timedelta(minutes=1), session_limits.BEGAN)
    assert is_signed_in(client)
    pass_time(client, timedelta(minutes=2), session_limits.BEGAN)
    assert not is_signed_in(client)


def test_a_browser_that_throws_the_devices_cookie_away_keeps_the_short_session() -> None:
    _device, token = enrolled()
    client = signed_in(reader(), token=token)
    del client.cookies[COOKIE]

    pass_time(client, timedelta(minutes=11))

    assert not is_signed_in(client)


def test_the_cookie_of_a_shared_machines_session_ends_with_the_browser() -> None:
    _device, token = enrolled()

    assert signed_in(reader(), token=token).cookies["phien"]["max-age"] == ""


@pytest.mark.parametrize(("hours", "ends"), [(7.9, False), (8.1, True)])
def test_staff_are_signed_out_after_a_working_day_without_a_request(hours: float, ends: bool) -> None:
    client = signed_in(staff())

    pass_time(client, timedelta(hours=hours))

    assert (client.get("/admin/").status_code == 302) == ends


def test_staff_sign_in_once_a_day_at_least() -> None:
    client = signed_in(staff())

    pass_time(client, session_limits.STAFF_LONGEST, session_limits.BEGAN)

    assert client.get("/admin/").status_code == 302


def test_a_reader_at_home_stays_signed_in_and_leaves_no_trace_of_when_they_read() -> None:
    client = signed_in(reader())
    pass_time(client, timedelta(days=5))
    before = dict(client.session)

    assert is_signed_in(client)
    assert dict(client.session) == before


def test_signing_in_again_begins_anew() -> None:
    user = staff()
    client = signed_in(user)
    pass_time(client, timedelta(hours=23))

    client.force_login(user)

    assert client.get("/admin/").status_code == 200


def test_a_clock_that_was_put_back_neither_ends_nor_lengthens_a_session() -> None:
    client = signed_in(staff())
    pass_time(client, timedelta(days=-3))

    assert client.get("/admin/").status_code == 200
    assert abs(client.session[session_limits.SEEN] - timezone.now().timestamp()) < 60


def test_signing_out_leaves_nothing_of_the_session() -> None:
    client = signed_in(reader())
    key = str(client.session.session_key)

    assert client.get("/account/sign-out/").status_code == 405
    client.post("/account/sign-out/")

    assert not is_signed_in(client)
    assert not client.session.exists(key)


def test_requests_within_a_minute_write_nothing() -> None:
    client = signed_in(staff())
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/second-factor/")

    assert [one["sql"] for one in queries if one["sql"].startswith(("UPDATE", "INSERT"))] == []


def test_the_page_about_a_person_leaves_the_screen_of_a_shared_machine() -> None:
    _device, token = enrolled(idle_minutes=7)

    assert signed_in(reader(), token=token).get("/account/")["Refresh"] == "425; url=/"
    assert not signed_in(User.objects.get(username="ban-doc")).get("/account/").has_header("Refresh")


def test_sessions_that_are_over_are_forgotten_and_others_are_not() -> None:
    over, open_one = signed_in(reader()), signed_in(staff())
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

    forget_sessions()

    assert list(Session.objects.values_list("pk", flat=True)) == [open_one.session.session_key]


def test_an_answer_is_the_same_whether_the_request_was_noted_or_not() -> None:
    client = signed_in(staff())
    pass_time(client, timedelta(minutes=2))

    noted = client.get("/admin/second-factor/")
    seen = client.session[session_limits.SEEN]
    usual = client.get("/admin/second-factor/")

    assert timezone.now().timestamp() - seen < 60
    assert (sorted(noted.headers), noted.cookies.keys()) == (sorted(usual.headers), usual.cookies.keys())
