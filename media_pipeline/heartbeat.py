"""A worker's sign of life: a row that its main process writes again and again, so that people see who hears bells."""

from __future__ import annotations

import logging
import platform
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from media_pipeline.models import Worker

logger = logging.getLogger(__name__)
EVERY_S = 15.0
# Seen longer ago than this, a worker is taken for dead; after a day nobody needs to know that it was.
ALIVE_FOR = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(days=1)


class Heart:
    """Beats in a thread of its own from `begin` to `stop`."""

    def __init__(self, name: str, lanes: list[str]) -> None:
        self.name = name
        self.lanes = ",".join(sorted(lanes))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop and take the row away. Waits for a beat that is going on, for two seconds at most."""
        self._over.set()
        self._thread.join(2)

    def _beat_on(self) -> None:
        started_at = timezone.now()
        while True:
            self._guarded(lambda: beat(self.name, self.lanes, started_at=started_at, now=timezone.now()))
            if self._over.wait(EVERY_S):
                break
        self._guarded(lambda: Worker.objects.filter(name=self.name).delete())
        connection.close()

    def _guarded(self, do: Callable[[], object]) -> None:
        close_old_connections()
        try:
            do()
        except DatabaseError as error:
            logger.warning("no sign of life of %s: %s", self.name, error)


def beat(name: str, lanes: str, *, started_at: datetime, now: datetime) -> None:
    """Write that a worker lives, and forget those that have been dead for long. Two queries, or three the first time."""
    lives = {"machine": platform.node()[:100], "lanes": lanes[:100], "started_at": started_at, "seen_at": now}
    Worker.objects.update_or_create(name=name[:200], defaults=lives)
    Worker.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
