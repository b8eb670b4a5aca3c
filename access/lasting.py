"""Until when what was decided about a request holds, if nothing is written in the database meanwhile.

Who remembers a decision has to know two things: that nothing was written since, and that no date has passed since. This module is about
the dates.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from access import session_limits
from access.devices import device_of
from access.models import AccessRule, CommunityMembership, Grant, ProtocolMembership


def holds_until(request: HttpRequest, *, now: datetime, at_most: datetime) -> datetime:
    """Return the first moment after `now`, `at_most` at the latest, at which a date may change what this request's viewer may see.

    Every date counts, of rules and grants that open as of those that close: somebody may be let in by several. One query for a visitor,
    five for an account.
    """
    dates = [date for policy in AccessRule.objects.policies().values() for date in (policy.opens_at, policy.closes_at)]
    device = device_of(request)
    if device is not None:
        dates.append(device.valid_until)
    if request.user.is_authenticated:
        held = {"user": request.user.pk, "valid_until__gt": now}
        for dated in (CommunityMembership, ProtocolMembership, Grant):
            dates += dated.objects.filter(**held).order_by().values_list("valid_until", flat=True)
        dates += Session.objects.filter(pk=request.session.session_key).values_list("expire_date", flat=True)
        limit = session_limits.limit_of(request)
        if limit is not None:
            dates.append(session_limits.ends_at(request.session, limit, now=now))
    return min([at_most, *(date for date in dates if date is not None and date > now)])
