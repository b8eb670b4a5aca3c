"""What the dispatcher in front of Django remembers: that one who asks may see one picture, and the headers that go with its tiles.

Both are taken from an answer that Django gave, never made up. They hold while the database is as it was before that answer was begun,
and no date has passed (ADR 0017, "Tiles").
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from interop.iiif.image.answering import Prepared
from interop.iiif.image.grid import Directory
from interop.iiif.image.records import Pyramid
from interop.iiif.image.tiff import Read

# How long at most, whatever nothing was written: then Django is asked once more, and notes that somebody is still there.
LASTS_S = 10
NOTE = "heritage.tiles"
ENTRIES_MOST = 4096
# A cookie longer than this is nobody's of ours: it would only fill the memory.
KEY_LETTERS_MOST = 4096
Header = tuple[str, str]
Key = tuple[str | None, ...]


@dataclass
class Note:
    """What the view tells the dispatcher of the request that it was handed: empty where nothing may be remembered."""

    pyramid: Pyramid | None = None
    holds_until: float = 0.0  # seconds of the wall clock


@dataclass(frozen=True)
class Template:
    """The headers of an answer: the link with a tile's path left out, those that are the same for all, and which of a tile's own it has."""

    before_path: str
    after_path: str
    others: tuple[Header, ...]
    has_content: bool

    def filled(self, prepared: Prepared, length: int) -> list[Header]:
        """Return the headers of another tile, in the order in which Django gives them."""
        link = ("Link", f"{self.before_path}{prepared.path}{self.after_path}")
        if self.has_content:
            return [prepared.type_header, ("Content-Length", str(length)), prepared.etag_header, link, *self.others]
        return [prepared.etag_header, link, *self.others]


def template(headers: Sequence[Header], prepared: Prepared, *, length: int) -> Template | None:
    """Return the template of an answer; None for one that is not the plain answer to this request: then nothing is learnt of it."""
    values = {name.lower(): value for name, value in headers}
    if len(values) != len(headers) or "set-cookie" in values:
        return None
    before, found, after = values.get("link", "").partition(prepared.path)
    if not found or prepared.path in after:
        return None
    has_content = "content-type" in values
    made = Template(before, after, tuple(headers[4 if has_content else 2 :]), has_content)
    return made if made.filled(prepared, length) == list(headers) else None


@dataclass
class Remembered:
    """One who asks about one picture. `state` is that of the database before it was decided."""

    state: Hashable
    pyramid: Pyramid
    directory: Directory
    read: Read
    holds_until: float
    templates: dict[str, Template] = field(default_factory=dict)  # by the line of the status


class Memory:
    """A bounded number of decisions. Losing one costs a request that goes the long way."""

    def __init__(self, entries_most: int = ENTRIES_MOST) -> None:
        self._entries_most = entries_most
        self._entries: dict[Key, Remembered] = {}
        self.get = self._entries.get

    def learn(self, key: Key, found: Remembered, status: str, headers: Template) -> None:
        """Keep what one answer taught, together with what others of the same decision did."""
        known = self._entries.get(key)
        if known is not None and (known.state, known.pyramid) == (found.state, found.pyramid):
            found.templates.update(known.templates)
        found.templates[status] = headers
        if len(self._entries) >= self._entries_most and key not in self._entries:
            self._drop_half()
        self._entries[key] = found

    def forget(self, key: Key) -> None:
        self._entries.pop(key, None)

    def _drop_half(self) -> None:
        # In the order of learning: the older half. A copy, since other threads learn meanwhile.
        for key in list(self._entries)[: self._entries_most // 2]:
            self._entries.pop(key, None)
