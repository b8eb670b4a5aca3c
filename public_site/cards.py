"""An item as one entry of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.dates_as_said import say
from archive.models import Item, ItemFile
from archive.search import Moment
from archive.whereabouts import Whereabouts
from public_site import renditions, titles
from public_site.formatting import format_duration
from public_site.renditions import Output
from public_site.titles import Text

SMALL_PX = 160
LARGE_PX = 480


@dataclass(frozen=True)
class Said:
    """Words of a search as they are said in a recording of an item, and the end of the address that leads there. `clock` is empty where
    nobody knows when; `lang` as of a text."""

    text: str
    lang: str
    clock: str
    query: str
    number: int


@dataclass(frozen=True)
class Card:
    """What a list shows of one item. `small` and `large` are one picture at two sizes, None where there is none."""

    pid: str
    kind: str
    kind_label: str
    title: Text
    details: tuple[str, ...]
    small: Output | None
    large: Output | None
    said: Said | None = None


def first_picture(files: Iterable[ItemFile]) -> tuple[Output | None, Output | None]:
    """The picture of the first file that has one, small and large."""
    for file in files:
        small = renditions.picture_of(file, SMALL_PX)
        if small is not None:
            return small, renditions.picture_of(file, LARGE_PX) or small
    return None, None


def said_at(moment: Moment, language: str) -> Said:
    """Where the words of a search are said."""
    return Said(
        text=moment.text,
        lang=moment.language if moment.language != language else "",
        clock="" if moment.start_ms is None else format_duration(moment.start_ms // 1000 * 1000),
        query=moment.query,
        number=moment.number,
    )


def card_of(item: Item, places: Sequence[Whereabouts], language: str, moment: Moment | None = None) -> Card:
    """The card of an item that has its `visible_files` and description prefetched, and the places that may be shown of it. `moment`:
    where the words of a search are said in it."""
    small, large = first_picture(item.visible_files)  # type: ignore[attr-defined]  # set by with_visible_files
    peoples = [text.value for people in item.peoples.all() if (text := titles.picked(people.names, language))]
    written = say(item.date_edtf, language)
    return Card(
        pid=item.pid,
        kind=item.kind,
        kind_label=item.get_kind_display(),
        title=titles.marked_title(item, language),
        details=tuple(part for part in (", ".join(peoples), places[0].name_now() if places else "", written) if part),
        small=small,
        large=large,
        said=None if moment is None else said_at(moment, language),
    )
