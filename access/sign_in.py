"""How often a password may be guessed: counted in the database, so that it holds for every process and with Redis stopped."""

from __future__ import annotations

import hmac
import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from access import audit
from access.models import SignInAttempts, User

WINDOW = timedelta(minutes=15)
# For one name at one address: more than a person mistypes, and under a thousand guesses a day. Whoever guesses from elsewhere does not
# shut the person out.
ATTEMPTS_OF_NAME = 10
# For one address whatever the names: a reading room behind one address signs in, a list of names and common passwords does not get far.
ATTEMPTS_OF_ADDRESS = 100
REMOVED_AT_ONCE = 200
NAME_LETTERS_MOST = 150  # what an account's name may have


@dataclass(frozen=True)
class Pause:
    """Signing in must wait. It is the same for a name that has an account and for one that has none."""

    seconds: int

    @property
    def minutes(self) -> int:
        return math.ceil(self.seconds / 60)


@dataclass(frozen=True)
class Attempt:
    """One attempt that was let through and counted."""

    keys: tuple[str, str]


def address_of(request: HttpRequest) -> str:
    """Return the address that asks, an IPv6 one as its /64: one household has as many of those as it likes.

    X-Forwarded-For is believed only where a proxy of ours sets it (HERITAGE_TRUST_PROXY), and then its last entry, which is the proxy's.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUST_PROXY:
        seen = request.headers.get("X-Forwarded-For", seen).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or ipaddress.ip_network((address, 64), strict=False))


def begin(name: str, address: str, *, now: datetime) -> Attempt | Pause:
    """Count an attempt before its password is looked at, so that many at once do not get through together.

    At most fifteen queries, the same ones whether the name has an account or not. A pause is not counted: it ends when it said it would.
    """
    name = name[:NAME_LETTERS_MOST]
    limits = {_key("address", address): ATTEMPTS_OF_ADDRESS, _key("name", address, name): ATTEMPTS_OF_NAME}
    of_address, of_name = limits
    with transaction.atomic():
        rows = _held(limits, now=now)
        full = [row for row in rows if row.count >= limits[row.key]]
        if full:
            _tell(full, name, address, now=now)
            ends = max(row.began_at for row in full) + WINDOW
            return Pause(seconds=max(1, math.ceil((ends - now).total_seconds())))
        SignInAttempts.objects.filter(key__in=limits).update(count=F("count") + 1)
    return Attempt(keys=(of_address, of_name))


def succeeded(attempt: Attempt) -> None:
    """Forget what a person mistyped before. At the address only this attempt is taken back: others may be guessing there."""
    of_address, of_name = attempt.keys
    with transaction.atomic():
        SignInAttempts.objects.filter(key=of_address, count__gt=0).update(count=F("count") - 1)
        SignInAttempts.objects.filter(key=of_name).delete()


def _held(keys: Iterable[str], *, now: datetime) -> list[SignInAttempts]:
    """Return the rows of these keys, locked; one whose window is over begins anew."""
    over = SignInAttempts.objects.filter(began_at__lte=now - WINDOW).order_by("pk")
    # Those that another attempt holds are its own to remove: nobody waits for anybody here.
    gone = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    SignInAttempts.objects.filter(pk__in=gone).delete()
    for key in keys:
        SignInAttempts.objects.get_or_create(key=key, defaults={"began_at": now})
    # In order of the key, so that two attempts never wait for each other crosswise.
    rows = SignInAttempts.objects.select_for_update().filter(key__in=list(keys)).order_by("key")
    rows.filter(began_at__lte=now - WINDOW).order_by().update(count=0, began_at=now, was_told=False)
    return list(rows)


def _tell(full: Iterable[SignInAttempts], name: str, address: str, *, now: datetime) -> None:
    """Write the log once for each pause. A name without an account is not written: it may be a password."""
    told = SignInAttempts.objects.filter(pk__in=[row.pk for row in full], was_told=False).update(was_told=True)
    account = User.objects.filter(username=name).values_list("pk", flat=True).first()
    if told:
        audit.record(
            actor=None, verb="pause_sign_in", target_pid="", now=now, detail={"account": account, "address": address}
        )


def _key(*parts: str) -> str:
    return hmac.digest(str(settings.SECRET_KEY).encode(), "\n".join(("sign-in", *parts)).encode(), "sha256").hex()
