"""Read every master and say what is not as it was. Example: python manage.py check_fixity --days 90"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_pipeline import fixity
from media_pipeline.storage.errors import StorageUnavailable
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

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        read = 0

        def tell(sha256: str, found: Fixity) -> None:
            nonlocal read
            read += 1
            if read % 50 == 0:
                self.stdout.write(
                    ngettext("%(count)s original is read.", "%(count)s originals are read.", read) % {"count": read}
                )

        not_since = timezone.now() - timedelta(days=options["days"]) if options["days"] else None
        try:
            report = fixity.check_masters(not_since=not_since, on_checked=tell)
        except StorageUnavailable as error:
            raise CommandError(_("The storage does not answer: %(detail)s") % {"detail": error}) from error
        for label, findings in (
            (_("changed"), report.changed),
            (_("missing"), report.missing),
            (_("belongs to no record"), report.untracked),
        ):
            for finding in findings:
                self.stdout.write(f"{label}: {finding.name} {finding.detail}".rstrip())
        count = report.checked_count
        self.stdout.write(
            ngettext("%(count)s original is read.", "%(count)s originals are read.", count) % {"count": count}
        )
        if not report.clean:
            raise CommandError(_("Not everything is whole. Restore what changed or is missing from another copy."))
        self.stdout.write(_("Everything is whole."))
