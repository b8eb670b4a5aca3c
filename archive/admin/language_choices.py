"""The languages that a cataloguer picks from; any other BCP-47 tag may be written beside them."""

from __future__ import annotations

from archive.vocabularies import LANGUAGES


def choices(also: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return (tag, label) pairs in a fixed order, with the tags of `also` that are not among them at the end."""
    known = [(tag, f"{name} ({tag})") for tag, name in LANGUAGES.items()]
    return known + [(tag, tag) for tag in dict.fromkeys(also) if tag not in LANGUAGES]
