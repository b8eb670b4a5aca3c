"""Bring a request forward: acknowledged, decided, taken back. Who may is known by the app above, which knows what it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from access import audit
from access.models import Petition, User
from access.petitions import PetitionRefused

State = Petition.State
VERBS: Mapping[str, str] = {
    State.ACKNOWLEDGED: "acknowledge_petition",
    State.GRANTED: "grant_petition",
    State.REFUSED: "refuse_petition",
    State.RETRACTED: "retract_petition",
    State.REVOKED: "revoke_petition",
    State.SEEN: "see_notice",
}
SOURCES: Mapping[str, Collection[str]] = {
    State.ACKNOWLEDGED: (State.OPEN,),
    State.GRANTED: Petition.PENDING,
    State.REFUSED: Petition.PENDING,
    State.RETRACTED: Petition.PENDING,
    State.REVOKED: (State.GRANTED,),
    State.SEEN: Petition.PENDING,
}


def settle(
    petition: Petition,
    state: str,
    *,
    actor: User | None,
    now: datetime,
    answer: str = "",
    after: Mapping[str, object] | None = None,
) -> Petition:
    """Move a request to its next state and write what it changed into the log (`after`: identifiers and dates). Three queries.

    Called inside the transaction of an action that has checked the right; who comes second there is refused. Raises
    PetitionRefused("settled", "unreadable").
    """
    if "\x00" in answer:
        raise PetitionRefused("unreadable")
    changes: dict[str, object] = {"state": state}
    if state == State.ACKNOWLEDGED:
        changes["acknowledged_at"] = now
    elif state != State.REVOKED:
        changes |= {"decided_at": now, "decided_by": None if state == State.RETRACTED else actor}
    if answer.strip():
        changes["answer"] = answer.strip()
    with transaction.atomic():
        before = Petition.objects.select_for_update(of=("self",), no_key=True).get(pk=petition.pk).state
        if before not in SOURCES[state]:
            raise PetitionRefused("settled")
        Petition.objects.filter(pk=petition.pk).update(**changes)
        audit.record(
            actor=actor,
            verb=VERBS[state],
            target_pid=petition.pid,
            now=now,
            detail={"kind": petition.kind},
            reason=answer.strip(),
            before={"state": before},
            after={"state": state, **(after or {})},
        )
    petition.refresh_from_db()
    return petition
