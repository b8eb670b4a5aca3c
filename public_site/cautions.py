"""Warnings before what may hurt somebody who looks: shown in its place, to those who may see it, until they say that they want to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from archive import vocabularies
from archive.models import Item

# In the query of a page: whoever asks has read the warning.
SEEN = "seen"


@dataclass(frozen=True)
class Caution:
    """What a reader is told first, and the address of the page with what it is about."""

    sentences: tuple[str, ...]
    way_on: str


def caution_of(item: Item, asked: Mapping[str, str]) -> Caution | None:
    """Return the warning; None where there is none, or where it has been read."""
    sentences = vocabularies.warnings(item.restriction_reasons)
    if not sentences or has_read(asked):
        return None
    return Caution(tuple(sentences), f"?{urlencode({**asked, SEEN: '1'})}")


def is_warned_of(item: Item) -> bool:
    """Return whether a warning stands before it: where nobody can have read that, no picture of it is shown."""
    return caution_of(item, {}) is not None


def has_read(asked: Mapping[str, str]) -> bool:
    """Return whether whoever asks has read it."""
    return asked.get(SEEN) == "1"


def carried(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what of the query string goes on from page to page of the same work."""
    return {SEEN: "1"} if has_read(asked) else {}
