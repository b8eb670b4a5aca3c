"""An item as one entry of a list."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from archive.dates_as_said import say
from archive.hits import Hit, Picture
from archive.models import ItemKind
from archive.search import Moment, highlighting
from archive.search.highlighting import Excerpt, Part
from public_site import found, titles
from public_site.formatting import format_duration
from public_site.found import Found
from public_site.titles import Text

SIZES_PX = (160, 480)  # long edges of a card's picture: on a phone, and where there is room
_KINDS = dict(ItemKind.choices)


class Said(NamedTuple):
    """Words of a search in a file of an item: what the link to them is called, and the end of the address that leads there; `lang` as of a
    text."""

    label: str
    words: Excerpt
    lang: str
    query: str


class Card(NamedTuple):
    """What a list shows of one item. `small` and `large` are one picture at two sizes, None where there is none; `found` where in its
    description the words of a search stand, and `is_near` that it fits only nearly."""

    pid: str
    kind: str
    kind_label: str
    title: Text
    details: tuple[str, ...]
    small: Picture | None
    large: Picture | None
    said: Said | None = None
    title_parts: tuple[Part, ...] = ()
    found: Found | None = None
    is_near: bool = False


def said_at(moment: Moment, words: frozenset[str], language: str) -> Said:
    """Where in a file the words of a search are."""
    return Said(
        label=_called(moment),
        words=highlighting.excerpt(moment.text, words, letters=found.LETTERS),
        lang=moment.language if moment.language != language else "",
        query=moment.query if moment.kind != "segment" else f"{moment.query}#s{moment.number}",
    )


def _called(moment: Moment) -> str:
    if moment.kind == "page":
        return _("Page %(number)s") % {"number": moment.number}
    if moment.kind == "chapter":
        return _("Chapter %(number)s") % {"number": moment.number}
    if moment.start_ms is None:
        return _("In the transcript")
    return _("Said at %(clock)s") % {"clock": format_duration(moment.start_ms // 1000 * 1000)}


@lru_cache(maxsize=64)
def _kind_label(kind: str, _language: str) -> str:
    """What a kind is called in the page's language, which is the active one."""
    return str(_KINDS.get(kind, kind))


def card_of(
    hit: Hit,
    language: str,
    moment: Moment | None = None,
    *,
    words: frozenset[str] = frozenset(),
    asked: frozenset[str] = frozenset(),
    is_near: bool = False,
) -> Card:
    """The card of a hit whose pictures were asked for at `SIZES_PX`.

    `moment`: where the words of a search are in its files; `words`: the folded words that may be marked; where the item holds all that were
    `asked`, those alone are.
    """
    peoples = [people.label(language) for people in hit.peoples if people.names]
    where = hit.places[0].name_now() if hit.places else ""
    title = titles.marked_title(hit, language)
    told: Found | None = None
    title_parts: tuple[Part, ...] = ()
    if words:
        called = title.value
        if asked and words != asked and found.holds(hit, called, language, asked):
            words = asked
        sought = highlighting.sought(words)
        places = highlighting.places_of(called, sought)
        title_parts = highlighting.marked(called, places)
        told = found.found_in(hit, called, language, [folded for folded, _start, _end in places], sought)
    small, large = (None, None) if hit.is_warned_of else hit.pictures or (None, None)
    return Card(
        pid=hit.pid,
        kind=hit.kind,
        kind_label=_kind_label(hit.kind, language),
        title=title,
        details=tuple(filter(None, (", ".join(peoples), where, say(hit.date_edtf, language)))),
        small=small,
        large=large,
        said=None if moment is None else said_at(moment, words, language),
        title_parts=title_parts,
        found=told,
        is_near=is_near,
    )
