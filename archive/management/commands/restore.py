"""Bring a backup to an empty machine. Example: python manage.py restore /media/usb/sao-luu"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive.backup.manifest import NotABackup
from archive.backup.restoring import NotEmpty, NotRestored, Told, restore
from archive.models import Item
from media_pipeline.sizes import format_size
from media_pipeline.storage.errors import StorageUnavailable


class Command(BaseCommand):
    help = (
        "Brings a backup into an archive without content, verifies every row and file, and queues the making of previews. "
        "Interrupted, it goes on when run again. Example: python manage.py restore /media/usb/backup"
    )
    # The tables need not exist yet: the command makes them.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--despite-losses", action="store_true", help="go on although original files in the backup are damaged"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        folder: Path = options["folder"].expanduser().absolute()
        try:
            manifest = restore(
                folder,
                data=settings.DATA_DIR,
                now=timezone.now(),
                told=Told(self.tell_master, self.tell_table, self.tell_item),
                despite_losses=bool(options["despite_losses"]),
            )
        except NotABackup as error:
            raise CommandError(
                _("%(folder)s is not a whole backup: %(reason)s") % {"folder": folder, "reason": error}
            ) from error
        except NotEmpty as error:
            raise CommandError(
                _(
                    "This archive is not empty (%(what)s). Restore into one without content, such as a new HERITAGE_DATA."
                )
                % {"what": error}
            ) from error
        except NotRestored as error:
            raise CommandError(_("Nothing was restored: %(reason)s") % {"reason": error}) from error
        except (StorageUnavailable, OSError) as error:
            raise CommandError(
                _("The restoring was interrupted: %(reason)s. Run the same command again to go on.") % {"reason": error}
            ) from error
        self.stdout.write(
            _("Restored and verified: %(items)s items, %(rows)s rows, %(masters)s original files (%(size)s).")
            % {
                "items": Item.objects.count(),
                "rows": sum(table.rows for table in manifest.tables),
                "masters": len(manifest.masters) - len(manifest.lost),
                "size": format_size(manifest.masters_bytes, get_language() or "en"),
            }
        )
        self.stdout.write(_("The workers now make the previews again."))

    def tell_master(self, settled: int, total: int, size_bytes: int) -> None:
        if settled % 50 == 0 or settled == total:
            self.stdout.write(
                _("%(done)s of %(all)s original files, %(size)s")
                % {"done": settled, "all": total, "size": format_size(size_bytes, get_language() or "en")}
            )

    def tell_table(self, model: str, rows: int) -> None:
        if rows:
            self.stdout.write(_("%(table)s: %(rows)s rows") % {"table": model, "rows": rows})

    def tell_item(self, done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            self.stdout.write(_("%(done)s of %(all)s items are indexed.") % {"done": done, "all": total})
