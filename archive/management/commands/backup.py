"""Save the archive. Example: python manage.py backup /media/usb/sao-luu"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access import audit
from archive.backup import BACKUP
from archive.backup.manifest import NotABackup
from archive.backup.saving import save
from media_pipeline.sizes import format_size
from media_pipeline.storage.errors import StorageUnavailable


class Command(BaseCommand):
    help = (
        "Writes the whole archive (rows, rules, accounts, original files) to a folder, and verifies what it wrote. "
        "Interrupted, or run again later into the same folder, it brings only what is missing. "
        "Example: python manage.py backup /media/usb/backup"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--quick", action="store_true", help="do not read again the original files that an earlier run brought"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        folder: Path = options["folder"].expanduser().absolute()
        try:
            manifest, report = save(
                folder, now=timezone.now(), on_master=self.tell, trust_present=bool(options["quick"])
            )
        except NotABackup as error:
            raise CommandError(_("%(folder)s: %(reason)s") % {"folder": folder, "reason": error}) from error
        except (StorageUnavailable, OSError) as error:
            raise CommandError(
                _("The backup was interrupted: %(reason)s. Run the same command again to go on.") % {"reason": error}
            ) from error
        # What the desk's start page goes by. The entry itself is in the next backup.
        saved = {"masters": len(manifest.masters), "lost": len(manifest.lost)}
        audit.record(actor=None, verb=BACKUP, target_pid="", now=timezone.now(), detail=saved)
        self.stdout.write(
            _("%(rows)s rows and %(masters)s original files (%(size)s; %(new)s of them new) are saved.")
            % {
                "rows": sum(table.rows for table in manifest.tables),
                "masters": len(manifest.masters) - len(manifest.lost),
                "size": format_size(manifest.masters_bytes, get_language() or "en"),
                "new": len(report.copied),
            }
        )
        if manifest.log_end is not None and manifest.log_end.faults:
            self.stderr.write(
                _(
                    "The log has entries that were changed or removed by hand; they are saved as they are: see verify_log."
                )
            )
        if manifest.lost:
            raise CommandError(
                _("%(count)s original files are damaged or missing here and were not saved: %(which)s")
                % {"count": len(manifest.lost), "which": ", ".join(manifest.lost)}
            )

    def tell(self, settled: int, total: int, size_bytes: int) -> None:
        if settled % 50 == 0 or settled == total:
            self.stdout.write(
                _("%(done)s of %(all)s original files, %(size)s")
                % {"done": settled, "all": total, "size": format_size(size_bytes, get_language() or "en")}
            )
