"""Keep the index of the search on this node. Example: python manage.py keep_search_index"""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.search import changes, keeping, triggers
from archive.search.changes import Behind
from archive.search.index.building import AlreadyBuilding
from archive.search.keeping import AlreadyKept

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 10.0
PRUNE_EVERY_S = 3600.0


class Stopped(Exception):
    """Told to stop: what was being built is left."""


class Command(BaseCommand):
    help = (
        "Keep the index of the search on this node until told to stop: build it where there is none, and anew when much has changed. One a "
        "node. Example: python manage.py keep_search_index --once"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        self._stopping = threading.Event()
        if threading.current_thread() is threading.main_thread() and not options["once"]:
            signal.signal(signal.SIGTERM, self._stop)
            signal.signal(signal.SIGINT, self._stop)
        root = Path(settings.SEARCH_DIR)
        try:
            with keeping.alone(root):
                self._keep(root, once=options["once"])
        except AlreadyKept as error:
            raise CommandError(_("Another process keeps the index of this node.")) from error
        except Stopped:
            return

    def _keep(self, root: Path, *, once: bool) -> None:
        since_prune = PRUNE_EVERY_S
        while not self._stopping.is_set():
            try:
                close_old_connections()
                if since_prune >= PRUNE_EVERY_S:
                    # What another version left, or a restore brought: at the start, and each hour.
                    triggers.install()
                    keeping.refresh_stale(self._go_on)
                    changes.prune(now=timezone.now())
                    since_prune = 0.0
                if keeping.is_due(root, now=timezone.now()):
                    count = keeping.build(root, self._go_on)
                    logger.info("The index of the search holds %s items.", count)
            except (DatabaseError, OSError, Behind, AlreadyBuilding) as error:
                if once:
                    raise
                # The database is away, or the disk is full: searches go on with what there is.
                logger.warning("The index of the search could not be kept: %s: %s", type(error).__name__, error)
            if once:
                return
            keeping.beat(root)
            self._stopping.wait(LOOK_EVERY_S)
            since_prune += LOOK_EVERY_S

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _go_on(self, _done: int) -> None:
        keeping.beat(Path(settings.SEARCH_DIR))
        if self._stopping.is_set():
            raise Stopped
