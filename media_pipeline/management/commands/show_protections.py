"""Say which walls stand around decoders on this machine. Example: python manage.py show_protections"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from media_pipeline.protection_report import sentence
from media_pipeline.sandbox import protections


class Command(BaseCommand):
    help = (
        "Start a decoder's child that tries what is forbidden, and say what holds: no network, no other files, no other programs. "
        "Example: python manage.py show_protections"
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        self.stdout.write(sentence(protections()))
