"""The log is only ever added to: by its model, and by the database whoever asks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from access import audit, audit_sealing
from access.models import AuditEntry, AuditHead, User
from access.models.audit import LogIsAppendOnly

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
guards = import_module("access.migrations.0005_audit_is_append_only")


@pytest.fixture
def entry() -> AuditEntry:
    """One sealed entry of a person, and one that nobody sealed yet."""
    audit.record(actor=User.objects.create_user("thu-thu"), verb="create_item", target_pid="a", now=NOW)
    audit_sealing.seal()
    audit.record(actor=None, verb="create_item", target_pid="b", now=NOW)
    return AuditEntry.objects.get(target_pid="a")


@pytest.fixture
def guarded() -> None:
    """Put back the guards that tests do without, since they empty tables (tests/conftest.py)."""
    statements = guards.POSTGRESQL if connection.vendor == "postgresql" else guards.SQLITE
    with connection.cursor() as cursor:
        for statement in statements:
            if "_stays" in statement or "_full" in statement:
                cursor.execute(statement)


def refused(statement: str, *values: str | int) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values or None)
    except DatabaseError as error:
        return guards.REFUSAL in str(error)
    return False


@pytest.mark.parametrize("column", ["at", "actor_name", "verb", "target_pid", "detail", "reason", "before", "after"])
def test_the_database_refuses_to_change_what_an_entry_says(entry: AuditEntry, column: str) -> None:
    value = {"at": "2026-01-01 00:00:00+00:00", "detail": "{}", "before": "{}", "after": "{}"}.get(column, "x")
    statement = f'UPDATE access_auditentry SET "{column}" = %s'  # noqa: S608  # ours
    # Of `detail` the same value would be no change.
    value = '{"x": 1}' if column == "detail" else value

    for target in ("a", "b"):
        assert refused(f"{statement} WHERE target_pid = %s", value, target)


def test_the_database_refuses_another_place_digest_and_account_for_what_is_sealed(entry: AuditEntry) -> None:
    other = User.objects.create_user("thu-kho")

    assert refused("UPDATE access_auditentry SET sequence = 7 WHERE sequence = 1")
    assert refused("UPDATE access_auditentry SET sequence = NULL, digest = '' WHERE sequence = 1")
    assert refused("UPDATE access_auditentry SET digest = %s WHERE sequence = 1", "0" * 64)
    assert refused("UPDATE access_auditentry SET actor_id = %s", other.pk)
    assert audit_sealing.seal() == 1


def test_the_database_moves_the_end_of_the_chain_forward_only(entry: AuditEntry) -> None:
    for change in ("sequence = 0", "sequence = 1", "id = 2", "digest = ''"):
        assert refused(f"UPDATE access_audithead SET {change}")  # noqa: S608  # ours
    assert not refused("UPDATE access_audithead SET sequence = 2")


def test_the_database_refuses_to_remove_entries_and_the_end_of_the_chain(entry: AuditEntry, guarded: None) -> None:
    assert refused("DELETE FROM access_auditentry WHERE target_pid = 'b'")
    assert refused("DELETE FROM access_auditentry")
    assert refused("DELETE FROM access_audithead")
    if connection.vendor == "postgresql":
        # What is still to be checked at the end of this test's transaction would keep PostgreSQL from asking our guard.
        connection.check_constraints()
        assert refused("TRUNCATE access_auditentry")
        assert refused("TRUNCATE access_audithead")
    assert (AuditEntry.objects.count(), AuditHead.objects.count()) == (2, 1)


def test_an_account_may_go_and_its_name_stays(entry: AuditEntry, guarded: None) -> None:
    User.objects.filter(username="thu-thu").delete()

    entry.refresh_from_db()
    assert (entry.actor_id, entry.actor_name) == (None, "thu-thu")


def test_an_archive_without_a_log_may_be_filled_from_a_backup(guarded: None) -> None:
    """Restoring empties every table before it fills it."""
    AuditHead.objects.create(pk=1)

    assert not refused("DELETE FROM access_auditentry")
    assert not refused("DELETE FROM access_audithead")


CHANGES: dict[str, Callable[[AuditEntry], object]] = {
    "save": lambda entry: entry.save(),
    "save fields": lambda entry: entry.save(update_fields=["reason"]),
    "delete": lambda entry: entry.delete(),
    "update all": lambda entry: AuditEntry.objects.update(reason="x"),
    "update some": lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(reason="x"),
    "delete all": lambda entry: AuditEntry.objects.all().delete(),
    "bulk": lambda entry: AuditEntry.objects.bulk_update([entry], ["reason"]),
    "update or create": lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"reason": "x"}),
}


@pytest.mark.parametrize("way", CHANGES)
def test_the_model_refuses_to_change_and_remove_entries(entry: AuditEntry, way: str) -> None:
    with pytest.raises(LogIsAppendOnly):
        CHANGES[way](entry)

    assert AuditEntry.objects.count() == 2


def test_what_databases_write_in_different_ways_is_not_taken_into_the_log() -> None:
    for detail in ({"a": 1.5}, {"a": [{"b": 0.1}]}, {"a": {1: "b"}}):
        with pytest.raises(TypeError):
            audit.record(actor=None, verb="x", target_pid="", now=NOW, detail=detail)
    assert not AuditEntry.objects.exists()
