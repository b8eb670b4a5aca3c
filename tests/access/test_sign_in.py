"""Guessing passwords: how many guesses there are, what the guesser is told, and that nobody else is shut out."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from access import sign_in
from access.models import AuditEntry, SignInAttempts
from tests.conftest import NOW
from tests.makers import staff

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"
RIGHT = "mat-khau-dai-1"


def tries(name: str, password: str, *, address: str = HERE, lang: str = "en") -> HttpResponse:
    client = Client(headers={"accept-language": lang}, REMOTE_ADDR=address)
    answer = client.post("/admin/login/?next=/admin/", {"username": name, "password": password})
    assert isinstance(answer, HttpResponse)
    return answer


def guess(name: str, times: int, *, address: str = HERE) -> list[int]:
    return [tries(name, f"wrong-{n}", address=address).status_code for n in range(times)]


@pytest.mark.django_db
def test_after_ten_wrong_passwords_the_right_one_is_not_looked_at() -> None:
    staff()

    assert guess("thu-thu", sign_in.ATTEMPTS_OF_NAME) == [200] * sign_in.ATTEMPTS_OF_NAME
    answer = tries("thu-thu", RIGHT)

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= sign_in.WINDOW.total_seconds()
    assert "Wait 15 minutes" in answer.content.decode()


@pytest.mark.django_db
def test_the_pause_is_told_in_the_readers_language() -> None:
    guess("thu-thu", sign_in.ATTEMPTS_OF_NAME)

    assert "Hãy đợi 15 phút" in tries("thu-thu", RIGHT, lang="vi").content.decode()


@pytest.mark.django_db
def test_a_name_without_an_account_is_answered_as_one_that_has_an_account() -> None:
    staff("co-that")
    bodies = {}
    for name in ("co-that", "khong-co"):
        statuses = guess(name, sign_in.ATTEMPTS_OF_NAME + 2)
        with CaptureQueriesContext(connection) as queries:
            page = tries(name, RIGHT).content.decode()
        bodies[name] = (statuses, len(queries), "Too many attempts" in page, len(page.replace(name, "")))

    assert bodies["co-that"][:3] == bodies["khong-co"][:3] == ([200] * 10 + [429] * 2, len(queries), True)


@pytest.mark.django_db
def test_the_person_still_signs_in_from_elsewhere_and_a_success_forgets_the_failures() -> None:
    staff()
    guess("thu-thu", sign_in.ATTEMPTS_OF_NAME)

    assert tries("thu-thu", RIGHT, address=ELSEWHERE).status_code == 302

    guess("thu-thu", sign_in.ATTEMPTS_OF_NAME - 1, address=ELSEWHERE)
    assert tries("thu-thu", RIGHT, address=ELSEWHERE).status_code == 302
    assert guess("thu-thu", 2, address=ELSEWHERE) == [200, 200]


@pytest.mark.django_db
def test_a_list_of_names_from_one_address_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "ATTEMPTS_OF_ADDRESS", 5)

    statuses = [tries(f"name-{n}", "Kontum@2025").status_code for n in range(7)]

    assert statuses == [200] * 5 + [429] * 2
    assert (
        SignInAttempts.objects.count() == 1 + 5 + 2
    )  # the address, and names without a count for those not let through


@pytest.mark.django_db
def test_the_pause_ends_when_it_said_and_is_not_drawn_out_by_asking() -> None:
    for _ in range(sign_in.ATTEMPTS_OF_NAME):
        assert isinstance(sign_in.begin("ai", HERE, now=NOW), sign_in.Attempt)

    late = NOW + sign_in.WINDOW - timedelta(seconds=1)
    assert sign_in.begin("ai", HERE, now=late) == sign_in.Pause(seconds=1)
    assert isinstance(sign_in.begin("ai", HERE, now=NOW + sign_in.WINDOW), sign_in.Attempt)


@pytest.mark.django_db
def test_the_log_has_one_entry_a_pause_and_never_what_was_typed() -> None:
    known = staff("co-that")
    for name in ("co-that", "mat-khau-go-nham"):
        guess(name, sign_in.ATTEMPTS_OF_NAME + 3)

    entries = list(AuditEntry.objects.filter(verb="pause_sign_in").order_by("pk"))
    assert [one.detail for one in entries] == [
        {"account": known.pk, "address": HERE},
        {"account": None, "address": HERE},
    ]
    kept = [*AuditEntry.objects.values_list("actor_name", "detail"), *SignInAttempts.objects.values_list("key")]
    assert "mat-khau-go-nham" not in str(kept)
    assert HERE not in str(list(SignInAttempts.objects.values()))


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "address"),
    [
        ("192.0.2.7", "", False, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.5", False, "192.0.2.7"),
        ("172.18.0.3", "1.1.1.1, 203.0.113.5", True, "203.0.113.5"),
        ("2001:db8:1:2:aaaa::1", "", False, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", False, "192.0.2.7"),
        ("", "", False, "unknown"),
    ],
)
def test_the_address_is_the_one_our_own_proxy_saw(
    settings: LazySettings, remote: str, forwarded: str, trusted: bool, address: str
) -> None:
    settings.TRUST_PROXY = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert sign_in.address_of(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers)) == address


@pytest.mark.django_db
def test_with_the_cache_out_of_reach_people_sign_in_and_guessers_are_stopped(settings: LazySettings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
    staff()

    assert tries("thu-thu", RIGHT).status_code == 302
    assert guess("thu-thu", sign_in.ATTEMPTS_OF_NAME + 1)[-1] == 429


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time, and in tests one connection"
)
@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_do_not_get_through_together() -> None:
    found: list[type] = []

    def guess_once() -> None:
        try:
            found.append(type(sign_in.begin("ai", HERE, now=NOW)))
        finally:
            connection.close()

    threads = [Thread(target=guess_once) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found.count(sign_in.Attempt) == sign_in.ATTEMPTS_OF_NAME
    assert found.count(sign_in.Pause) == 24 - sign_in.ATTEMPTS_OF_NAME
