"""Triggers that are missing, as in an archive of an earlier version: told, and made by the next migrate."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection, transaction

from archive import row_triggers
from archive.models import ItemPlace, Place, PlaceParent, PlaceSuccession
from archive.search import triggers as of_the_search
from interop.oai import triggers as of_harvesting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("module", [of_harvesting, of_the_search], ids=["harvesting", "search"])
def test_an_archive_that_lacks_triggers_says_so_and_is_migrated(module: object) -> None:
    name, table = next(iter(row_triggers.there(module.PREFIX).items()))  # type: ignore[attr-defined]  # both modules have it
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))

    told = [found.id for found in run_checks(databases=["default"]) if found.id in {"oai.W001", "archive.W002"}]
    call_command("migrate", verbosity=0, skip_checks=False)

    assert told
    assert module.missing() == []  # type: ignore[attr-defined]  # as above


def test_places_are_looked_up_by_indexes_however_small_the_database_takes_them_for() -> None:
    """A first load fills tables that were empty when its statements were planned."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite chooses by what its indexes are, not by figures of the tables")
    before, after = (Place.objects.create(slug=slug, kind="commune") for slug in ("xa-cu", "xa-moi"))

    with transaction.atomic():
        PlaceParent.objects.create(child=before, parent=after)
        PlaceSuccession.objects.create(before=before, after=after, on_date="2025-07-01")

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
                [[one._meta.db_table for one in (PlaceParent, PlaceSuccession, ItemPlace)]],
            )
            assert dict(cursor.fetchall()) == {
                "archive_itemplace": 0,
                "archive_placeparent": 0,
                "archive_placesuccession": 0,
            }
