"""Write items as a table. Example: python manage.py export_table tai-lieu.xlsx --state published --people ba-na"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import User
from access.viewer import viewer_for
from archive.exporting.table import Export, told_to
from archive.models import Item, ItemKind, ItemState
from archive.search.narrowing import Filters, narrow
from archive.tables import sentences, writing
from archive.tables.shapes import TableError

NARROWED_BY = ("kind", "people", "subject", "collection", "place", "language")


class Command(BaseCommand):
    help = (
        "Write the description of items as a table, CSV or XLSX, that `ingest --table` reads back. All items but those in the bin, also "
        "what is closed: keep the file accordingly; or with --as what one account may see. "
        "Example: python manage.py export_table tai-lieu.xlsx --state published --people ba-na"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=writing.FORMATS, help="otherwise what the name of the file says; CSV")
        parser.add_argument("--as", dest="account", metavar="NAME", help="only what this account may see")
        parser.add_argument("--state", choices=ItemState.values)
        for name in NARROWED_BY:
            choices = ItemKind.values if name == "kind" else None
            parser.add_argument(f"--{name}", default="", choices=choices, metavar=None if choices else "ADDRESS-PART")
        parser.add_argument("--from", dest="date_from", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="date_to", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        user = viewer = None
        if options["account"]:
            user = User.objects.filter(username=options["account"], is_active=True).first()
            if user is None:
                raise CommandError(_("There is no account %(name)s.") % {"name": options["account"]})
            viewer = viewer_for(user, now=timezone.now())
        items = Item.objects.filter(binned_at=None) if viewer is None else Item.objects.visible_to(viewer)
        filters = Filters(
            **{name: options[name] for name in NARROWED_BY},
            date_from=options["date_from"],
            date_to=options["date_to"],
        )
        chosen = narrow(items, filters).order_by("pk")
        if options["state"]:
            chosen = chosen.filter(state=options["state"])
        path: Path = options["file"]
        count = 0
        try:
            export = Export(chosen, told_to(user, viewer), viewer=viewer)
            copy = writing.copy_at(path, options["format"])
            copy.add(export.headings())
            for row in export.rows():
                copy.add(row)
                count += 1
            copy.close()
        except TableError as error:
            raise CommandError(sentences.of_file(error)) from error
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be read or written: %(why)s.") % {"path": path, "why": error.strerror}
            ) from error
        self.stdout.write(ngettext("%(count)s item written.", "%(count)s items written.", count) % {"count": count})
