"""Which of the stills that were found in a film stands for it: the best one, unless a person chose another.

The set of role `poster` holds the best still and numbered ones, all at the same sizes; its fact `stills` says at which moments they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    number = file.poster_choice or 0
    has_it = made.role == POSTER and any(still_of(str(entry["name"])) == number for entry in made.files)
    return number if has_it else 0


def still_of(name: str) -> int | None:
    """Return of which still a file is a size, 0 for the best; None for a file that is no still picture."""
    found = _NAME.fullmatch(name)
    return None if found is None else int(found["still"] or 0)


def shown_entries(file: ItemFile, made: Derivative) -> Sequence[Entry]:
    """Return the files of a set that are shown: of the stills of a film those of the one that stands for it."""
    entries: Sequence[Entry] = made.files
    if made.role != POSTER:
        return entries
    number = chosen(file, made)
    return [entry for entry in entries if still_of(str(entry["name"])) in (None, number)]
