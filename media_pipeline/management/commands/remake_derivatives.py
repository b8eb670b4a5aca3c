"""Make derivatives again. Example: python manage.py remake_derivatives --role thumbnail"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from media_pipeline import remaking


class Command(BaseCommand):
    help = (
        "Queue derivatives to be made: those that are missing or of an older recipe, or with --all every one. "
        "The old ones are shown until the new ones are there. Example: python manage.py remake_derivatives --role thumbnail"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", default="", help="only this role")
        parser.add_argument("--all", action="store_true", help="also those that are there and current")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        queued = 0
        for number, count in enumerate(remaking.queue_all(role=options["role"], everything=options["all"]), start=1):
            queued += count
            if number % 100 == 0:
                self.stdout.write(
                    _("%(masters)s files seen, %(jobs)s pieces of work queued.") % {"masters": number, "jobs": queued}
                )
        self.stdout.write(_("%(jobs)s pieces of work are queued.") % {"jobs": queued})
