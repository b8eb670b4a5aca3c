"""Who may see a new thing, as its row says it: what somebody at the desk might choose, and no more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from access import policy
from access.policy import Level, Policy, Sharing
from archive.actions.access_rights import named

# What whoever does not choose access otherwise leaves new things to (as the form of the desk).
WITHOUT_PROTECT = frozenset({Level.PROTOCOL.value, Level.STAFF.value, Level.NOBODY.value})
# Closed so, a thing needs a reason that readers can be told.
_NEEDS_REASON = frozenset({Level.REGISTERED.value, Level.ONSITE.value, Level.PROTOCOL.value, Level.NOBODY.value})
# Of earlier years no day has a moment in every zone.
_FIRST_DAY = date(1000, 1, 1)


class AccessSaid(Exception):
    """The row cannot be closed or opened so. `field` is what is wrong, `code` one of archive.tables.sentences."""

    def __init__(self, field: str, code: str, **detail: object) -> None:
        super().__init__(code)
        self.field, self.code, self.detail = field, code, detail


@dataclass(frozen=True)
class Rights:
    """What the person who loads may choose. `protocols`: the pids of those that they may put new things under; None: all."""

    may_choose_any: bool
    protocols: frozenset[str] | None
    default: Policy


def of(said: Mapping[str, object], rights: Rights) -> Policy:
    """Return the policy of a row's values: `access` (a level, or a policy as JSON), `protocols`, `sharing`, `opens_on`, `closes_on`,
    `restriction_reasons`. Raises AccessSaid."""
    level = str(said.get("access") or "")
    if level.startswith("{"):
        return _whole(level, rights)
    protocols = said.get("protocols") or ()
    assert isinstance(protocols, Sequence)  # noqa: S101 (a list is read as a list)
    if not level and protocols:
        level = Level.PROTOCOL.value
    dates = _dates(said)
    if not level:
        return policy.meet(rights.default, dates)
    if not rights.may_choose_any and level not in WITHOUT_PROTECT:
        raise AccessSaid("access", "level_not_yours")
    if level in _NEEDS_REASON and not said.get("restriction_reasons"):
        raise AccessSaid("access", "reason_needed")
    if level != Level.PROTOCOL.value:
        if protocols:
            raise AccessSaid("protocols", "protocols_of_other_level")
        return policy.meet(policy.of(Level(level)), dates)
    if not protocols:
        raise AccessSaid("access", "no_protocol")
    return policy.meet(policy.of_protocols(protocols, Sharing(str(said.get("sharing") or "all"))), dates)


def _whole(text: str, rights: Rights) -> Policy:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    found = policy.from_json(data)
    if policy.to_json(found) != data:
        raise AccessSaid("access", "unknown_level")
    if not rights.may_choose_any:
        raise AccessSaid("access", "level_not_yours")
    if rights.protocols is not None and not named(found) <= rights.protocols:
        raise AccessSaid("access", "unknown_protocol", name="")
    return found


def _dates(said: Mapping[str, object]) -> Policy:
    opens, closes = said.get("opens_on"), said.get("closes_on")
    for name, day in (("opens_on", opens), ("closes_on", closes)):
        if isinstance(day, date) and day < _FIRST_DAY:
            raise AccessSaid(name, "no_day", value=day.isoformat())
    begin = _begin_of(opens) if isinstance(opens, date) else None
    # Until the last day of the calendar is for ever.
    end = _begin_of(closes + timedelta(days=1)) if isinstance(closes, date) and closes < date.max else None
    found = policy.of(Level.PUBLIC, opens_at=begin, closes_at=end)
    if found == policy.NOBODY:
        raise AccessSaid("closes_on", "closes_before_it_opens")
    return found


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
