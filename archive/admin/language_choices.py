"""The languages that a cataloguer picks from; any other BCP-47 tag may be written beside them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

# Codes: domain.md 1.1. zxx is "no linguistic content", und "undetermined" (BCP-47).
LANGUAGES: Mapping[str, object] = {
    "vi": pgettext_lazy("language", "Vietnamese"),
    "bdq": pgettext_lazy("language", "Bahnar"),
    "ren": pgettext_lazy("language", "Rengao"),
    "sed": pgettext_lazy("language", "Sedang"),
    "hal": pgettext_lazy("language", "Halang"),
    "jeh": pgettext_lazy("language", "Jeh"),
    "stg": pgettext_lazy("language", "Trieng"),
    "hre": pgettext_lazy("language", "Hre"),
    "cua": pgettext_lazy("language", "Cua"),
    "jra": pgettext_lazy("language", "Jarai"),
    "brb": pgettext_lazy("language", "Brao"),
    "rmx": pgettext_lazy("language", "Romam"),
    "en": pgettext_lazy("language", "English"),
    "fr": pgettext_lazy("language", "French"),
    "zxx": pgettext_lazy("language", "no words"),
    "und": pgettext_lazy("language", "not known"),
}


def choices(also: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return (tag, label) pairs in a fixed order, with the tags of `also` that are not among them at the end."""
    known = [(tag, f"{name} ({tag})") for tag, name in LANGUAGES.items()]
    return known + [(tag, tag) for tag in dict.fromkeys(also) if tag not in LANGUAGES]
