"""Keeping a claimed job one's own while the work on it goes on, and hearing when it is not any more."""

from __future__ import annotations

import logging
import time

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from media_pipeline import jobs, shutdown

logger = logging.getLogger(__name__)
# How long a person who cancels waits at most until the child is killed.
LOOK_EVERY_S = 2.0


class LeaseLost(Exception):
    """The job is another worker's now, or was cancelled; whatever was made here is thrown away."""


class Keeper:
    """Keeps a claim alive: renews a third of the way through each lease and when the percent moved, and looks at the row in between.

    A database that is away ends no work: the token says in the end whose it was.
    """

    def __init__(self, claim: jobs.Claim, *, priority: int = jobs.BULK) -> None:
        self.claim = claim
        self.priority = priority
        self.percent = 0.0
        self._written = (time.monotonic(), 0.0)
        self._looked = time.monotonic()
        self._lost = False

    def progress(self, percent: float) -> None:
        """Take the tool's word (0 to 100); never backwards, and 100 only when finished."""
        self.percent = max(self.percent, min(percent, 99.0))
        self._look_if_due()

    def should_stop(self) -> bool:
        self._look_if_due()
        return self._lost or shutdown.is_due()

    def check(self, *, silent_s: float = 0) -> None:
        """Renew now, for so many seconds more than a lease when nothing will be heard meanwhile. Raises LeaseLost."""
        if not jobs.renew(self.claim, now=timezone.now(), percent=self.percent, silent_s=silent_s):
            raise LeaseLost
        self._written = (time.monotonic(), self.percent)

    def _look_if_due(self) -> None:
        written_at, percent = self._written
        now_s = time.monotonic()
        waited = now_s - written_at
        should_renew = waited > self.claim.lease_s / 3 or (waited > 1 and self.percent - percent >= 1)
        if not should_renew and now_s - self._looked < LOOK_EVERY_S:
            return
        if self._looked_at_all_in_the_last_second(now_s) or self._lost:
            return
        self._looked = now_s
        try:
            if should_renew:
                self._lost = not jobs.renew(self.claim, now=timezone.now(), percent=self.percent)
                self._written = (now_s, self.percent)
            else:
                self._lost = not jobs.is_held(self.claim)
        except (OperationalError, InterfaceError) as error:
            logger.warning("job %s goes on while the database is away: %s", self.claim.job_id, error)
            connection.close_if_unusable_or_obsolete()

    def _looked_at_all_in_the_last_second(self, now_s: float) -> bool:
        return now_s - self._looked < min(1.0, self.claim.lease_s / 6)
