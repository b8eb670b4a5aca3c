"""Who made an item, whose it is and where it is found again: what a downloaded copy carries with it."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass

from archive import languages
from archive.consents import DEPICTED
from archive.languages import LangValue
from archive.models import Item

# The language of the archive comes first: a copy is the same for every reader, whatever language the page was in.
LANGUAGE = "vi"
_LETTERS_AT_MOST = 1000
_CREATORS_AT_MOST = 20
# Raised when the same credit is written otherwise: the validators of copies follow from it.
WRITER_VERSION = 1


@dataclass(frozen=True)
class Credit:
    """Plain words, any of them empty. `address` is the item's persistent one; `rights_address` leads to the statement's terms."""

    title: str
    creators: tuple[str, ...]
    rights: str
    rights_address: str
    library: str
    address: str

    @property
    def digest(self) -> str:
        """Return what changes whenever the words, or the way in which they are written, change."""
        return hashlib.sha256(repr((WRITER_VERSION, *astuple(self))).encode()).hexdigest()


def credit_of(item: Item, *, library: str, address: str) -> Credit:
    """Return the credit of an item that the reader may see. Names that must not be spoken are those that stand instead. Two queries.

    Who is depicted is not named: a picture that leaves the archive says who made it, not who is in it.
    """
    credits = item.credits.exclude(role=DEPICTED).select_related("agent").order_by("position", "pk")[:_CREATORS_AT_MOST]
    names = [_picked(one.agent.shown_names) for one in credits]
    holders = _picked(item.rights_holders)
    parts = [
        _picked(item.rights.names) if item.rights else "",
        _picked(item.rights_statements),
        f"© {holders}" if holders else "",
    ]
    return Credit(
        title=_picked(item.titles),
        creators=tuple(dict.fromkeys(name for name in names if name)),
        rights=". ".join(part.rstrip(". ") for part in parts if part),
        rights_address=item.rights.uri if item.rights and item.rights.uri.startswith(("http://", "https://")) else "",
        library=library,
        address=address,
    )


def _picked(values: list[LangValue]) -> str:
    value = languages.pick(values, LANGUAGE)
    return value["value"][:_LETTERS_AT_MOST] if value else ""
