"""Answer a request: acknowledge it, fulfil or refuse it, withdraw what was granted, or take it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from access.actions.break_glass import end_break_glass
from access.actions.give_grants import give_grants, withdraw_grants
from access.actions.let_join import let_join
from access.actions.settle_petition import settle
from access.models import Petition, User
from access.petitions import HIDING_KINDS, PetitionRefused
from access.viewer import viewer_for
from archive import petition_rights
from archive.actions.suspend_item import resume_item, take_down_item
from archive.models import Item
from archive.petition_rights import Decider

Kind, State = Petition.Kind, Petition.State


def acknowledge(petition: Petition, *, actor: User, now: datetime) -> Petition:
    """Tell who asks that somebody reads it; a notice is seen by it. Raises PetitionRefused("not_allowed", "settled")."""
    who = _reader(petition, actor, now=now)
    if not petition_rights.may_acknowledge(who, petition):
        raise PetitionRefused("not_allowed")
    state = State.SEEN if petition.kind == Kind.NOTICE else State.ACKNOWLEDGED
    return settle(petition, state, actor=actor, now=now)


def grant(
    petition: Petition,
    *,
    actor: User,
    now: datetime,
    answer: str = "",
    valid_until: datetime | None = None,
    targets: Collection[str] = (),
) -> Petition:
    """Fulfil a request, with all that follows: files opened for a time, a membership, an item withdrawn.

    `targets`: pids of what is opened, of a request to see. All of it is one transaction of about thirty queries. Raises
    PetitionRefused("not_allowed", "settled", "no_files", "no_account", "gone", "blocked", "past_end", "unreadable").
    """
    with transaction.atomic():
        who = _reader(petition, actor, now=now)
        if not petition_rights.may_grant(who, petition):
            raise PetitionRefused("not_allowed")
        after: dict[str, object] = {"until": None if valid_until is None else valid_until.isoformat()}
        if petition.kind == Kind.ACCESS:
            after["opened"] = _open(who, petition, targets, now=now, valid_until=valid_until)
        elif petition.kind == Kind.JOINING:
            member = let_join(petition, actor=actor, now=now, valid_until=valid_until)
            after |= {"account": member.user_id, "community": member.community.pid, "role": member.role}
        settled = settle(petition, State.GRANTED, actor=actor, now=now, answer=answer, after=after)
        item = _item(petition)
        if petition.kind in HIDING_KINDS and item is not None:
            take_down_item(item, petition=settled, actor=actor, now=now)
    return settled


def refuse(petition: Petition, *, actor: User, now: datetime, answer: str) -> Petition:
    """Refuse a request with an answer; what it hid is shown again. Raises PetitionRefused("not_allowed", "settled", "no_answer",
    "unreadable")."""
    with transaction.atomic():
        who = _reader(petition, actor, now=now)
        if not petition_rights.may_refuse(who, petition):
            raise PetitionRefused("not_allowed")
        if not answer.strip():
            raise PetitionRefused("no_answer")
        settled = settle(petition, State.REFUSED, actor=actor, now=now, answer=answer)
        _show_again(settled, actor=actor, now=now)
    return settled


def revoke(petition: Petition, *, actor: User, now: datetime, answer: str = "") -> Petition:
    """Close what a request to see something opened, with the next request of who asked. Closing takes no more than reading the inbox.

    Raises PetitionRefused("not_allowed", "settled", "unreadable").
    """
    with transaction.atomic():
        _reader(petition, actor, now=now)
        if petition.kind != Kind.ACCESS:
            raise PetitionRefused("not_allowed")
        ended = withdraw_grants(petition, now=now)
        return settle(petition, State.REVOKED, actor=actor, now=now, answer=answer, after={"closed": ended})


def end_emergency(petition: Petition, *, actor: User, now: datetime, answer: str = "") -> Petition:
    """Close at once what an administrator opened in an emergency; the notice is seen by it, where somebody else does so.

    Raises PetitionRefused("not_allowed", "settled", "unreadable").
    """
    with transaction.atomic():
        who = _reader(petition, actor, now=now)
        if petition.kind != Kind.NOTICE:
            raise PetitionRefused("not_allowed")
        if not end_break_glass(petition, actor=actor, now=now, reason=answer):
            raise PetitionRefused("settled")
        if petition.is_pending and petition_rights.may_acknowledge(who, petition):
            return settle(petition, State.SEEN, actor=actor, now=now, answer=answer)
    return petition


def retract(petition: Petition, *, by: User | None, now: datetime) -> Petition:
    """Take back what one has asked oneself (`by` None: who holds the signed address); what it hid is shown again.

    Raises PetitionRefused("not_allowed", "settled").
    """
    if petition.asker_id != (by.pk if by else None) or petition.kind == Kind.NOTICE:
        raise PetitionRefused("not_allowed")
    with transaction.atomic():
        settled = settle(petition, State.RETRACTED, actor=by, now=now)
        _show_again(settled, actor=by, now=now)
    return settled


def _reader(petition: Petition, actor: User, *, now: datetime) -> Decider:
    """Return who decides; raise PetitionRefused("not_allowed") unless the request is in their inbox."""
    who = petition_rights.decider(actor, now=now)
    found = petition_rights.inbox(who, viewer_for(actor, now=now)).filter(pk=petition.pk)
    if not actor.is_active or not found.exists():
        raise PetitionRefused("not_allowed")
    return who


def _open(
    who: Decider, petition: Petition, targets: Collection[str], *, now: datetime, valid_until: datetime | None
) -> list[str]:
    closed = {one.pid: one for one in petition_rights.closed_to_asker(who, petition, now=now)}
    if any(pid not in closed for pid in targets):
        raise PetitionRefused("gone")
    if not all(closed[pid].may_open for pid in targets):
        raise PetitionRefused("not_allowed")
    given = give_grants(petition, targets, actor=who.user, now=now, valid_until=valid_until)
    return [one.target_pid for one in given]


def _show_again(petition: Petition, *, actor: User | None, now: datetime) -> None:
    item = _item(petition)
    if petition.hid_target and item is not None:
        resume_item(item, petition=petition, actor=actor, now=now)


def _item(petition: Petition) -> Item | None:
    return Item.objects.filter(pid=petition.target_pid).first() if petition.target_pid else None
