"""How many requests without a key one address may make."""

from __future__ import annotations

import threading

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from access import stranger_limits
from access.stranger_limits import Counter
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db
MOMENT = 1_800_000_020.0  # twenty seconds into a minute
AWAY = "203.0.113.9"
LIST = "/api/v1/items/"


@pytest.fixture(autouse=True)
def few(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ANONYMOUS_PER_MINUTE = 4
    monkeypatch.setattr(stranger_limits, "counter", Counter())
    cache.clear()


def statuses(address: str, *, count: int = 6, remote: str = AWAY, **headers: str) -> list[int]:
    client = Client(REMOTE_ADDR=remote, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return [client.get(address).status_code for _ in range(count)]


@pytest.mark.parametrize("door", [LIST, "/sru", "/iiif/presentation/3/collection/top"])
def test_an_address_that_is_too_fast_waits_and_another_goes_on(door: str) -> None:
    assert statuses(door) == [200] * 4 + [429] * 2
    assert statuses(door, count=1, remote="203.0.113.10") == [200]
    # Of an IPv6 network all addresses are one.
    assert statuses(door, count=4, remote="2001:db8::1") == [200] * 4
    assert statuses(door, count=1, remote="2001:db8::2:3") == [429]


def test_who_waits_is_told_how_long_in_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses(LIST, count=4)

    answer = Client(REMOTE_ADDR=AWAY).get(LIST, headers={"accept-language": "vi"})

    assert answer["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json()["status"] == 429
    assert "yêu cầu" in answer.json()["title"]


def test_harvesters_are_told_as_their_protocol_has_it() -> None:
    assert statuses("/oai?verb=Identify", count=5) == [200] * 4 + [503]
    assert int(Client(REMOTE_ADDR=AWAY).get("/oai?verb=Identify")["Retry-After"]) >= 1


def test_pages_pictures_our_own_pages_and_this_machine_are_not_counted(settings: LazySettings) -> None:
    make_item("Nhà rông")
    statuses(LIST)

    assert statuses("/items/") == [200] * 6
    assert statuses("/iiif/image/3/0123456789b/info.json") == [404] * 6
    assert statuses(LIST, sec_fetch_site="same-origin") == [200] * 6
    assert statuses(LIST, remote="127.0.0.1") == statuses(LIST, remote="::1") == [200] * 6
    settings.ANONYMOUS_PER_MINUTE = 0
    assert statuses(LIST) == [200] * 6


def test_behind_a_proxy_of_ours_it_is_the_address_that_the_proxy_saw(settings: LazySettings) -> None:
    settings.TRUST_PROXY = True

    assert statuses(LIST, remote="127.0.0.1", x_forwarded_for=f"10.9.9.9, {AWAY}") == [200] * 4 + [429] * 2
    assert statuses(LIST, remote="127.0.0.1", x_forwarded_for="203.0.113.77", count=1) == [200]


def spent(counter: Counter, *, times: int, limit: int = 60, at: float = MOMENT) -> int:
    """Return how many of so many requests get through."""
    return sum(counter.wait_s(AWAY, limit=limit, now_s=at) == 0 for _ in range(times))


def test_a_new_minute_begins_anew() -> None:
    counter = Counter()

    assert spent(counter, times=70) == 60
    assert counter.wait_s(AWAY, limit=60, now_s=MOMENT) == 40
    assert spent(counter, times=70, at=MOMENT + 40) == 60


def test_threads_of_a_process_do_not_get_through_together() -> None:
    counter, through = Counter(), []
    threads = [threading.Thread(target=lambda: through.append(spent(counter, times=30))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(through) == 60


class FakeShared:
    """A common count, as Redis keeps it."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.is_away = False
        self.asked = 0

    def add(self, key: str, value: int, timeout: int) -> bool:
        self._ask()
        return self.counts.setdefault(key, value) == value

    def incr(self, key: str, more: int) -> int:
        self._ask()
        self.counts[key] += more
        return self.counts[key]

    def _ask(self) -> None:
        self.asked += 1
        if self.is_away:
            raise TimeoutError


@pytest.fixture
def shared(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> FakeShared:
    settings.REDIS_URL = "redis://there"
    made = FakeShared()
    monkeypatch.setattr(stranger_limits, "cache", made)
    return made


def test_processes_share_one_limit(shared: FakeShared) -> None:
    one, other = Counter(), Counter()

    through = [sum(counter.wait_s(AWAY, limit=60, now_s=MOMENT) == 0 for counter in (one, other)) for _ in range(60)]

    assert sum(through) == 60
    assert all(AWAY not in key for key in shared.counts)


def test_with_redis_away_each_process_counts_alone_and_nobody_waits_for_it_again_and_again(shared: FakeShared) -> None:
    counter = Counter()
    assert spent(counter, times=15) == 15
    shared.is_away, shared.asked = True, 0

    assert spent(counter, times=100) == 45
    assert shared.asked == 1


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stranger_limits, "ADDRESSES_MOST", 50)
    counter = Counter()

    for number in range(200):
        counter.wait_s(str(number), limit=4, now_s=MOMENT)

    assert len(counter._given) <= stranger_limits.ADDRESSES_MOST + 1
