"""Take someone into a community who asked for it."""

from __future__ import annotations

from datetime import datetime

from access.models import CommunityMembership, Petition, User
from access.petitions import PetitionRefused
from access.roles import CommunityRole


def let_join(
    petition: Petition, *, actor: User | None, now: datetime, valid_until: datetime | None
) -> CommunityMembership:
    """Return the membership: a new one, or one whose end is moved. Call inside the transaction of the decision, which checked the right.

    Raises PetitionRefused("no_account", "gone", "blocked", "past_end"). A role that somebody has is not lowered.
    """
    if petition.asker is None or not petition.asker.is_active:
        raise PetitionRefused("no_account")
    if petition.community is None:
        raise PetitionRefused("gone")
    if valid_until is not None and valid_until <= now:
        raise PetitionRefused("past_end")
    member, created = CommunityMembership.objects.select_for_update(of=("self",)).get_or_create(
        community=petition.community,
        user=petition.asker,
        defaults={
            "role": CommunityRole.MEMBER,
            "reason": petition.text,
            "valid_until": valid_until,
            "made_by": actor,
        },
    )
    if member.is_blocked:
        raise PetitionRefused("blocked")
    if not created:
        member.valid_until = valid_until
        member.save(update_fields=["valid_until"])
    return member
