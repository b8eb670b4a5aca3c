"""What migrations put into a fresh archive, put back where tests with real transactions have flushed it."""

from __future__ import annotations

import importlib

from django.apps import apps

from archive.languages import of
from archive.models import RightsStatement


def put_back_statements() -> None:
    """The ready-made statements of rights."""
    made = importlib.import_module("archive.migrations.0012_statements_of_rights").STATEMENTS
    for position, (uri, slug, family, needs_origin, vi, en) in enumerate(made):
        told = {"slug": slug, "family": family, "requires_origin": needs_origin, "names": of(vi=vi, en=en)}
        RightsStatement.objects.get_or_create(uri=uri, defaults={**told, "position": position})


def put_back_roles() -> None:
    """The ready-made roles of the desk, with their rights."""
    importlib.import_module("archive.migrations.0003_roles_of_staff").make_roles(apps, None)
    for name in ("0008_roles_of_access", "0009_roles_of_consents", "0014_roles_of_the_desk"):
        importlib.import_module(f"archive.migrations.{name}").give(apps, None)
