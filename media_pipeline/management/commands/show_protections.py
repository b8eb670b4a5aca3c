"""Say which walls stand around decoders on this machine. Example: python manage.py show_protections"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from media_pipeline.sandbox import Protections, protections


class Command(BaseCommand):
    help = (
        "Start a decoder's child that tries what is forbidden, and say what holds: no network, no other files, no other programs. "
        "Example: python manage.py show_protections"
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        found = protections()
        way = "bubblewrap" if found.bubblewrap else _("the kernel alone")
        if found.complete:
            self.stdout.write(_("Received files are read behind walls (%(way)s): all of them hold.") % {"way": way})
            return
        missing = ", ".join(
            one.name for one in fields(Protections) if one.name != "bubblewrap" and not getattr(found, one.name)
        )
        self.stdout.write(
            _("Received files are read behind walls (%(way)s), but some are missing: %(missing)s.")
            % {"way": way, "missing": missing}
        )
