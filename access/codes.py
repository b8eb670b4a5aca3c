"""Codes that people read from paper or a screen and type. Pure."""

from __future__ import annotations

import re
import secrets

# No look-alikes, and nothing that differs by case only: 31 letters, just under five bits each.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_code(*, groups: int, letters: int) -> str:
    """Return a random code in groups, such as "k7dm-29xa"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(letters)) for _ in range(groups))


def plain(typed: str) -> str:
    """Return what was meant: without case, spaces and hyphens of any kind."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", typed).lower()
