"""An item as one entry of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.dates_as_said import say
from archive.models import Item, ItemFile
from archive.search import Moment, highlighting
from archive.search.highlighting import Excerpt, Part
from archive.whereabouts import Whereabouts
from public_site import found, renditions, titles
from public_site.formatting import format_duration
from public_site.found import Found
from public_site.renditions import Output
from public_site.titles import Text

SMALL_PX = 160
LARGE_PX = 480


@dataclass(frozen=True)
class Said:
    """Words of a search in a file of an item: what the link to them is called, and the end of the address that leads there; `lang` as of a
    text."""

    label: str
    words: Excerpt
    lang: str
    query: str


@dataclass(frozen=True)
class Card:
    """What a list shows of one item. `small` and `large` are one picture at two sizes, None where there is none; `found` where in its
    description the words of a search stand, and `is_near` that it fits only nearly."""

    pid: str
    kind: str
    kind_label: str
    title: Text
    details: tuple[str, ...]
    small: Output | None
    large: Output | None
    said: Said | None = None
    title_parts: tuple[Part, ...] = ()
    found: Found | None = None
    is_near: bool = False


def first_picture(files: Iterable[ItemFile]) -> tuple[Output | None, Output | None]:
    """The picture of the first file that has one, small and large."""
    for file in files:
        small = renditions.picture_of(file, SMALL_PX)
        if small is not None:
            return small, renditions.picture_of(file, LARGE_PX) or small
    return None, None


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


def card_of(
    item: Item,
    places: Sequence[Whereabouts],
    language: str,
    moment: Moment | None = None,
    *,
    words: frozenset[str] = frozenset(),
    asked: frozenset[str] = frozenset(),
    is_near: bool = False,
) -> Card:
    """The card of an item that has its `visible_files` and description prefetched, and the places that may be shown of it.

    `moment`: where the words of a search are in its files; `words`: the folded words that may be marked; where the item holds all that were
    `asked`, those alone are.
    """
    small, large = first_picture(item.visible_files)  # type: ignore[attr-defined]  # set by with_visible_files
    peoples = [text.value for people in item.peoples.all() if (text := titles.picked(people.names, language))]
    written = say(item.date_edtf, language)
    title = titles.marked_title(item, language)
    if words and asked and found.holds(item, places, title, asked, language):
        words = asked
    return Card(
        pid=item.pid,
        kind=item.kind,
        kind_label=item.get_kind_display(),
        title=title,
        details=tuple(part for part in (", ".join(peoples), places[0].name_now() if places else "", written) if part),
        small=small,
        large=large,
        said=None if moment is None else said_at(moment, words, language),
        title_parts=highlighting.highlight(title.value, words) if words else (),
        found=found.found_in(item, places, title, words, language),
        is_near=is_near,
    )
