"""How to cite an item, and its ARK's short description. Pure but for the words of the page's language."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Cited:
    """What a citation is made of; empty where it is not known."""

    creators: Sequence[str]
    title: str
    date: str
    library: str
    address: str


def citation(cited: Cited) -> str:
    """One line to copy: creators, title, date, library, lasting address."""
    values = {
        "creators": "; ".join(cited.creators),
        "title": cited.title,
        "date": cited.date,
        "library": cited.library,
        "address": cited.address,
    }
    if values["creators"] and values["date"]:
        return _("%(creators)s. %(title)s. %(date)s. %(library)s. %(address)s") % values
    if values["creators"]:
        return _("%(creators)s. %(title)s. %(library)s. %(address)s") % values
    if values["date"]:
        return _("%(title)s. %(date)s. %(library)s. %(address)s") % values
    return _("%(title)s. %(library)s. %(address)s") % values


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
