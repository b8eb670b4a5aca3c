"""Make a protocol, change it, lock it in an emergency, unlock it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.rights import is_administrator, manages, may_in
from access.models import Community, Protocol, User
from access.roles import Ability
from access.signals import protocol_changing


@dataclass(frozen=True)
class ProtocolFacts:
    """What is said of a protocol, and whose it is."""

    name: str
    communities: Sequence[Community]
    description: str = ""
    is_open: bool = False


def make_protocol(facts: ProtocolFacts, *, actor: User | None, reason: str = "", now: datetime) -> Protocol:
    """Return a new protocol without members, made by a manager of each of its communities or by an administrator.

    Raises NotAllowed, ActionRefused("no_community").
    """
    _require_communities(facts.communities, actor, now=now)
    with transaction.atomic():
        protocol = Protocol.objects.create(name=facts.name, description=facts.description, is_open=facts.is_open)
        protocol.communities.set(facts.communities)
        audit.record(
            actor=actor, verb="make_protocol", target_pid=protocol.pid, now=now, reason=reason, after=_told(protocol)
        )
    return protocol


def change_protocol(
    protocol: Protocol, facts: ProtocolFacts, *, actor: User | None, reason: str = "", now: datetime
) -> Protocol:
    """Write what a steward says of a protocol. Opening it, or giving it to other communities, changes who sees what: an administrator may
    not. To a community that is named newly it is given by one of that community's managers, too. Raises NotAllowed,
    ActionRefused("no_community")."""
    if not may_in(actor, Ability.MANAGE_SETTINGS, protocol, now=now):
        raise NotAllowed
    with transaction.atomic():
        held = Protocol.objects.select_for_update(no_key=True).get(pk=protocol.pk)
        present = set(held.communities.values_list("pk", flat=True))
        if not facts.communities:
            raise ActionRefused("no_community")
        _require_communities([one for one in facts.communities if one.pk not in present] or None, actor, now=now)
        before = _told(held)
        if facts.is_open != held.is_open or {one.pk for one in facts.communities} != present:
            protocol_changing.send(Protocol, pid=held.pid, now=now)
        held.name, held.description, held.is_open = facts.name, facts.description, facts.is_open
        held.save(update_fields=["name", "description", "is_open"])
        held.communities.set(facts.communities)
        audit.record(
            actor=actor,
            verb="change_protocol",
            target_pid=held.pid,
            now=now,
            reason=reason,
            before=before,
            after=_told(held),
        )
    protocol.refresh_from_db()
    return protocol


def lock_protocol(protocol: Protocol, *, actor: User | None, reason: str, now: datetime) -> Protocol:
    """Close at once what the protocol protects to everybody but its stewards: one of them may, or an administrator. Raises NotAllowed."""
    if not is_administrator(actor) and not may_in(actor, Ability.MANAGE_SETTINGS, protocol, now=now):
        raise NotAllowed
    return _set_lock(protocol, True, actor=actor, reason=reason, now=now)


def unlock_protocol(protocol: Protocol, *, actor: User | None, reason: str, now: datetime) -> Protocol:
    """Let the protocol's members in again: its stewards only. Raises NotAllowed."""
    if not may_in(actor, Ability.MANAGE_SETTINGS, protocol, now=now):
        raise NotAllowed
    return _set_lock(protocol, False, actor=actor, reason=reason, now=now)


def _set_lock(protocol: Protocol, is_locked: bool, *, actor: User | None, reason: str, now: datetime) -> Protocol:
    with transaction.atomic():
        held = Protocol.objects.select_for_update(no_key=True).get(pk=protocol.pk)
        if held.is_locked != is_locked:
            protocol_changing.send(Protocol, pid=held.pid, now=now)
            before = _told(held)
            held.is_locked = is_locked
            held.save(update_fields=["is_locked"])
            audit.record(
                actor=actor,
                verb="lock_protocol" if is_locked else "unlock_protocol",
                target_pid=held.pid,
                now=now,
                reason=reason,
                before=before,
                after=_told(held),
            )
    protocol.refresh_from_db()
    return protocol


def _require_communities(communities: Sequence[Community] | None, actor: User | None, *, now: datetime) -> None:
    """None: there is nothing to ask."""
    if communities is None:
        return
    if not communities:
        raise ActionRefused("no_community")
    if not is_administrator(actor) and not all(manages(actor, one, now=now) for one in communities):
        raise NotAllowed


def _told(protocol: Protocol) -> dict[str, object]:
    communities = sorted(protocol.communities.order_by().values_list("pid", flat=True))
    return {"is_open": protocol.is_open, "is_locked": protocol.is_locked, "communities": communities}
