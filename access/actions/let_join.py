"""Take someone into a community who asked for it."""

from __future__ import annotations

from datetime import datetime

from access.actions.belong import add_member
from access.actions.errors import ActionRefused
from access.models import CommunityMembership, Petition, User
from access.petitions import PetitionRefused

# What the action on memberships says, in the words of requests.
CODES = {"is_blocked": "blocked", "over_already": "past_end"}


def let_join(
    petition: Petition, *, actor: User | None, now: datetime, valid_until: datetime | None
) -> CommunityMembership:
    """Return the membership; of who has come in by another way meanwhile the one that there is, as it is.

    Call inside the transaction of the decision. Raises PetitionRefused("no_account", "gone", "blocked", "past_end", "not_allowed").
    """
    if petition.asker is None or not petition.asker.is_active:
        raise PetitionRefused("no_account")
    if petition.community is None:
        raise PetitionRefused("gone")
    try:
        return add_member(
            petition.community,
            petition.asker,
            valid_until=valid_until,
            actor=actor,
            # What somebody told the managers of themselves stays in the request.
            reason=f"request {petition.pid}",
            now=now,
        )
    except ActionRefused as error:
        if error.code == "is_member":
            return CommunityMembership.objects.get(community=petition.community, user=petition.asker)
        raise PetitionRefused(CODES.get(error.code, "not_allowed")) from error
