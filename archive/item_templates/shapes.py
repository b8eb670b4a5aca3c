"""What a template is made of: plain values, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# How a field of one's own is kept in JSON: a list of {"lang", "value"}; a str; an int or float; a code of `choices`.
Form = Literal["text", "plain", "number", "choice"]
# What a plain text must be besides a text.
Check = Literal["", "isbn", "edtf", "language"]


@dataclass(frozen=True)
class OwnField:
    """One property that only things of this template have.

    `key` is what is stored and never changes. `dcterms` is the property that exchange formats give it, "dcterms:description" (with the
    label before the value) for what has none. `unit`, `least`, `most` and `whole` are of numbers, bounds included.
    """

    key: str
    label: StrPromise
    help: StrPromise
    form: Form
    dcterms: str
    required: bool = False
    unit: StrPromise | str = ""
    choices: Mapping[str, StrPromise] = field(default_factory=dict)
    least: float = 0
    most: float = 1_000_000
    whole: bool = True
    check: Check = ""


@dataclass(frozen=True)
class ItemTemplate:
    """How things of one sort are described: which fields the desk shows first and asks for, and what it asks besides.

    `kinds` are values of `ItemKind`, the first is what a new item gets. `required` and `shown` name fields or relations of `Item`: without
    the required ones it is not published; the shown ones stand first, in this order, and the others follow them.
    """

    key: str
    name: StrPromise
    help: StrPromise
    kinds: tuple[str, ...]
    required: tuple[str, ...]
    shown: tuple[str, ...]
    own: tuple[OwnField, ...]

    @property
    def default_kind(self) -> str:
        return self.kinds[0]

    def field(self, key: str) -> OwnField | None:
        """Return its own field of that key; None if it has none, or has it no more."""
        return next((one for one in self.own if one.key == key), None)
