"""Make derivatives again. Example: python manage.py remake_derivatives --role thumbnail"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from media_pipeline import remaking

_SAY_EVERY_S = 2.0


class Command(BaseCommand):
    help = (
        "Queue derivatives to be made: those that are missing or of an older recipe, or with --all every one. The old ones are shown until "
        "the new ones are there. It can be interrupted and run again: what is queued stays queued. "
        "Example: python manage.py remake_derivatives --role thumbnail --dry-run"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", default="", help="only this role")
        parser.add_argument("--all", action="store_true", help="also those that are there and current")
        parser.add_argument("--dry-run", action="store_true", help="only count what would be queued")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        turn = remaking.count_all if options["dry_run"] else remaking.queue_all
        total = remaking.masters().count()
        try:
            found = self._told(turn(role=options["role"], everything=options["all"]), total=total)
        except KeyboardInterrupt:
            self.stdout.write(_("Interrupted. What is queued stays queued; run it again for the rest."))
            raise SystemExit(130) from None
        if options["dry_run"]:
            self.stdout.write(_("%(jobs)s pieces of work would be queued.") % {"jobs": found})
        else:
            self.stdout.write(_("%(jobs)s pieces of work are queued.") % {"jobs": found})

    def _told(self, counts: Iterator[int], *, total: int) -> int:
        """Return how many pieces of work there are, and say how far it is every few seconds."""
        found = 0
        said_at = time.monotonic()
        for seen, count in enumerate(counts, start=1):
            found += count
            if time.monotonic() - said_at > _SAY_EVERY_S:
                said_at = time.monotonic()
                self.stdout.write(
                    _("%(seen)s of %(total)s files seen, %(jobs)s pieces of work so far.")
                    % {"seen": seen, "total": total, "jobs": found}
                )
        return found
