"""Triggers that are missing, as in an archive of an earlier version: told, and made by the next migrate."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

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


def test_places_cost_what_they_are_though_the_database_counted_its_tables_while_they_were_filled() -> None:
    """PostgreSQL counts committed rows: in the middle of a load it takes the tables for empty, and all ways through them for equal."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite chooses by what its indexes are, not by figures of the tables")
    # Not that of items' places: were it known to be empty, nothing else would be looked at.
    tables = [one._meta.db_table for one in (Place, PlaceParent, PlaceSuccession)]
    with transaction.atomic():
        province, *districts = made_places("district", 5)
        PlaceParent.objects.bulk_create(PlaceParent(child=one, parent=province) for one in districts)
        communes = made_places("commune", 9)
        late = communes.pop()
        PlaceParent.objects.bulk_create(
            PlaceParent(child=one, parent=districts[number % 4]) for number, one in enumerate(communes)
        )
        with another_session() as other:
            for table in tables:
                other.execute(f"ANALYZE {table}")  # type: ignore[arg-type]  # our own tables
        before = rows_read(PlaceParent)
        PlaceSuccession.objects.create(before=late, after=communes[0], on_date="2025-07-01")
        read = rows_read(PlaceParent) - before

    # Each of eight levels may read the whole table; none may read it for every row of another.
    assert read < 8 * (len(districts) + len(communes))


def made_places(kind: str, number: int) -> list[Place]:
    return Place.objects.bulk_create(Place(slug=f"{kind}-{one}", kind=kind) for one in range(number))


def rows_read(model: type[Model]) -> int:
    """Return how many entries of a table and of its indexes this transaction has looked at by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_stat_get_xact_tuples_returned(one)) FROM "
            "(SELECT %s::regclass::oid UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass) AS every(one)",
            [model._meta.db_table] * 2,
        )
        return int(cursor.fetchone()[0])


def another_session() -> psycopg.Connection[Any]:
    """Return a connection of its own to the database of the tests."""
    return psycopg.connect(
        connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"], autocommit=True
    )
