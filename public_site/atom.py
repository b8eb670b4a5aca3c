"""Atom feeds (RFC 4287) of lists of items. Pure: values in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
# RFC 4287 4.2.15 asks for a moment even of a feed without entries: it has never changed.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Picture:
    """A picture that goes with an entry."""

    address: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True)
class Entry:
    """One item: `id` lasts (its ARK), `page` is where it is read; `published` and `updated` are aware moments."""

    id: str
    page: str
    title: str
    lang: str
    summary: str
    kind: str
    published: datetime
    updated: datetime
    picture: Picture | None = None


@dataclass(frozen=True)
class Feed:
    """A feed, newest first. `own` is its address, `page` the list that it follows, `next` the address of what is older (RFC 5005)."""

    own: str
    page: str
    next: str
    title: str
    lang: str
    author: str
    entries: Sequence[Entry]
    changed: datetime = NEVER


def write(feed: Feed) -> bytes:
    """Return the feed as a document."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.lang})
    _text(root, "id", feed.own)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(max([feed.changed, *(entry.updated for entry in feed.entries)])))
    _text(SubElement(root, "author"), "name", feed.author)
    _link(root, "self", feed.own, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    if feed.next:
        _link(root, "next", feed.next, "application/atom+xml")
    for entry in feed.entries:
        node = SubElement(root, "entry", {"xml:lang": entry.lang})
        _text(node, "id", entry.id)
        _text(node, "title", entry.title)
        _link(node, "alternate", entry.page, "text/html")
        if entry.picture is not None:
            _link(node, "enclosure", entry.picture.address, entry.picture.media_type, str(entry.picture.size_bytes))
        _text(node, "published", _moment(entry.published))
        _text(node, "updated", _moment(entry.updated))
        SubElement(node, "category", {"term": entry.kind})
        if entry.summary:
            _text(node, "summary", entry.summary)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode()


def _text(parent: Element, name: str, text: str) -> None:
    # XML 1.0 has no place for control characters, in no spelling.
    SubElement(parent, name).text = "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _link(parent: Element, rel: str, address: str, media_type: str, length: str = "") -> None:
    SubElement(
        parent,
        "link",
        {"rel": rel, "href": address, "type": media_type, **({"length": length} if length else {})},
    )


def _moment(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
