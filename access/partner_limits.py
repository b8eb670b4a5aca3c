"""How many requests the programs of a partner may make, counted for all processes together, and sums of what they took.

Counted in the database in both profiles: it holds with Redis stopped. A process asks it for several requests at a time, so that a tile does
not cost a write; what it does not use of them in the minute is lost to the key, never gained.
"""

from __future__ import annotations

import atexit
import logging
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from access.models import PartnerCount, PartnerKey, PartnerTaking, Scope
from access.partners import Door

logger = logging.getLogger(__name__)
WINDOW = timedelta(minutes=1)


@dataclass(frozen=True)
class Limit:
    """So many requests in a minute, of which a process takes so many at a time. `at_once` divides `per_minute`."""

    per_minute: int
    at_once: int


# A page of a list is up to 200 records, of OAI-PMH 500: at 120 in a minute an archive of a million is read in less than an hour.
READ, BULK, MEDIA = "read", "bulk", "media"
MEDIA_AT_ONCE = 50
LIMITS: Mapping[str, Limit] = {READ: Limit(120, 4), BULK: Limit(3000, 50), MEDIA: Limit(6000, 100)}


def sort_of(key: PartnerKey, door: Door) -> str:
    """Return under which limit a key's requests at a door are counted."""
    if door.scope == Scope.MEDIA:
        return MEDIA
    return BULK if Scope.BULK in key.scopes else READ


class Counter:
    """The requests that this process may still let through, by key and sort."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[tuple[int, str], tuple[datetime, int]] = {}

    def wait_s(self, key: PartnerKey, sort: str, *, now: datetime) -> int:
        """Count a request, and return 0; or the seconds until the next may come. No query as a rule, else up to three."""
        limit, began = LIMITS[sort], now.replace(second=0, microsecond=0)
        with self._lock:
            window, left = self._left.get((key.pk, sort), (began, 0))
            if window == began and left > 0:
                self._left[key.pk, sort] = (began, left - 1)
                return 0
        if not _claim(key, sort, limit, began):
            return max(1, math.ceil((began + WINDOW - now).total_seconds()))
        with self._lock:
            window, left = self._left.get((key.pk, sort), (began, 0))
            self._left[key.pk, sort] = (began, (left if window == began else 0) + limit.at_once - 1)
        return 0


def _claim(key: PartnerKey, sort: str, limit: Limit, began: datetime) -> bool:
    rows = PartnerCount.objects.filter(key=key, sort=sort)
    more = F("given") + limit.at_once
    for _turn in range(3):
        if rows.filter(began_at=began, given__lte=limit.per_minute - limit.at_once).update(given=more):
            return True
        if rows.filter(began_at__lt=began).update(began_at=began, given=limit.at_once):
            return True
        if rows.exists():
            return False
        try:
            with transaction.atomic():
                PartnerCount.objects.create(key=key, sort=sort, began_at=began, given=limit.at_once)
        except IntegrityError:
            continue  # another process made it meanwhile
        return True
    return False


class Sums:
    """What partners took by each door on each day, added up here and written down from time to time.

    Requests for records are written one by one; pictures and files, of which a viewer asks for hundreds, so many at once, and at the end
    of the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[int, date, str], tuple[int, int]] = {}
        atexit.register(self.write, is_told=False)  # there may be nobody left to tell

    def note(self, key: PartnerKey, door: Door, *, day: date, size_bytes: int) -> None:
        """Add a request to the day's sum. Two queries at most, for pictures and files none as a rule."""
        of = (key.partner_id, day, door.name)
        with self._lock:
            requests, size = self._held.get(of, (0, 0))
            self._held[of] = (requests + 1, size + size_bytes)
            if requests + 1 < (MEDIA_AT_ONCE if door.scope == Scope.MEDIA else 1):
                return
        self.write()

    def write(self, *, is_told: bool = True) -> None:
        """Write down what is held. A sum that cannot be written is logged: it is no reason to refuse what was asked."""
        with self._lock:
            held, self._held = self._held, {}
        for (partner, day, door), (requests, size) in held.items():
            try:
                with transaction.atomic():
                    _add(partner, day, door, requests, size)
            except (DatabaseError, RuntimeError) as error:  # the latter where a process ends
                if is_told:
                    logger.warning("what a partner took was not written down: %s", type(error).__name__)


def _add(partner: int, day: date, door: str, requests: int, size: int) -> None:
    rows = PartnerTaking.objects.filter(partner_id=partner, day=day, door=door)
    more = {"requests": F("requests") + requests, "size_bytes": F("size_bytes") + size}
    if not rows.update(**more):
        PartnerTaking.objects.get_or_create(partner_id=partner, day=day, door=door)
        rows.update(**more)


counter, sums = Counter(), Sums()
