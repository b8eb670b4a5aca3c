"""The chain of the log: the digest of each entry is made of the entry and of the digest before it. Pure.

Whoever changes, removes, adds or moves an entry behind the software's back would have to make every later digest anew, and the last of them
stands in backups and, where somebody wrote it down, on paper.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# Part of what is digested: another form would be another number, and old entries keep theirs.
FORM = "log-1"
# Letters of a digest that are told apart from all others on paper: half of them are 128 bits.
LETTERS_LEAST = 32
# An entry is sealed within minutes of what it tells of; a load in one transaction takes hours.
SEALED_WITHIN = timedelta(days=1)
LISTED_MOST = 10


@dataclass(frozen=True)
class Content:
    """What an entry says. Which account it was is left out: it is forgotten with the account, and the name stays."""

    at: datetime
    actor_name: str
    verb: str
    target_pid: str
    detail: object
    reason: str
    before: object
    after: object


@dataclass(frozen=True)
class Link:
    """One entry in its place. Places are counted from 1. Without a content it cannot be read."""

    sequence: int
    digest: str
    content: Content | None


@dataclass(frozen=True)
class Head:
    """Where the chain ends: place and digest of the last entry; 0 and nothing before the first."""

    sequence: int = 0
    digest: str = ""


class Fault(StrEnum):
    """What is wrong with an entry."""

    CHANGED = "changed"  # it says something else than when it was sealed, or stands in another's place
    MISSING = "missing"
    ADDED = "added"  # by somebody who did not move the end of the chain
    CUT_OFF = "cut_off"  # the entries from here to the end of the chain are gone
    END = "end"  # the last entry is not the one that was sealed last


@dataclass(frozen=True)
class Wrong:
    """The fault in one place, and what stands there now, if anything does."""

    fault: Fault
    sequence: int
    content: Content | None = None


def canonical(sequence: int, content: Content) -> bytes:
    """Return the bytes that are digested: the same from every database, whatever order it keeps the keys of JSON in."""
    said = {
        "form": FORM,
        "sequence": sequence,
        "at": content.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_name": content.actor_name,
        "verb": content.verb,
        "target_pid": content.target_pid,
        "detail": content.detail,
        "reason": content.reason,
        "before": content.before,
        "after": content.after,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest_after(previous: str, sequence: int, content: Content) -> str:
    """Return the SHA-256 (hex) of an entry behind the one with the digest `previous` (nothing for the first)."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(sequence, content)).hexdigest()


def refuse_inexact(value: object) -> None:
    """Raise TypeError for what databases do not give back as it was put in: fractions, and keys that are no text."""
    if isinstance(value, float):
        raise TypeError("the log holds no fractions: databases write them in different ways")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the log's keys are texts")
        for one in value.values():
            refuse_inexact(one)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for one in value:
            refuse_inexact(one)


def plain_digest(text: str) -> str:
    """Return what somebody typed from paper as the beginning of a digest. Raises ValueError for too few letters or other ones."""
    plain = "".join(text.split()).replace("-", "").lower()
    if not LETTERS_LEAST <= len(plain) <= 64 or set(plain) - set("0123456789abcdef"):
        raise ValueError(text)
    return plain


@dataclass
class Walk:
    """Goes along the chain, one entry after the other, and remembers what was wrong first. Memory does not grow with the log."""

    expected: str = ""  # a digest, or its beginning, that must be met on the way
    last: Head = field(default_factory=Head)
    first_wrong: Wrong | None = None
    wrong_count: int = 0
    met_at: int = 0  # the place of the expected digest; 0 until it is met
    backdated: list[int] = field(
        default_factory=list
    )  # places of the first entries that tell of long before they were sealed
    backdated_count: int = 0
    _latest: datetime | None = None

    def step(self, link: Link) -> None:
        """Look at the next entry by place. Goes on behind a wrong one, so that all are counted."""
        due = self.last.sequence + 1
        if link.sequence < due:
            self._note(Fault.ADDED, link.sequence, link.content)
            return
        if link.sequence > due:
            self._note(Fault.MISSING, due, None, count=link.sequence - due)
        # Behind a gap the digest before is not known: that what follows does not fit is no second fault.
        elif link.content is None or digest_after(self.last.digest, link.sequence, link.content) != link.digest:
            self._note(Fault.CHANGED, link.sequence, link.content)
        if self.expected and not self.met_at and link.digest.startswith(self.expected):
            self.met_at = link.sequence
        if link.content is not None:
            self._compare_moments(link.sequence, link.content.at)
        self.last = Head(link.sequence, link.digest)

    def end(self, head: Head | None) -> None:
        """Compare the last entry with the end of the chain as it was kept beside it; None: nothing was kept."""
        kept = head or Head()
        if kept.sequence > self.last.sequence:
            self._note(Fault.CUT_OFF, self.last.sequence + 1, None, count=kept.sequence - self.last.sequence)
        elif kept.sequence < self.last.sequence:
            self._note(Fault.ADDED, kept.sequence + 1, None, count=self.last.sequence - kept.sequence)
        elif kept.digest != self.last.digest:
            self._note(Fault.END, self.last.sequence, None)

    def _compare_moments(self, sequence: int, at: datetime) -> None:
        if self._latest is not None and at < self._latest - SEALED_WITHIN:
            self.backdated_count += 1
            if len(self.backdated) < LISTED_MOST:
                self.backdated.append(sequence)
        self._latest = at if self._latest is None else max(self._latest, at)

    def _note(self, fault: Fault, sequence: int, content: Content | None, *, count: int = 1) -> None:
        self.wrong_count += count
        if self.first_wrong is None:
            self.first_wrong = Wrong(fault, sequence, content)
