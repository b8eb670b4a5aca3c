"""An item as one entry of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.dates_as_said import say
from archive.models import Item, ItemFile
from archive.whereabouts import Whereabouts
from public_site import renditions, titles
from public_site.renditions import Output
from public_site.titles import Text

SMALL_PX = 160
LARGE_PX = 480


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


def first_picture(files: Iterable[ItemFile]) -> tuple[Output | None, Output | None]:
    """The picture of the first file that has one, small and large."""
    for file in files:
        small = renditions.picture_of(file, SMALL_PX)
        if small is not None:
            return small, renditions.picture_of(file, LARGE_PX) or small
    return None, None


def card_of(item: Item, places: Sequence[Whereabouts], language: str) -> Card:
    """The card of an item that has its `visible_files` and description prefetched, and the places that may be shown of it."""
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
    )
