"""The public record of one item as a plain value: what every crosswalk starts from.

It holds what one viewer may see and nothing else; `archive.public_records` makes it. Addresses are absolute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Text(NamedTuple):
    """One value in one language (BCP-47 tag; empty where it has none)."""

    lang: str
    value: str


@dataclass(frozen=True)
class When:
    """One date: EDTF for machines, what people wrote, and the days that it may mean (None: open or unknown)."""

    edtf: str = ""
    as_written: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def words(self) -> str:
        """What readers see: as it was written, else EDTF."""
        return self.as_written or self.edtf

    def __bool__(self) -> bool:
        return bool(self.edtf or self.as_written)


@dataclass(frozen=True)
class Heading:
    """A people, subject or collection. `scheme` and `notation` are a subject's, `above` the names of what a people is a branch of."""

    slug: str
    names: tuple[Text, ...]
    scheme: str = "local"
    notation: str = ""
    above: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Where:
    """One place as closely as it may be told. `role`: created, depicted, subject, published. Degrees, WGS 84."""

    slug: str
    names: tuple[Text, ...]
    role: str
    as_recorded: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Doer:
    """An agent in one part (`role`: MARC relator code, `part`: its name). Without a `slug` the name is withheld: `names` stand for it."""

    slug: str
    names: tuple[Text, ...]
    kind: str
    role: str
    part: str
    born: str = ""
    died: str = ""


@dataclass(frozen=True)
class Mark:
    """A label or notice of Local Contexts: `kind` tk, bc or notice."""

    kind: str
    title: Text
    community: str
    address: str


@dataclass(frozen=True)
class Tie:
    """A relation to another item that the viewer may see: its DCTERMS property, what it is called, and the other one."""

    dcterms: str
    label: str
    address: str
    ark: str
    titles: tuple[Text, ...]


@dataclass(frozen=True)
class Extra:
    """A field of the item's own template: its DCTERMS property, its label, its values as people read them."""

    dcterms: str
    label: str
    values: tuple[Text, ...]


@dataclass(frozen=True)
class Part:
    """One file that the viewer may see. `picture` is the address of a still picture of it, `shown_at` that of the page that shows it.

    `copy` is the address of a copy to look at or to play, of the type `copy_type`: only where the item was read with what was made of its
    files. `is_public`: everybody may see it.
    """

    pid: str
    role: str
    media_type: str
    shown_at: str
    picture: str = ""
    iiif_image: str = ""
    size_bytes: int | None = None
    language: str = ""
    captions: tuple[Text, ...] = ()
    copy: str = ""
    copy_type: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Rights:
    """The statement of rights: `family` rs, cc, folklore or other. A `tag:` address names it and leads nowhere."""

    uri: str = ""
    names: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    family: str = ""
    statements: tuple[Text, ...] = ()
    holders: tuple[Text, ...] = ()

    @property
    def is_link(self) -> bool:
        return self.uri.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Record:
    """One item. Texts in the order in which people gave them; the first title is the title proper. `address` is its page, `lasting` the
    address by which it is cited."""

    pid: str
    ark: str
    address: str
    kind: str
    template: str
    genre: tuple[Text, ...]
    published: datetime
    changed: datetime
    library: str
    titles: tuple[Text, ...]
    identifier: str = ""
    other_identifiers: tuple[tuple[str, str], ...] = ()
    alternative_titles: tuple[Text, ...] = ()
    descriptions: tuple[Text, ...] = ()
    contents: tuple[Text, ...] = ()
    extents: tuple[Text, ...] = ()
    mediums: tuple[Text, ...] = ()
    provenances: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()
    orthography_notes: tuple[Text, ...] = ()
    origin_statements: tuple[Text, ...] = ()
    languages: tuple[str, ...] = ()
    language_names: tuple[str, ...] = ()
    created: When = When()
    issued: When = When()
    period: When = When()
    peoples: tuple[Heading, ...] = ()
    subjects: tuple[Heading, ...] = ()
    collections: tuple[Heading, ...] = ()
    places: tuple[Where, ...] = ()
    doers: tuple[Doer, ...] = ()
    rights: Rights = Rights()
    communities: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    ties: tuple[Tie, ...] = ()
    extras: tuple[Extra, ...] = ()
    parts: tuple[Part, ...] = ()
    access: tuple[Text, ...] = ()
    has_closed_files: bool = False
    is_public: bool = False
    lasting: str = ""


def first(values: Sequence[Text], *langs: str) -> Text | None:
    """Return the value for the first of these languages that has one, else the first of all; None if there is none."""
    for lang in langs:
        for value in values:
            if value.lang == lang or value.lang.startswith(f"{lang}-"):
                return value
    return values[0] if values else None


def in_language(values: Sequence[Text], lang: str = "vi") -> list[str]:
    """Return what is said in this language; where nothing is, all that is said: statements are not left out for want of a translation."""
    own = [one.value for one in values if one.lang == lang or one.lang.startswith(f"{lang}-")]
    return own or [one.value for one in values]


def name_of(values: Sequence[Text], lang: str = "vi") -> str:
    """Return the name that a catalogue in this language would use, or an empty text."""
    found = first(values, lang, "en")
    return found.value if found else ""
