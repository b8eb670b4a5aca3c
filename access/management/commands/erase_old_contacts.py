"""Erase names and contacts of old requests. Example: python manage.py erase_old_contacts"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actions.erase_contacts import erase_old_contacts


class Command(BaseCommand):
    help = (
        "Erase who asked, and how to reach them, of requests that were decided 90 days ago or more; the workers do it each hour by "
        "themselves. Example: python manage.py erase_old_contacts"
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        erased = erase_old_contacts(now=timezone.now())
        self.stdout.write(_("Names and contacts of %(count)s requests were erased.") % {"count": erased})
