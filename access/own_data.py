"""What is kept about one account: all of it, for the person themselves."""

from __future__ import annotations

from datetime import datetime

from access.models import CommunityMembership, Grant, Petition, ProtocolMembership, User


def own_data(user: User) -> dict[str, object]:
    """Return everything that this archive keeps of a person, as JSON takes it. Secrets are named and not given. Eight queries.

    There is no history of what was read: none is kept. The log of staff's acts names accounts of staff, and readers by a number.
    """
    return {
        "account": {
            "name": user.get_username(),
            "given_name": user.first_name,
            "family_name": user.last_name,
            "email": user.email,
            "made_at": _text(user.date_joined),
            "last_signed_in_at": _text(user.last_login),
            "is_staff": user.is_staff,
        },
        "second_factor": {
            "since": _text(user.second_factor_since),
            "security_keys": [{"name": key.name, "made_at": _text(key.made_at)} for key in user.security_keys.all()],
            "codes_left": user.recovery_codes.filter(used_at=None).count(),
        },
        "communities": [
            {"name": one.community.name, "role": one.role, "since": _text(one.made_at), "until": _text(one.valid_until)}
            for one in _communities(user)
        ],
        "protocols": [
            {"name": str(one.protocol), "role": one.role, "since": _text(one.made_at), "until": _text(one.valid_until)}
            for one in _protocols(user)
        ],
        "grants": [
            {"of": one.target_pid, "since": _text(one.granted_at), "until": _text(one.valid_until)}
            for one in Grant.objects.filter(user=user, withdrawn_at=None)
        ],
        "requests": [
            {
                "number": one.pid,
                "kind": one.kind,
                "state": one.state,
                "of": one.target_pid,
                "name": one.asker_name,
                "contact": one.contact,
                "text": one.text,
                "received_at": _text(one.received_at),
                "answer": one.answer,
            }
            for one in Petition.objects.filter(asker=user)
        ],
    }


def memberships(user: User) -> list[CommunityMembership | ProtocolMembership]:
    """Return what a person belongs to, communities first. Blocks are left out: they are between stewards. Two queries."""
    return [*_communities(user), *_protocols(user)]


def _communities(user: User) -> list[CommunityMembership]:
    own = CommunityMembership.objects.filter(user=user, is_blocked=False)
    return list(own.select_related("community").order_by("community__name", "pk"))


def _protocols(user: User) -> list[ProtocolMembership]:
    return list(
        ProtocolMembership.objects.filter(user=user).select_related("protocol").order_by("protocol__name", "pk")
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
