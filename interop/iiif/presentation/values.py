"""What a manifest or a collection says, as plain values. Pure.

A text in languages maps BCP-47 tags (`none` where the language is not known) to the values in that language
(Presentation 3.0, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Texts = Mapping[str, Sequence[str]]
NO_LANGUAGE = "none"


@dataclass(frozen=True)
class Resource:
    """Something that lies at an address. `kind` is its IIIF type; sizes are px and seconds, 0 where they mean nothing.

    `service` is the address of an IIIF Image API 3 service of the same picture, with what it can do, `profile` the schema of a record.
    """

    address: str
    kind: str
    media_type: str = ""
    label: Texts = field(default_factory=dict)
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    service: str = ""
    service_profile: str = "level2"
    language: str = ""
    profile: str = ""


@dataclass(frozen=True)
class Canvas:
    """One page, picture, recording or film. Without a painting it is the empty place of something that is not open or not ready.

    `captions` are texts with times, for players; `annotations` are pages of annotations at addresses of their own.
    """

    address: str
    label: Texts
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    painting: Resource | None = None
    thumbnail: Resource | None = None
    renderings: tuple[Resource, ...] = ()
    see_also: tuple[Resource, ...] = ()
    captions: tuple[Resource, ...] = ()
    annotations: tuple[Resource, ...] = ()


@dataclass(frozen=True)
class Range:
    """One entry of a table of contents: the canvas at which it begins (empty for none), or the span of one in seconds."""

    label: Texts
    canvas: str = ""
    span_s: tuple[float, float] | None = None
    children: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Provider:
    """Who publishes: an Agent of section 3.1."""

    address: str
    label: Texts
    homepage: Resource


@dataclass(frozen=True)
class Entry:
    """One member of a collection: a manifest, or another collection."""

    address: str
    kind: str
    label: Texts
    thumbnail: Resource | None = None
    nav_date: str = ""


@dataclass(frozen=True)
class About:
    """What a manifest and a collection have in common. `required` is a label and a value that viewers have to show."""

    address: str
    label: Texts
    provider: Provider
    summary: Texts = field(default_factory=dict)
    metadata: tuple[tuple[Texts, Texts], ...] = ()
    required: tuple[Texts, Texts] | None = None
    rights: str = ""
    homepages: tuple[Resource, ...] = ()
    see_also: tuple[Resource, ...] = ()
    part_of: tuple[Entry, ...] = ()
    thumbnail: Resource | None = None
    nav_date: str = ""


@dataclass(frozen=True)
class Search:
    """The addresses at which the words of a manifest are looked for: Content Search 2 and 1."""

    address_2: str
    address_1: str


@dataclass(frozen=True)
class Manifest:
    """One item as viewers show it."""

    about: About
    canvases: tuple[Canvas, ...]
    ranges: tuple[Range, ...] = ()
    renderings: tuple[Resource, ...] = ()
    annotations: tuple[Resource, ...] = ()
    search: Search | None = None
    is_paged: bool = False


@dataclass(frozen=True)
class Said:
    """One segment of a text; when it is said in its recording, in seconds, or None of a text without times."""

    number: int
    text: str
    span_s: tuple[float, float] | None = None
