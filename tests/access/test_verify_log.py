"""`manage.py verify_log`: what it says, and its exit status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.translation import override

from access import audit, audit_sealing
from access.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)


@pytest.fixture
def log() -> None:
    for number in range(5):
        audit.record(actor=None, verb="create_item", target_pid=f"pid{number}", now=NOW + timedelta(minutes=number))


def verified(*arguments: str) -> str:
    out = StringIO()
    with override("en"):
        call_command("verify_log", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as raised:
        verified(*arguments)
    return str(raised.value)


def tampered(statement: str) -> None:
    """As the owner of the database, who can put its guards away."""
    where = " ON access_auditentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER access_auditentry_unchanged{where}")
        cursor.execute(statement)


def test_a_whole_log_is_sealed_verified_and_its_end_printed_for_paper(log: None) -> None:
    said = verified()

    digest = AuditEntry.objects.get(sequence=5).digest
    assert "The log is whole: 5 entries." in said
    assert "entry 5, " + " ".join(digest[start : start + 8] for start in range(0, 64, 8)) in said


def test_an_empty_log_is_whole() -> None:
    assert "0 entries" in verified()


def test_what_was_written_down_is_found_in_its_place_or_the_command_fails(log: None) -> None:
    verified()
    written = AuditEntry.objects.get(sequence=3).digest

    assert "What was written down is entry 3." in verified("--expect", f"{written[:8]} {written[8:40]}")
    assert "not in this log" in refused("--expect", "0" * 64)


def test_the_first_wrong_entry_is_named_with_who_and_what(log: None) -> None:
    audit_sealing.seal()
    tampered("UPDATE access_auditentry SET target_pid = 'other' WHERE sequence IN (2, 4)")

    said = refused()

    assert "Entry 2 is not what was written" in said
    assert "2026-03-14 15:01 system" in said
    assert "2 faults in all" in said


def test_what_is_missing_is_named(log: None) -> None:
    audit_sealing.seal()
    tampered("DELETE FROM access_auditentry WHERE sequence = 3")
    assert "Entry 3 is missing." in refused()


def test_a_cut_at_the_end_is_named(log: None) -> None:
    audit_sealing.seal()
    tampered("DELETE FROM access_auditentry WHERE sequence > 3")
    assert "Entry 4 and what came after it are missing at the end. 2 faults in all." in refused()


def test_an_entry_that_was_slipped_in_with_an_old_date_is_pointed_at(log: None) -> None:
    audit_sealing.seal()
    audit.record(actor=None, verb="create_item", target_pid="late", now=NOW - timedelta(days=30))

    said = verified()

    assert "1 entry tells of more than a day before its neighbours: look at it (6)." in said
    assert "The log is whole: 6 entries." in said
