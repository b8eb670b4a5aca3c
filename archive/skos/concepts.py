"""A concept as it stands in a file, and how our subjects are called there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.languages import LangValue

# Ours, where nobody has given them an address of the web.
BASE = "urn:nha-rong:subject:"
SCHEME_BASE = "urn:nha-rong:scheme:"
MAPPINGS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


@dataclass(frozen=True)
class Concept:
    """One concept. `broader` and `related` are addresses of concepts; `matches` pairs of a mapping property and an address elsewhere."""

    uri: str
    names: Sequence[LangValue] = ()
    variants: Sequence[LangValue] = ()
    hidden: Sequence[LangValue] = ()
    notes: Sequence[LangValue] = ()
    notation: str = ""
    scheme: str = ""  # its address
    broader: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    matches: Sequence[tuple[str, str]] = field(default=())


def tag_of(language: str | None) -> str:
    """Return a language tag as we write it: RDF tools turn "blt-Tavt" into small letters. "und" where there is none."""
    first, *rest = (language or "und").split("-")
    parts = [one.title() if len(one) == 4 and one.isalpha() else one.upper() if len(one) == 2 else one for one in rest]
    return "-".join([first.lower(), *parts])
