"""Whom an item depicts, whose consent holds on a day, and whose is lacking. Pure: docs/adr/0013."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

PUBLISH_ONLINE = "publish_online"
# MARC relator: a person who is depicted, seen or heard.
DEPICTED = "dpc"


@dataclass(frozen=True)
class Depiction:
    """Who can be recognised in an item. `agents` are keys of those who are named as depicted; `has_unnamed`: somebody else, too."""

    agents: frozenset[int] = frozenset()
    has_unnamed: bool = False


@dataclass(frozen=True)
class Consent:
    """What counts of one consent. `agent` is the key of its person where that person has a heading; days are inclusive."""

    scopes: frozenset[str]
    given_on: date
    agent: int | None = None
    valid_until: date | None = None
    is_withdrawn: bool = False
    is_child: bool = False
    guardian: str = ""

    def holds(self, *, day: date, scope: str) -> bool:
        """Return whether it allows this on this day. A child's needs the guardian's beside it; silence is no consent."""
        return (
            not self.is_withdrawn
            and scope in self.scopes
            and self.given_on <= day
            and (self.valid_until is None or day <= self.valid_until)
            and (not self.is_child or bool(self.guardian.strip()))
        )


@dataclass(frozen=True)
class Lacking:
    """Whose consent an item lacks."""

    agents: frozenset[int] = frozenset()
    unnamed: bool = False

    def __bool__(self) -> bool:
        return self.unnamed or bool(self.agents)

    def __len__(self) -> int:
        return len(self.agents) + self.unnamed


def lacking(depiction: Depiction, consents: Iterable[Consent], *, day: date, scope: str = PUBLISH_ONLINE) -> Lacking:
    """Return whose consent is lacking for an item that these consents are about.

    Who is named consents themselves: nobody else's consent, and no community's, stands for theirs. For those who are recognised and not
    named, one consent of anybody who is not named as depicted is asked for: how many they are the record does not say.
    """
    held = [one for one in consents if one.holds(day=day, scope=scope)]
    named = {one.agent for one in held if one.agent is not None}
    others = any(one.agent is None or one.agent not in depiction.agents for one in held)
    return Lacking(depiction.agents - named, depiction.has_unnamed and not others)


def fault(
    *,
    somebody: tuple[object, object, object],
    has_items: bool,
    scopes: Iterable[str],
    known_scopes: Iterable[str],
    given_on: date,
    valid_until: date | None,
    is_child: bool,
    guardian: str,
    today: date,
) -> str:
    """Return why a consent cannot be recorded so, as a code of `archive.admin.sentences`; empty when it can.

    `somebody`: heading, written name and community, of which exactly one gives the consent.
    """
    chosen = set(scopes)
    if sum(bool(one) for one in somebody) != 1:
        return "consent_of_one"
    if not has_items:
        return "consent_without_items"
    if not chosen or not chosen <= set(known_scopes):
        return "consent_without_scope"
    if is_child and (somebody[2] or not guardian.strip()):
        return "consent_without_guardian"
    if given_on > today:
        return "consent_of_tomorrow"
    if valid_until is not None and valid_until < given_on:
        return "consent_over_before"
    return ""
