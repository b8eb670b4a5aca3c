"""Write the administrative units of the province. Example: python manage.py load_places"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from archive import gazetteer


class Command(BaseCommand):
    help = (
        "Write the communes, wards and special zone of the province since 1 July 2025, and the former provinces, districts, "
        "communes, wards and townships with what became of them. Needs no network. Running it again changes nothing. "
        "Example: python manage.py load_places"
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        names = gazetteer.load()
        self.stdout.write(_("%(count)s administrative units are in the list of places.") % {"count": len(names)})
