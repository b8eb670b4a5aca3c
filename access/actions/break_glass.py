"""Open something in an emergency that is closed to the library's own administrators, for a day at most, and end it again.

The way that leaves the most traces: a reason, an entry in the log, and a notice in the inbox of those whose it is. It knows no item.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from access import audit
from access.models import Grant, Petition, Protocol, User

LONGEST = timedelta(hours=24)
REASON_LETTERS_LEAST = 20
REASON_LETTERS_MOST = 2000


class BreakGlassRefused(Exception):
    """Nothing was opened; `code` says why, `archive.admin.emergency` says it to people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_administrator(user: User) -> bool:
    """Return whether an account is an administrator's: the only ones for whom there is an emergency."""
    return user.is_active and user.is_staff and user.is_superuser


def break_glass(
    target_pids: Collection[str],
    *,
    protocols: Collection[str],
    actor: User,
    reason: str,
    lasts: timedelta,
    now: datetime,
) -> Petition:
    """Open these targets to the actor alone and return the notice, which goes to the stewards of `protocols` (pids) or, without one, to the
    other administrators. About ten queries.

    The first target is what the log and the notice are about. Raises BreakGlassRefused("not_allowed", "short_reason", "wrong_time").
    """
    if not is_administrator(actor):
        raise BreakGlassRefused("not_allowed")
    if sum(letter.isalpha() for letter in reason) < REASON_LETTERS_LEAST or "\x00" in reason:
        raise BreakGlassRefused("short_reason")
    if not timedelta() < lasts <= LONGEST:
        raise BreakGlassRefused("wrong_time")
    about, *_rest = target_pids
    reason = reason.strip()[:REASON_LETTERS_MOST]
    with transaction.atomic():
        notice = Petition.objects.create(
            kind=Petition.Kind.NOTICE,
            asker=actor,
            asker_name=actor.get_username(),
            target_pid=about,
            text=reason,
            received_at=now,
        )
        notice.protocols.set(Protocol.objects.filter(pid__in=protocols))
        for pid in target_pids:
            Grant.objects.create(
                target_pid=pid,
                user=actor,
                reason=reason,
                is_break_glass=True,
                granted_by=actor,
                granted_at=now,
                valid_until=now + lasts,
                petition=notice,
            )
        audit.record(
            actor=actor,
            verb="break_glass",
            target_pid=about,
            now=now,
            detail={"protocols": sorted(protocols), "notice": notice.pid},
            reason=reason,
            before={"open_to": None},
            after={"open_to": actor.get_username(), "until": (now + lasts).isoformat()},
        )
    return notice


def record_try(actor: User, *, target_pid: str, why: str, now: datetime) -> None:
    """Write down that somebody tried to open something and was refused; `why` is the code of the refusal."""
    audit.record(actor=actor, verb="try_break_glass", target_pid=target_pid, now=now, detail={"refused": why})


def end_break_glass(notice: Petition, *, actor: User | None, now: datetime, reason: str = "") -> int:
    """Close what an emergency opened, with the next request of who opened it; returns how many grants ended. Four queries.

    The caller has checked that the actor reads this notice, or opened it.
    """
    with transaction.atomic():
        live = Grant.objects.filter(petition=notice, is_break_glass=True, withdrawn_at=None, valid_until__gt=now)
        held = list(live.select_for_update(of=("self",), no_key=True).select_related("user").order_by("pk"))
        if not held:
            return 0
        Grant.objects.filter(pk__in=[grant.pk for grant in held]).update(withdrawn_at=now)
        audit.record(
            actor=actor,
            verb="end_break_glass",
            target_pid=notice.target_pid,
            now=now,
            detail={"notice": notice.pid},
            reason=reason.strip(),
            before={"open_to": held[0].user.get_username()},
            after={"open_to": None},
        )
    return len(held)
