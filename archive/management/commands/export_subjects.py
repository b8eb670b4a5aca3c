"""Write the subjects as SKOS. Example: python manage.py export_subjects chu-de.ttl --scheme local"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.models import Subject
from archive.skos.concepts import BASE
from archive.skos.reading import FORMATS
from archive.skos.writing import graph_of


class Command(BaseCommand):
    help = (
        "Write the subjects with their labels, notes, notations, ties and matches as SKOS: Turtle (.ttl) or RDF/XML (.rdf, .xml). "
        "Example: python manage.py export_subjects chu-de.ttl --scheme local"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--scheme", default="", help="only the subjects of this scheme")
        parser.add_argument("--base", default=BASE, metavar="URI", help=f"what their addresses begin with ({BASE})")
        parser.add_argument(
            "--hidden",
            action="store_true",
            help="with hidden labels: offensive words of old sources, for another catalogue that never shows them",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        path: Path = options["file"]
        form = FORMATS.get(path.suffix.lower())
        if form is None:
            raise CommandError(_("The name of the file ends in “.ttl”, “.rdf” or “.xml”."))
        subjects = Subject.objects.prefetch_related("broader", "related").order_by("slug", "pk")
        chosen = list(subjects.filter(scheme=options["scheme"]) if options["scheme"] else subjects)
        graph = graph_of(chosen, base=options["base"], with_hidden=options["hidden"])
        path.write_bytes(graph.serialize(format=form, encoding="utf-8"))
        count = len(chosen)
        self.stdout.write(
            ngettext("%(count)s subject written.", "%(count)s subjects written.", count) % {"count": count}
        )
