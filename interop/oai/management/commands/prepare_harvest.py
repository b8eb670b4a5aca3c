"""Prepare the records that harvesters are told. Example: python manage.py prepare_harvest --all"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from interop.oai import keeping, triggers


class Command(BaseCommand):
    help = (
        "Prepare the records that harvesters are told (OAI-PMH) of all items that changed; can be interrupted and run again. "
        "Example: python manage.py prepare_harvest --all"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="look at every item, not only at those known to have changed"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        if options["all"]:
            triggers.look_at_everything()
        total, done = keeping.left(), 0
        for count in keeping.batches(now=timezone.now()):
            done += count
            self.stdout.write(_("%(done)s of %(all)s records are prepared.") % {"done": done, "all": max(total, done)})
