"""What a harvest is made of. Pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Place:
    """Where a harvest stands. Records go by their keys, which never change, so that none is skipped or told twice, however many change
    meanwhile; `last` is the highest there was when it began, `after` the last one told, `told` how many were, of `total`."""

    verb: str
    prefix: str
    spec: str
    from_s: int | None
    until_s: int | None
    last: int
    after: int
    told: int
    total: int
    expires_s: int


class Told(NamedTuple):
    """One record as it goes out: a header, and what is told in the format asked for (empty for headers, and of what is deleted)."""

    pid: str
    changed_s: int
    is_deleted: bool
    sets: str = ""
    xml: bytes = b""


@dataclass(frozen=True)
class Page:
    """One page of a list. `place` is where it begins, `following` where the next one does: None at the end."""

    records: Sequence[Told]
    place: Place
    following: Place | None

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the list: then it has no token, not even an empty one (section 3.5)."""
        return self.following is None and self.place.told == 0
