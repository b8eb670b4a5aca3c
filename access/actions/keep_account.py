"""A reader's own account: made and ended by themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.models import CommunityMembership, Grant, Petition, ProtocolMembership, User

# Asked for oneself alone: without the account there is nobody to open something to.
FOR_ONESELF = (Petition.Kind.ACCESS, Petition.Kind.JOINING)


class HasWorkedHere(Exception):
    """An account of staff stays, suspended by an administrator, so that the log keeps its name."""


def sign_up(user: User, *, now: datetime) -> User:
    """Save the new account of a reader. The log has its number and not its name, which the reader may take away again."""
    user.is_staff = user.is_superuser = False
    with transaction.atomic():
        user.save()
        audit.record(actor=None, verb="sign_up", target_pid="", now=now, detail={"account": user.pk})
    return user


def delete_account(user: User, *, now: datetime) -> None:
    """Delete a reader's account with memberships, grants and factors. Raises HasWorkedHere.

    Requests for oneself are taken back; others (a correction, a takedown, a consent) stay open with the contact that was given for the
    answer, and lose only the account.
    """
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        if held.is_staff or held.is_superuser:
            raise HasWorkedHere
        own = Petition.objects.filter(asker=held, kind__in=FOR_ONESELF)
        own.filter(state__in=Petition.PENDING).update(state=Petition.State.RETRACTED, decided_at=now)
        own.update(asker_name="", contact="")
        before = _standing(held)
        detail = {"account": held.pk}
        held.delete()
        audit.record(actor=None, verb="delete_account", target_pid="", now=now, detail=detail, before=before)


def _standing(user: User) -> dict[str, object]:
    communities = CommunityMembership.objects.filter(user=user).values_list("community__pid", "role")
    protocols = ProtocolMembership.objects.filter(user=user).values_list("protocol__pid", "role")
    grants = Grant.objects.filter(user=user, withdrawn_at=None).values_list("target_pid", flat=True)
    return {
        "communities": [list(one) for one in sorted(communities)],
        "protocols": [list(one) for one in sorted(protocols)],
        "grants": sorted(grants),
    }
