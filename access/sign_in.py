"""How often a password or a code may be guessed: counted in the database, so that it holds for every process and with Redis stopped."""

from __future__ import annotations

import hmac
import ipaddress
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from access import audit
from access.models import SignInAttempts, User

WINDOW = timedelta(minutes=15)
# For one name at one address: more than a person mistypes, and under a thousand guesses a day. Whoever guesses from elsewhere does not
# shut the person out.
ATTEMPTS_OF_NAME = 10
# For one address whatever the names: a reading room behind one address signs in, a list of names and common passwords does not get far.
ATTEMPTS_OF_ADDRESS = 100
# For one account whatever the address: who guesses the second factor knows the password already, and has many addresses perhaps.
CODES_OF_ACCOUNT = 10
# For one address: codes to enrol a machine or to join a community are given one by one.
CODES_OF_ADDRESS = 30
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

    of_address: str
    of_name: str = ""


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
    of_address, of_name = _key("sign-in", "address", address), _key("sign-in", "name", address, name)
    limits = {of_address: ATTEMPTS_OF_ADDRESS, of_name: ATTEMPTS_OF_NAME}
    account = User.objects.filter(username=name).values_list("pk", flat=True)
    pause = _count(limits, now=now, told={"verb": "pause_sign_in", "address": address, "account": account})
    return pause or Attempt(of_address, of_name)


def begin_code(purpose: str, address: str, *, account: int | None = None, now: datetime) -> Attempt | Pause:
    """Count an attempt at a code of some purpose (`second_factor`, `enrolment`, `invitation`), as `begin` does. At most fifteen queries.

    With an account it is counted for that account from wherever it comes, too.
    """
    of_address = _key(purpose, "address", address)
    of_name = "" if account is None else _key(purpose, "account", str(account))
    limits = {of_address: CODES_OF_ADDRESS, **({of_name: CODES_OF_ACCOUNT} if of_name else {})}
    pause = _count(limits, now=now, told={"verb": f"pause_{purpose}", "address": address, "account": account})
    return pause or Attempt(of_address, of_name)


def succeeded(attempt: Attempt) -> None:
    """Forget what a person mistyped before. At the address only this attempt is taken back: others may be guessing there."""
    with transaction.atomic():
        SignInAttempts.objects.filter(key=attempt.of_address, count__gt=0).update(count=F("count") - 1)
        SignInAttempts.objects.filter(key=attempt.of_name).delete()


def _count(limits: Mapping[str, int], *, now: datetime, told: Mapping[str, object]) -> Pause | None:
    """Count one attempt under each key, or return the pause when one of them is full."""
    with transaction.atomic():
        rows = _held(limits, now=now)
        full = [row for row in rows if row.count >= limits[row.key]]
        if full:
            _tell(full, told, now=now)
            ends = max(row.began_at for row in full) + WINDOW
            return Pause(seconds=max(1, math.ceil((ends - now).total_seconds())))
        SignInAttempts.objects.filter(key__in=limits).update(count=F("count") + 1)
    return None


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


def _tell(full: Iterable[SignInAttempts], told: Mapping[str, object], *, now: datetime) -> None:
    """Write the log once for each pause. A name without an account is not written: it may be a password."""
    newly = SignInAttempts.objects.filter(pk__in=[row.pk for row in full], was_told=False).update(was_told=True)
    account = told["account"]
    known = account.first() if isinstance(account, QuerySet) else account
    if newly:
        detail = {"account": known, "address": told["address"]}
        audit.record(actor=None, verb=str(told["verb"]), target_pid="", now=now, detail=detail)


def _key(*parts: str) -> str:
    return hmac.digest(str(settings.SECRET_KEY).encode(), "\n".join(parts).encode(), "sha256").hex()
