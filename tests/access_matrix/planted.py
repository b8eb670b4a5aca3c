"""Planted words: what must not be found where its reader may not see what it stands in."""

from __future__ import annotations

import hashlib
import re

# What `word` makes. No word can begin inside another: its first letters do not come again.
PATTERN = re.compile(rb"zq[a-p]{12}")


def word(kind: str, name: str) -> str:
    """Return a planted word: letters only, so that nothing that escapes or folds text changes it."""
    digest = hashlib.sha256(f"{kind} {name}".encode()).hexdigest()
    return "zq" + "".join(chr(ord("a") + int(digit, 16)) for digit in digest[:12])
