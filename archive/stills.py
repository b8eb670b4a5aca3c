"""Which of the stills that were found in a film stands for it: the best one, unless a person chose another.

The set of role `poster` holds the best still and numbered ones, all at the same sizes; its fact `stills` says at which moments they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from archive.derived_names import picture_name
from archive.models import ItemFile
from media_pipeline.models import Derivative

POSTER = "poster"
_NAME = re.compile(r"(?:c(?P<still>[0-9]{1,3})-)?[0-9]{1,5}\.webp")

Entry = Mapping[str, Any]  # Any: JSON


def moments(file: ItemFile) -> list[int]:
    """Return when the stills of a film were, in milliseconds, in order; empty where there is nothing to choose from. No query."""
    made = file.derivative(POSTER)
    found = made.facts.get("stills") if made else None
    known = [int(one) for one in found if isinstance(one, int | float)] if isinstance(found, list) else []
    names = {entry["name"] for entry in made.files} if made else set()
    return known if len(known) > 1 and all(picture_name(160, n) in names for n in range(1, len(known) + 1)) else []


def chosen(file: ItemFile, made: Derivative) -> int:
    """Return the number of the still that stands for a film in this set, 0 for the best: also where the chosen one is not among them."""
    return _chosen(made.role, file.poster_choice or 0, made.files)


def _chosen(role: str, choice: int, entries: Sequence[Entry]) -> int:
    has_it = role == POSTER and any(still_of(str(entry["name"])) == choice for entry in entries)
    return choice if has_it else 0


def still_of(name: str) -> int | None:
    """Return of which still a file is a size, 0 for the best; None for a file that is no still picture."""
    found = _NAME.fullmatch(name)
    return None if found is None else int(found["still"] or 0)


def shown_entries(file: ItemFile, made: Derivative) -> Sequence[Entry]:
    """Return the files of a set that are shown: of the stills of a film those of the one that stands for it."""
    return entries_of(made.role, file.poster_choice or 0, made.files)


def entries_of(role: str, choice: int, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the same of the files of a set of this role; `choice` is the still that a person chose, 0 for none."""
    if role != POSTER:
        return entries
    number = _chosen(role, choice, entries)
    return [entry for entry in entries if still_of(str(entry["name"])) in (None, number)]


def nearest(sets: Iterable[tuple[str, Sequence[Entry]]], choice: int, long_edge_px: int) -> tuple[str, Entry] | None:
    """Return the still picture at about this size and the role of its set: of a small master the largest that there is. `sets` are the
    shown entries of each role, the best role first."""
    names = _names(long_edge_px, choice)
    for role, entries in sets:
        for entry in entries:
            if entry["name"] in names:
                return role, entry
        sized = [entry for entry in entries if _width(entry)]
        if sized:
            return role, sorted(sized, key=_width)[-1]
    return None


@lru_cache(maxsize=512)
def _names(long_edge_px: int, choice: int) -> tuple[str, str]:
    return picture_name(long_edge_px), picture_name(long_edge_px, choice)


def _width(entry: Entry) -> int:
    width = entry.get("width")
    return int(width) if isinstance(width, int | float) else 0
