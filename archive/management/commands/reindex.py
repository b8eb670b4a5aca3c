"""Rebuild the search table. Example: python manage.py reindex"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from archive.models import Item
from archive.search import indexing, passages


class Command(BaseCommand):
    help = (
        "Rebuild the search entries of all items; can be interrupted and run again. Example: python manage.py reindex"
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        total = Item.objects.count()
        for done in indexing.refresh_all(Item.objects.all()):
            self.stdout.write(_("%(done)s of %(all)s items are indexed.") % {"done": done, "all": total})
        passages.catch_up()
