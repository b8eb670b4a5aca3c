"""What holds of requests whoever handles them: errors, limits, and the address at which someone without an account finds the answer."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from access import sign_in
from access.clocks import Calendar
from access.models import Petition

RECEIPTS = signing.Signer(salt="access.petition.receipt", sep=".")
DAY = timedelta(hours=24)
# For one address, and for one account, in 24 hours. A reading room or a school behind one address writes more in a day than a person does.
ASKED_MOST_FROM_ADDRESS = 20
ASKED_MOST_BY_ACCOUNT = 20
TEXT_LETTERS_MOST = 4000
# Name and contact are for the answer: as long after it as somebody comes back to it.
CONTACT_KEPT = timedelta(days=90)
# What hides at once, where it may (docs/adr/0012).
HIDING_KINDS = frozenset({Petition.Kind.TAKEDOWN, Petition.Kind.CONSENT})
NEEDS_ACCOUNT = frozenset({Petition.Kind.ACCESS, Petition.Kind.JOINING})


class PetitionRefused(Exception):
    """Something cannot be asked or answered; `code` says why, `access.petition_sentences` says it to people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def calendar() -> Calendar:
    """Return the library's calendar, from its settings."""
    return Calendar(zone=ZoneInfo(settings.TIME_ZONE), holidays=frozenset(settings.HOLIDAYS))


def address_digest(request: HttpRequest) -> str:
    """Return the keyed hash of the address that asks: what came from one place is counted, the place is not kept."""
    told = f"petition\n{sign_in.address_of(request)}"
    return hmac.digest(str(settings.SECRET_KEY).encode(), told.encode(), "sha256").hex()


def receipt(petition: Petition) -> str:
    """Return the signed word under which whoever asked without an account finds the answer."""
    return RECEIPTS.sign(petition.pid)


def by_receipt(word: str) -> Petition | None:
    """Return the request of a signed word; None for every other word. One query for a right one."""
    try:
        pid = RECEIPTS.unsign(word)
    except signing.BadSignature:
        return None
    return Petition.objects.filter(pid=pid, asker=None).first()


def came_in(*, since: datetime, address_digest: str = "", asker_id: int | None = None) -> int:
    """Return how many requests came since a moment from an address or by an account. One query."""
    found = Petition.objects.filter(received_at__gt=since)
    found = found.filter(asker_id=asker_id) if asker_id is not None else found.filter(address_digest=address_digest)
    return found.order_by().count()


def hidden_at_once(*, since: datetime, address_digest: str | None = None) -> int:
    """Return how many requests hid something at once since a moment, from one address or from all. One query.

    Those without an address, of people whose it is, are not counted.
    """
    found = Petition.objects.filter(received_at__gt=since, hid_target=True).exclude(address_digest="")
    if address_digest is not None:
        found = found.filter(address_digest=address_digest)
    return found.order_by().count()
