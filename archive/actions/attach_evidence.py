"""Add the file that proves a consent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.languages import canonical
from archive.models import ConsentRecord
from media_pipeline import intakes
from media_pipeline.models import Intake


@dataclass(frozen=True)
class Evidence:
    """The file that proves it."""

    name: str
    size_bytes: int
    pieces: Iterable[bytes]


def attach_evidence(record: ConsentRecord, evidence: Evidence, *, actor: User | None, now: datetime) -> None:
    """Add the proof to a consent that has none, or whose file was refused. Raises NotAllowed, ActionRefused("evidence_is_there"),
    intakes.IntakeError."""
    require(actor, "archive.add_consentrecord")
    intake = take_in(evidence, now=now)
    with transaction.atomic():
        intake = held(intake)
        row = ConsentRecord.objects.select_for_update(of=("self",)).select_related("evidence_intake").get(pk=record.pk)
        if not wants_evidence(row):
            raise ActionRefused("evidence_is_there")
        ConsentRecord.objects.filter(pk=row.pk).update(evidence_intake=intake, evidence_master=intake.master)
        audit.record(actor=actor, verb="attach_evidence", target_pid=row.pid, now=now)
    record.refresh_from_db()


def wants_evidence(record: ConsentRecord) -> bool:
    """Return whether a proof may still be added: it is never exchanged."""
    intake = record.evidence_intake
    refused = intake is not None and intake.state in {Intake.State.REFUSED, Intake.State.EXPIRED}
    return record.evidence_master_id is None and (intake is None or refused)


def take_in(evidence: Evidence, *, now: datetime) -> Intake:
    """Return the received intake of a file that is kept and never shown."""
    intake = intakes.begin(
        original_name=canonical(evidence.name), size_bytes=evidence.size_bytes, now=now, keep_only=True
    )
    intakes.append(intake, 0, evidence.pieces, now=now)
    return intake


def held(intake: Intake) -> Intake:
    """Return the intake, held: a worker that stores it just now has done so, and we read its master, or waits and then sees our row."""
    return Intake.objects.select_for_update(of=("self",), no_key=True).select_related("master").get(pk=intake.pk)
