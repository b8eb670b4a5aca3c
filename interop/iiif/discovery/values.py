"""What the door tells, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Activity:
    """What happened to one item. `kind`: Create, Update or Delete; `told_s`: in seconds since 1970."""

    number: int
    kind: str
    pid: str
    told_s: int


@dataclass(frozen=True)
class Stream:
    """All activities: numbers of the first and the last page that hold some, and how many there are."""

    first: int
    last: int
    total: int


@dataclass(frozen=True)
class Page:
    """Some of them, the oldest first, and the nearest pages before and after that hold some."""

    number: int
    activities: Sequence[Activity]
    before: int | None
    after: int | None
