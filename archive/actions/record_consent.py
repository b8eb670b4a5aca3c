"""Record what a person or a community allowed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from access import audit
from access.models import Community, User
from archive import consents
from archive.actions.attach_evidence import Evidence, held, take_in
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require
from archive.languages import canonical
from archive.models import Agent, ConsentRecord, ConsentScope, Item


@dataclass(frozen=True)
class Given:
    """What was allowed, by whom, and how. Exactly one of `agent`, `person_name` and `community` gives it."""

    items: Sequence[Item]
    scopes: Collection[str]
    method: str
    given_on: date
    agent: Agent | None = None
    person_name: str = ""
    community: Community | None = None
    is_child: bool = False
    guardian: str = ""
    valid_until: date | None = None
    language: str = ""
    witness: str = ""
    note: str = ""


def fault_of(given: Given, *, now: datetime) -> str:
    """Return why this cannot be recorded, as a code; empty when it can."""
    return consents.fault(
        somebody=(given.agent, given.person_name.strip(), given.community),
        has_items=bool(given.items),
        scopes=given.scopes,
        known_scopes=ConsentScope.values,
        given_on=given.given_on,
        valid_until=given.valid_until,
        is_child=given.is_child,
        guardian=given.guardian,
        today=timezone.localdate(now),
    )


def record_consent(
    given: Given, *, actor: User | None, now: datetime, evidence: Evidence | None = None
) -> ConsentRecord:
    """Return the new record, its evidence on the way to the store.

    What is recorded is never changed: a wrong one is withdrawn, with a reason, and recorded anew. The caller has seen that the actor may
    see the items. Raises NotAllowed, ActionRefused with a code of `consents.fault`, intakes.IntakeError (no_space).
    """
    require(actor, "archive.add_consentrecord")
    if code := fault_of(given, now=now):
        raise ActionRefused(code)
    # Outside of our transaction where there is no larger one: writing a file takes longer than others should wait for the database.
    intake = None if evidence is None else take_in(evidence, now=now)
    with transaction.atomic():
        if intake is not None:
            intake = held(intake)
        record = ConsentRecord.objects.create(
            agent=given.agent,
            person_name=canonical(given.person_name).strip(),
            community=given.community,
            is_child=given.is_child,
            guardian=canonical(given.guardian).strip(),
            # In the order in which they are offered.
            scopes=[scope for scope in ConsentScope.values if scope in given.scopes],
            language=given.language,
            method=given.method,
            evidence_intake=intake,
            evidence_master=intake.master if intake else None,
            given_on=given.given_on,
            valid_until=given.valid_until,
            witness=canonical(given.witness).strip(),
            note=given.note,
            recorded_by=actor,
            recorded_at=now,
        )
        record.items.set(given.items)
        audit.record(
            actor=actor,
            verb="record_consent",
            target_pid=record.pid,
            now=now,
            detail={"items": sorted(item.pid for item in given.items)},
            after={
                "scopes": record.scopes,
                "given_on": given.given_on.isoformat(),
                "valid_until": given.valid_until.isoformat() if given.valid_until else None,
                "evidence": intake is not None,
            },
        )
    return record
