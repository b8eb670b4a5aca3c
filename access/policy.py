"""Policies as plain values: what a rule says, how two rules meet, and whether someone's standing satisfies one.

Pure: no database, no clock, no settings. DESIGN.md section 3 is the contract.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Level(StrEnum):
    """Who a clause lets in. Anything that is not one of these is read as NOBODY."""

    PUBLIC = "public"
    REGISTERED = "registered"
    ONSITE = "onsite"
    PROTOCOL = "protocol"
    STAFF = "staff"
    NOBODY = "nobody"


class Sharing(StrEnum):
    """How many of a clause's protocols someone must be a member of."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, order=True)
class Clause:
    """One condition. `protocols` (opaque identifiers, sorted) and `sharing` count only for the protocol level."""

    level: Level
    sharing: Sharing = Sharing.ALL
    protocols: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What is known of the person or device that asks."""

    is_registered: bool = False
    is_staff: bool = False
    is_on_site: bool = False
    protocols: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Policy:
    """An AND of clauses, open from `opens_at` (inclusive) until `closes_at` (exclusive); both are aware moments or None."""

    clauses: frozenset[Clause]
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def permits(self, standing: Standing, *, now: datetime) -> bool:
        """Return whether every clause and both dates let this standing in at this moment."""
        if self.opens_at is not None and now < self.opens_at:
            return False
        if self.closes_at is not None and now >= self.closes_at:
            return False
        return bool(self.clauses) and all(_satisfies(clause, standing) for clause in self.clauses)

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it at any time: the only answers that may be kept by shared caches."""
        return self == PUBLIC


def of(level: Level, *, opens_at: datetime | None = None, closes_at: datetime | None = None) -> Policy:
    """Return the policy of one level that names no protocol."""
    return _normal({Clause(level)}, opens_at, closes_at)


def of_protocols(protocols: Iterable[str], sharing: Sharing = Sharing.ALL) -> Policy:
    """Return the policy that lets in members of these protocols. Without a protocol nobody is let in."""
    names = tuple(sorted(set(protocols)))
    return _normal({Clause(Level.PROTOCOL, sharing, names)}, None, None)


def meet(first: Policy, second: Policy) -> Policy:
    """Return the policy that lets in exactly those whom both let in: commutative, associative, idempotent."""
    opens = [moment for moment in (first.opens_at, second.opens_at) if moment is not None]
    closes = [moment for moment in (first.closes_at, second.closes_at) if moment is not None]
    return _normal(set(first.clauses | second.clauses), max(opens, default=None), min(closes, default=None))


def _satisfies(clause: Clause, standing: Standing) -> bool:
    match clause.level:
        case Level.PUBLIC:
            return True
        case Level.REGISTERED:
            return standing.is_registered or standing.is_staff
        case Level.ONSITE:
            # Staff work inside the library: what may be read there may be described there.
            return standing.is_on_site or standing.is_staff
        case Level.STAFF:
            return standing.is_staff
        case Level.PROTOCOL:
            if not clause.protocols:
                return False
            held = [name in standing.protocols for name in clause.protocols]
            return any(held) if clause.sharing is Sharing.ANY else all(held)
        case _:
            return False


def _normal(clauses: set[Clause], opens_at: datetime | None, closes_at: datetime | None) -> Policy:
    """Drop what another clause already implies, so that equal policies are equal values and share a row."""
    levels = {clause.level for clause in clauses}
    if not clauses or Level.NOBODY in levels or any(c.level is Level.PROTOCOL and not c.protocols for c in clauses):
        return NOBODY
    if opens_at is not None and closes_at is not None and opens_at >= closes_at:
        return NOBODY
    if Level.STAFF in levels:
        clauses = {c for c in clauses if c.level not in {Level.REGISTERED, Level.ONSITE}}
    if len(clauses) > 1:
        clauses = {c for c in clauses if c.level is not Level.PUBLIC}
    every = {name for c in clauses if c.level is Level.PROTOCOL and _is_all(c) for name in c.protocols}
    kept = {c for c in clauses if c.level is not Level.PROTOCOL}
    kept |= {c for c in clauses if c.level is Level.PROTOCOL and not _is_all(c) and not every.intersection(c.protocols)}
    if every:
        kept.add(Clause(Level.PROTOCOL, Sharing.ALL, tuple(sorted(every))))
    return Policy(frozenset(kept), opens_at, closes_at)


def _is_all(clause: Clause) -> bool:
    # Any of one protocol is all of one protocol.
    return clause.sharing is Sharing.ALL or len(clause.protocols) == 1


PUBLIC = Policy(frozenset({Clause(Level.PUBLIC)}))
NOBODY = Policy(frozenset({Clause(Level.NOBODY)}))
STAFF = Policy(frozenset({Clause(Level.STAFF)}))
REGISTERED = Policy(frozenset({Clause(Level.REGISTERED)}))
ONSITE = Policy(frozenset({Clause(Level.ONSITE)}))


def to_json(policy: Policy) -> dict[str, object]:
    """Return the policy as JSON values in a fixed order: what a row stores and its digest is made of."""
    return {
        "clauses": [
            {"level": c.level.value, "protocols": list(c.protocols), "sharing": c.sharing.value}
            for c in sorted(policy.clauses)
        ],
        "closes_at": _moment(policy.closes_at),
        "opens_at": _moment(policy.opens_at),
    }


def from_json(data: object) -> Policy:
    """Return the stored policy; anything missing, unknown or damaged is NOBODY, never wider."""
    try:
        if not isinstance(data, Mapping):
            return NOBODY
        clauses = {
            Clause(Level(c["level"]), Sharing(c["sharing"]), _read_names(c["protocols"])) for c in data["clauses"]
        }
        return _normal(clauses, _read_moment(data["opens_at"]), _read_moment(data["closes_at"]))
    except (KeyError, TypeError, ValueError):
        return NOBODY


def _read_names(value: object) -> tuple[str, ...]:
    # A text is a sequence, too: read letter by letter it would name other protocols.
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise TypeError("protocols are a list of names")
    return tuple(sorted(set(value)))


def digest(policy: Policy) -> str:
    """Return the SHA-256 (hex) of the canonical JSON: equal policies have equal digests."""
    return hashlib.sha256(json.dumps(to_json(policy), sort_keys=True).encode()).hexdigest()


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat()


def _read_moment(value: object) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
