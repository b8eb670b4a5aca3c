"""Open the evidence of a consent: each time is written down."""

from __future__ import annotations

from datetime import datetime

from access import audit
from access.models import User
from archive.actions.permissions import require
from archive.models import ConsentRecord


def read_evidence(record: ConsentRecord, *, actor: User | None, now: datetime) -> None:
    """Write down that somebody is about to be sent the evidence. Raises NotAllowed: then nothing is to be sent."""
    require(actor, "archive.read_evidence")
    audit.record(actor=actor, verb="read_evidence", target_pid=record.pid, now=now)
