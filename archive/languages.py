"""Values in a language: how they are kept, cleaned, checked and chosen. Pure.

A value is a list of {"lang": BCP-47 tag, "value": text}; any number of languages and of values, order kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypedDict

from access.spelling import canonical

__all__ = ["BCP47", "NO_LANGUAGE", "LangValue", "canonical", "clean", "of", "pick", "pick_text"]

# RFC 5646 without grandfathered tags: language, script, region, variants, private use. Shape only; any language may come.
BCP47 = re.compile(
    r"^[a-z]{2,8}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?\Z"
)
NO_LANGUAGE = "zxx"


class LangValue(TypedDict):
    """One value in one language."""

    lang: str
    value: str


def clean(values: Iterable[LangValue]) -> list[LangValue]:
    """Return the values in storage form: canonical text, no empty ones. Raises ValueError on a malformed language tag."""
    kept: list[LangValue] = []
    for value in values:
        text = canonical(value["value"]).strip()
        if not text:
            continue
        if not BCP47.match(value["lang"]):
            raise ValueError(value["lang"])
        kept.append({"lang": value["lang"], "value": text})
    return kept


def pick(values: Sequence[LangValue], lang: str) -> LangValue | None:
    """Return the value for a reader of `lang`: that language, else Vietnamese, else English, else the first; None if there is none."""
    for wanted in (lang, lang.partition("-")[0], "vi", "en"):
        for value in values:
            if value["lang"] == wanted or value["lang"].startswith(f"{wanted}-"):
                return value
    return values[0] if values else None


def pick_text(values: Sequence[LangValue], lang: str) -> str:
    """Return the text that `pick` chooses, or an empty string."""
    value = pick(values, lang)
    return value["value"] if value else ""


def of(**texts: str) -> list[LangValue]:
    """Return values from keywords: of(vi="…", en="…"). For tests, commands and the sample."""
    return clean([{"lang": lang, "value": text} for lang, text in texts.items()])
