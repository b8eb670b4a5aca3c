"""Read every master and say what is not as it was. Example: python manage.py check_fixity --days 90"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_pipeline import fixity
from media_pipeline.storage.errors import StorageUnavailable
from media_pipeline.storage.fixity import Report
from media_pipeline.storage.objects import Fixity


class Command(BaseCommand):
    help = (
        "Read every stored original and list what has changed, what is missing, and what belongs to no record. Exit status 1 when anything "
        "is found. With --days a check that was interrupted goes on. Example: python manage.py check_fixity --days 90"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=0, help="only originals that were not read for so many days (0: all)"
        )
        parser.add_argument(
            "--derivatives",
            action="store_true",
            help="also read everything made from originals, and queue what is bad to be made again",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        not_since = timezone.now() - timedelta(days=options["days"]) if options["days"] else None
        try:
            masters = fixity.check_masters(not_since=not_since, on_checked=self._teller(_originals))
            made = fixity.check_derivatives(on_checked=self._teller(_files)) if options["derivatives"] else Report()
        except StorageUnavailable as error:
            raise CommandError(_("The storage does not answer: %(detail)s") % {"detail": error}) from error
        for report in (masters, made):
            for label, findings in (
                (_("changed"), report.changed),
                (_("missing"), report.missing),
                (_("belongs to no record"), report.untracked),
            ):
                for finding in findings:
                    self.stdout.write(f"{label}: {finding.name} {finding.detail}".rstrip())
        self.stdout.write(_originals(masters.checked_count))
        if options["derivatives"]:
            self.stdout.write(_files(made.checked_count))
        if made.changed or made.missing:
            self.stdout.write(
                _("What is changed or missing of the files made from originals is queued to be made again.")
            )
        if not masters.clean:
            raise CommandError(_("Not everything is whole. Restore what changed or is missing from another copy."))
        if not made.clean:
            raise CommandError(_("The originals are whole; not all of what was made from them is."))
        self.stdout.write(_("Everything is whole."))

    def _teller(self, words: Callable[[int], str]) -> Callable[[str, Fixity], None]:
        """Return what hears of each file that was read, and says after every fifty how many they are."""
        read = 0

        def tell(_name: str, _found: Fixity) -> None:
            nonlocal read
            read += 1
            if read % 50 == 0:
                self.stdout.write(words(read))

        return tell


def _originals(count: int) -> str:
    return ngettext("%(count)s original is read.", "%(count)s originals are read.", count) % {"count": count}


def _files(count: int) -> str:
    return ngettext(
        "%(count)s file made from an original is read.", "%(count)s files made from originals are read.", count
    ) % {"count": count}
