"""Load the sample collection. Example: python manage.py load_sample --sample small"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive import gazetteer
from archive.models import Item
from archive.sample import catalogue, exhibit, loading
from media_pipeline.sizes import format_size

FIRST_WAIT_S = 45.0


class Command(BaseCommand):
    help = (
        "Load the sample collection: made-up items, marked as such, whose files are made here and sent through the same "
        "door as any upload. One item of each kind comes first. Can be interrupted and run again. "
        "Example: python manage.py load_sample --sample small"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sample",
            "--size",
            dest="size",
            choices=("small", "full"),
            default="full",
            help="small: one item of each kind; full: all sixty (default)",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        small, every = catalogue.items("small"), catalogue.items(options["size"])
        gazetteer.load()
        first = self._load(every[: len(small)], done=0, total=len(every))
        if len(every) > len(small):
            loading.wait_until_settled(first, at_most_s=FIRST_WAIT_S)
        self._load(every[len(small) :], done=len(small), total=len(every))
        exhibit.show(now=timezone.now())
        self.stdout.write(_("The sample is here. Its files are shown as soon as the worker has finished them."))

    def _load(self, samples: tuple[catalogue.SampleItem, ...], *, done: int, total: int) -> list[Item]:
        items = []
        for number, loaded in enumerate(loading.load(samples), start=done + 1):
            items.append(loaded.item)
            size = format_size(loaded.sent_bytes, get_language() or "en")
            told = _("already here") if loaded.was_here else f"{size}, {number_format(loaded.seconds, 1)} s"
            self.stdout.write(f"[{number:2}/{total}] {loaded.sample.identifier} {loaded.sample.titles['vi']}: {told}")
            self.stdout.flush()
        return items
