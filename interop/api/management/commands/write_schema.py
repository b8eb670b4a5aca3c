"""Write the API's OpenAPI document to docs/reference/openapi.yaml."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from interop.api.schema import as_yaml, neutral_document

TARGET = Path("docs") / "reference" / "openapi.yaml"


class Command(BaseCommand):
    help = "Write the OpenAPI document of the API to docs/reference/openapi.yaml. Example: manage.py write_schema"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / TARGET, help="another file to write")

    def handle(self, *_args: Any, **options: Any) -> None:  # Any: as in Django
        target: Path = options["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(as_yaml(neutral_document()))
        self.stdout.write(f"Wrote {target}.")
