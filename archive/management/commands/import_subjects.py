"""Take subjects in from a SKOS file. Example: python manage.py import_subjects tu-khoa.ttl --scheme btk --check"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.skos.concepts import BASE
from archive.skos.merging import take_in
from archive.skos.reading import BYTES_MOST, FORMATS, SkosError, read

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: Mapping[str, StrPromise] = {
    "large": gettext_lazy("The file is larger than 50 MB."),
    "encoding": gettext_lazy("The file is not written in UTF-8."),
    "entities": gettext_lazy("The file declares a document type or entities. Save it without them."),
    "unreadable": gettext_lazy("The file cannot be read as what its name says."),
    "many": gettext_lazy("There are more than 100,000 concepts in the file."),
    "nothing": gettext_lazy("There is no concept in the file."),
    "unnamed": gettext_lazy("it has no preferred label"),
    "cycle": gettext_lazy("a tie was left out: it would put it above itself"),
}


class Command(BaseCommand):
    help = (
        "Take subjects in from a SKOS file, Turtle (.ttl) or RDF/XML (.rdf, .xml): new ones are made, known ones get what the file says "
        "more or otherwise, nothing is taken away. Running it again changes nothing. "
        "Example: python manage.py import_subjects tu-khoa.ttl --scheme btk --check"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--scheme", default="", help="the scheme of all of them (else as the file says)")
        parser.add_argument("--base", default=BASE, metavar="URI", help=f"what our own addresses begin with ({BASE})")
        parser.add_argument("--check", action="store_true", help="only say what would be done, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        path: Path = options["file"]
        form = FORMATS.get(path.suffix.lower())
        if form is None:
            raise CommandError(_("The name of the file ends in “.ttl”, “.rdf” or “.xml”."))
        try:
            with path.open("rb") as file:
                concepts = read(file.read(BYTES_MOST + 1), form)
        except OSError as error:
            raise CommandError(_("The file cannot be opened.")) from error
        except SkosError as error:
            raise CommandError(f"{SENTENCES[error.code]} {error.detail}".strip()) from error
        with transaction.atomic():
            report = take_in(concepts, actor=None, now=timezone.now(), base=options["base"], scheme=options["scheme"])
            if options["check"]:
                transaction.set_rollback(True)
        for sign, names in (("+", report.made), ("~", report.changed)):
            for name in names:
                self.stdout.write(f"{sign} {name}")
        for uri, code in report.skipped:
            self.stdout.write(f"! {uri}: {SENTENCES[code]}")
        self.stdout.write(
            _("%(made)s made, %(changed)s changed, %(unchanged)s as they were.")
            % {"made": len(report.made), "changed": len(report.changed), "unchanged": len(report.unchanged)}
        )
        if options["check"]:
            self.stdout.write(_("Nothing was written."))
