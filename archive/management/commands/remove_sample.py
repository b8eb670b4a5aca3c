"""Take the sample collection away. Example: python manage.py remove_sample"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.sample import removal


class Command(BaseCommand):
    help = (
        "Remove every sample item with its files, what was made of them, and the headings and places that only the "
        "sample used. Real items and their files stay. Can be interrupted and run again. "
        "Example: python manage.py remove_sample"
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        count = 0
        for identifier in removal.remove(now=timezone.now()):
            count += 1
            self.stdout.write(_("removed %(identifier)s") % {"identifier": identifier})
        self.stdout.write(
            ngettext("%(count)s sample item is gone.", "%(count)s sample items are gone.", count) % {"count": count}
        )
