"""Ask something of the library or of the stewards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit, petitions
from access.clocks import Calendar
from access.models import Community, Petition, Protocol, User
from access.petitions import PetitionRefused


@dataclass(frozen=True)
class Asked:
    """What somebody asks. `target_pid` is opaque here; `protocols` are the pids of those whose stewards decide."""

    kind: str
    text: str
    asker: User | None = None
    name: str = ""
    contact: str = ""
    target_pid: str = ""
    community: Community | None = None
    protocols: Collection[str] = ()
    address_digest: str = ""


def ask(asked: Asked, *, now: datetime, calendar: Calendar, hides_target: bool = False) -> Petition:
    """Put a request into the inbox, with its clocks. Anybody may ask. About eight queries.

    Raises PetitionRefused("no_reasons", "no_contact", "unreadable", "sign_in", "already_asked", "too_many").
    """
    _require_words(asked)
    with transaction.atomic():
        if asked.asker is not None:
            # Two clicks at once are one request: the second waits here and finds the first.
            User.objects.select_for_update(no_key=True).get(pk=asked.asker.pk)
        _require_room(asked, now=now)
        petition = Petition.objects.create(
            kind=asked.kind,
            asker=asked.asker,
            asker_name=asked.name.strip(),
            contact=asked.contact.strip(),
            target_pid=asked.target_pid,
            community=asked.community,
            text=asked.text.strip(),
            received_at=now,
            acknowledge_by=calendar.acknowledge_by(now),
            act_by=calendar.act_by(asked.kind, now),
            hid_target=hides_target,
            address_digest=asked.address_digest,
        )
        petition.protocols.set(Protocol.objects.filter(pid__in=asked.protocols))
        detail = {"kind": asked.kind, "hid": hides_target}
        audit.record(
            actor=asked.asker,
            verb="ask",
            target_pid=petition.pid,
            now=now,
            detail=detail,
            is_visitor=asked.asker is None,
        )
    return petition


def _require_words(asked: Asked) -> None:
    if any("\x00" in text for text in (asked.text, asked.name, asked.contact)):
        raise PetitionRefused("unreadable")
    if not asked.text.strip():
        raise PetitionRefused("no_reasons")
    if asked.asker is None and asked.kind in petitions.NEEDS_ACCOUNT:
        raise PetitionRefused("sign_in")
    if asked.asker is None and not asked.contact.strip():
        raise PetitionRefused("no_contact")


def _require_room(asked: Asked, *, now: datetime) -> None:
    since = now - petitions.DAY
    if asked.asker is not None:
        asker = asked.asker.pk
        same = Petition.objects.filter(
            asker_id=asker, kind=asked.kind, target_pid=asked.target_pid, community=asked.community
        )
        if same.filter(state__in=Petition.PENDING).exists():
            raise PetitionRefused("already_asked")
        if petitions.came_in(since=since, asker_id=asker) >= petitions.ASKED_MOST_BY_ACCOUNT:
            raise PetitionRefused("too_many")
    elif petitions.came_in(since=since, address_digest=asked.address_digest) >= petitions.ASKED_MOST_FROM_ADDRESS:
        raise PetitionRefused("too_many")
