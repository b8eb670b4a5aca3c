"""Telling stewards and managers what an administrator did, in their inbox."""

from __future__ import annotations

from datetime import datetime

from access.models import Community, Petition, Protocol, User
from access.stewardship import stewardship_of


def tell_stewards(protocol: Protocol, text: str, *, others: list[User], now: datetime) -> None:
    """Put a notice into the inbox of a protocol's stewards, where there are others than the one it is about. Call in the transaction."""
    if others:
        notice = _notice(text, now=now, community=None)
        notice.protocols.set([protocol])


def tell_managers(community: Community, text: str, *, others: list[User], now: datetime) -> None:
    """Put a notice into the inbox of a community's managers, where there are others than the one it is about. Call in the transaction."""
    if others:
        _notice(text, now=now, community=community)


def tell_of_account(user: User, text: str, *, now: datetime) -> None:
    """Put a notice into the inbox of every protocol of which a person is a steward: somebody else can act in their name now. Call in the
    transaction. At most nine queries for who is no steward."""
    for protocol in Protocol.objects.filter(pid__in=stewardship_of(user, now=now).protocols).order_by("pk"):
        tell_stewards(protocol, text, others=[user], now=now)


def _notice(text: str, *, now: datetime, community: Community | None) -> Petition:
    return Petition.objects.create(kind=Petition.Kind.NOTICE, text=text, received_at=now, community=community)
