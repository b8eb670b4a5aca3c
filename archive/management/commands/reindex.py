"""Build the index of the search anew. Example: python manage.py reindex"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from archive.models import Item
from archive.search import indexing, keeping, passages, triggers
from archive.search.changes import Behind
from archive.search.index.building import AlreadyBuilding


class Command(BaseCommand):
    help = (
        "Build the index of the search on this node beside the live one, and switch to it. Searches go on meanwhile; it can be interrupted "
        "and run again. Example: python manage.py reindex --words"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--words", action="store_true", help="also write anew what every item is found by")
        parser.add_argument(
            "--new-log",
            action="store_true",
            help="let every node build anew: after rows were brought in by the database's own tools",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        triggers.install()
        if options["new_log"]:
            triggers.begin_anew()
        total = keeping.items()
        wanted = Item.objects.all() if options["words"] else indexing.stale()
        for done in indexing.refresh_all(wanted):
            self.stdout.write(_("The words of %(done)s items are written.") % {"done": done})
        passages.catch_up()

        def tell(done: int) -> None:
            if done % 10_000 == 0:
                self.stdout.write(_("%(done)s of %(all)s items are indexed.") % {"done": done, "all": total})

        try:
            count = keeping.build(Path(settings.SEARCH_DIR), tell)
        except AlreadyBuilding as error:
            raise CommandError(_("Another process is building the index of this node.")) from error
        except Behind as error:
            raise CommandError(_("The database is not prepared: run migrate first.")) from error
        self.stdout.write(_("%(done)s of %(all)s items are indexed.") % {"done": count, "all": max(total, count)})
