"""Sets by collection, people, kind, language, saved search and partner: OAI-PMH 2.0, section 2.6. Pure but for the names, which are read by
the caller."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.crosswalks.record import Record

COLLECTION, PEOPLE, KIND, LANGUAGE = "collection", "people", "kind", "language"
SEARCH, PARTNER = "search", "partner"
# OAI-PMH.xsd, setSpecType: unreserved characters, parts divided by colons.
SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*\Z")
_LANGUAGE_PART = re.compile(r"[A-Za-z0-9-]+\Z")


def of_record(record: Record, above: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the setSpecs of a record. `above`: for a people or collection ("people:ha-lang") the slugs above it, the highest first."""
    found = [f"{KIND}:{record.kind}"]
    found += [_below(PEOPLE, one.slug, above) for one in record.peoples]
    found += [_below(COLLECTION, one.slug, above) for one in record.collections]
    found += [f"{LANGUAGE}:{tag}" for tag in record.languages if _LANGUAGE_PART.match(tag)]
    return tuple(dict.fromkeys(spec for spec in found if SPEC.match(spec) and len(spec) <= 400))


def _below(root: str, slug: str, above: dict[str, tuple[str, ...]]) -> str:
    return ":".join((root, *above.get(f"{root}:{slug}", ()), slug))


def with_those_above(specs: Iterable[str]) -> Iterator[str]:
    """Yield each set and those that hold it: "people:xo-dang" for "people:xo-dang:ha-lang". The roots are no sets: they part nothing."""
    seen = set()
    for spec in specs:
        parts = spec.split(":")
        for length in range(2, len(parts) + 1):
            one = ":".join(parts[:length])
            if one not in seen:
                seen.add(one)
                yield one
