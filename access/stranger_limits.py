"""How many requests without a key one address may make at the doors for records, so that one script does not take the room of all others.

Counted in Redis where there is one, for all processes together, and by each process alone where there is none or it does not answer:
then each lets as many through. Nothing is written down: an address is kept as a keyed hash, for two minutes.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
import threading

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from access.models import Scope
from access.partners import Door
from access.sign_in import address_of

WINDOW_S = 60
# A process asks Redis for so many requests at a time: a sixth of the limit, ten at most.
AT_ONCE_MOST = 10
# After Redis did not answer: nobody waits for it again and again.
ALONE_S = 30
ADDRESSES_MOST = 50_000
_LOOPBACK_6 = ipaddress.ip_address("::1")


class Counter:
    """The requests that this process may still let through in this minute, by address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        # What it was given for an address, and what of that is left.
        self._given: dict[str, tuple[int, int]] = {}
        self._alone_until = 0.0

    def wait_s(self, address: str, *, limit: int, now_s: float) -> int:
        """Count a request, and return 0; or the seconds until the next may come. Asks Redis at every tenth that it lets through."""
        window = int(now_s // WINDOW_S)
        with self._lock:
            if window != self._window or len(self._given) > ADDRESSES_MOST:
                self._window, self._given = window, {}
            given, left = self._given.get(address, (0, 0))
            if left:
                self._given[address] = (given, left - 1)
                return 0
        claimed = self._claim(address, window, limit=limit, now_s=now_s)
        with self._lock:
            # Other threads may have claimed meanwhile.
            given, left = self._given.get(address, (0, 0))
            more = max(0, limit - given) if claimed is None else claimed
            if more + left:
                self._given[address] = (given + more, left + more - 1)
                return 0
        return max(1, math.ceil((window + 1) * WINDOW_S - now_s))

    def _claim(self, address: str, window: int, *, limit: int, now_s: float) -> int | None:
        """Return how many more Redis gives to this process; None where it is not asked or does not answer."""
        if settings.REDIS_URL and now_s >= self._alone_until:
            from redis import RedisError  # noqa: PLC0415  # not loaded where there is none

            at_once = max(1, min(AT_ONCE_MOST, limit // 6))
            key = f"strangers:{_hashed(address)}:{window}"
            try:
                cache.add(key, 0, timeout=2 * WINDOW_S)
                taken = cache.incr(key, at_once)
            except (RedisError, OSError, ValueError):  # the last where the key was gone between the two
                self._alone_until = now_s + ALONE_S
            else:
                return max(0, min(at_once, limit - (taken - at_once)))
        return None


def is_counted(request: HttpRequest, door: Door) -> bool:
    """Return whether a request without a key is counted: at the doors for records, but not what our own pages ask of us, nor what this
    machine asks itself (checks, or a proxy that HERITAGE_TRUST_PROXY does not tell of: behind it everybody is one address)."""
    if door.scope != Scope.READ or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return False
    try:
        network = ipaddress.ip_network(address_of(request))
    except ValueError:
        return True
    # Of an IPv6 address the whole /64 is told.
    return not network.is_loopback and _LOOPBACK_6 not in network


def _hashed(address: str) -> str:
    return hmac.digest(str(settings.SECRET_KEY).encode(), f"strangers\n{address}".encode(), "sha256").hex()[:32]


counter = Counter()
