"""The parts that a cataloguer picks from for a person or body."""

from __future__ import annotations

from typing import Any

from archive.vocabularies import RELATORS


def choices(current: str = "") -> list[tuple[str, Any]]:  # Any: lazy texts
    """Return the choices, with a code that is kept already but not among them at the end."""
    known: list[tuple[str, Any]] = [*RELATORS.items()]  # Any: as above
    return known if not current or current in RELATORS else [*known, (current, current)]
