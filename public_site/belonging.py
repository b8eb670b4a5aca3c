"""Whose a work is, what they say of it, and why something of it is closed: for its page."""

from __future__ import annotations

from dataclasses import dataclass

from access.models import Community
from archive.labels import is_project_address
from archive.models import Item, Label
from archive.prefetched import rows_of
from public_site import titles, ways
from public_site.titles import Text


@dataclass(frozen=True)
class Owner:
    """A community with its own statement, in every language in which it made one. Its name is its own, in whatever language. `address`:
    its page, where that is open to everybody."""

    name: str
    statements: tuple[Text, ...]
    address: str = ""


@dataclass(frozen=True)
class Mark:
    """A label or notice. `address` is empty where it leads to no project of Local Contexts; `community`, where the library placed it."""

    title: Text
    kind: str
    address: str
    community: str

    @property
    def is_notice(self) -> bool:
        return self.kind == Label.LabelKind.NOTICE


def owners_of(item: Item, language: str) -> list[Owner]:
    """Return the communities, by name. Whoever may see the record sees whose it is (docs/adr/0013). No query: they were prefetched."""
    return [
        Owner(
            one.name,
            tuple(titles.text_of(value, language) for value in one.statements),
            ways.to("community", one.pid) if one.page_is_open else "",
        )
        for one in rows_of(item, "communities", Community)
    ]


def marks_of(item: Item, language: str) -> list[Mark]:
    """Return what communities say, then the library's notices. No query: they were prefetched."""
    found = [
        Mark(
            title=Text(one.title, "" if one.language == language else one.language),
            kind=one.kind,
            address=one.project_address if is_project_address(one.project_address) else "",
            community=one.community.name if one.community else "",
        )
        for one in rows_of(item, "labels", Label)
    ]
    return sorted(found, key=lambda mark: mark.is_notice)
