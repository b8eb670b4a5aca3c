"""Who at the desk is written to that something waits for them, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from access.models import CommunityMembership, ProtocolMembership, User
from access.roles import CommunityRole
from access.viewer import viewer_for
from archive import contributions, letters, petition_rights
from archive.models import Correspondence

# At most one letter a day, and the first within the hour: the clocks of the law count in working days.
APART = timedelta(hours=20)


def waiting(user: User, *, now: datetime) -> tuple[int, int, bool]:
    """Return how much that was told, and how many requests, wait for this person, and whether some of it is newer than the last letter.
    About fifteen queries."""
    who, viewer = petition_rights.decider(user, now=now), viewer_for(user, now=now)
    told = contributions.waiting(who, viewer)
    asked = petition_rights.waiting(who, viewer)
    last = Correspondence.objects.filter(user=user).values_list("told_at", flat=True).first()
    is_new = last is None or told.filter(_came_after(last)).exists() or asked.filter(received_at__gt=last).exists()
    return told.count(), asked.count(), is_new


def write_digests(*, now: datetime) -> int:
    """Write to everybody at the desk for whom something new waits, who left an e-mail address and was not written to for the best part of
    a day; returns to how many. Run twice, it writes once."""
    if not letters.are_sent():
        return 0
    written = 0
    for user in _at_the_desk().order_by("pk"):
        with transaction.atomic():
            Correspondence.objects.get_or_create(user=user)
            kept = Correspondence.objects.select_for_update().get(user=user)
            if kept.told_at is not None and kept.told_at > now - APART:
                continue
            told, asked, is_new = waiting(user, now=now)
            if not is_new or not (told or asked):
                continue
            letters.put_digest(
                user,
                kept.language,
                told=told,
                asked=asked,
                told_at=f"{reverse('admin:archive_contribution_changelist')}?state=open",
                asked_at=f"{reverse('admin:access_petition_changelist')}?waiting=yes",
                now=now,
            )
            kept.told_at = now
            kept.save(update_fields=["told_at"])
            written += 1
    return written


def _came_after(moment: datetime) -> Q:
    """The condition on what was told after a moment, or answered by who told it."""
    return Q(consented_at__gt=moment) | Q(replied_at__gt=moment)


def _at_the_desk() -> QuerySet[User]:
    """Whoever may find something in the inbox; what they do find is asked one by one."""
    managers = CommunityMembership.objects.filter(role=CommunityRole.MANAGER).values("user")
    keepers = ProtocolMembership.objects.values("user")
    mine = Q(is_staff=True) | Q(pk__in=managers) | Q(pk__in=keepers)
    return User.objects.filter(mine, is_active=True).exclude(email="")
