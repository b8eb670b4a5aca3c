"""The words by which an item is cited in the page's language, and its ARK's short description. No queries."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext

from archive import vocabularies
from archive.crosswalks.citing import Words
from archive.dates_as_said import say


@dataclass(frozen=True)
class Cited:
    """What the short description is made of; empty where it is not known."""

    creators: Sequence[str]
    title: str
    date: str
    library: str
    address: str


@functools.cache
def words(language: str) -> Words:
    """The words of citations in the active language, which is `language`."""
    # Translators: between two names in a citation, and before the last of three or more: "A and B", "A, B, and C".
    pair, last = pgettext("citation: two names", "and"), pgettext("citation", "%(others)s, and %(last)s")
    return Words(
        pair=f" {pair} ",
        last=last % {"others": "", "last": ""},
        others=pgettext("citation", "et al."),
        no_date=pgettext("citation", "n.d."),
        about=pgettext("citation", "ca. %(year)s"),
        online=pgettext("citation", "online"),
        available=pgettext("citation", "Available from: %(address)s"),
        community=pgettext("citation", "Community: %(name)s"),
        part=vocabularies.relator,
        day=lambda edtf: say(edtf, language),
    )


def erc(cited: Cited) -> str:
    """The Electronic Resource Citation that an ARK answers to "?info": a kernel of who, what, when, where.

    ARK Identifier Scheme (draft-kunze-ark), section on inflections: plain text, one element a line, "(:unkn)" for a
    value that is not known, a line break inside of a value folded to a space.
    """
    values = (
        ("who", "; ".join(cited.creators)),
        ("what", cited.title),
        ("when", cited.date),
        ("where", cited.address),
    )
    return _erc(*((name, " ".join(value.split()) or "(:unkn)") for name, value in values))


def erc_of_withdrawn(day: datetime.date, address: str) -> str:
    """The same for what is withdrawn: "(:unav)" is the scheme's word for a value that is not to be had."""
    unavailable = ((name, "(:unav)") for name in ("who", "what", "when"))
    return _erc(*unavailable, ("where", address), ("note", f"withdrawn {day.isoformat()}"))


def _erc(*values: tuple[str, str]) -> str:
    return "".join(["erc:\n", *(f"{name}: {value}\n" for name, value in values)])
