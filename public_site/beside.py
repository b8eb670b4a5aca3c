"""A second picture beside the one on view, to compare them: another of the same work, or the first of another work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from access.identifiers import PID_PATTERN
from access.viewer import Viewer
from archive import addresses, queries
from archive.models import Item, ItemFile
from public_site import cautions, renditions, titles
from public_site.renditions import Output
from public_site.titles import Text

LARGE_PX = 1280
MIDDLE_PX = 480
ADDRESS_LETTERS = 500
PIDS_MOST = 2  # an ARK has the library's number before, which may look like one
# Of an address the last word that can be one: `/en/items/<pid>/?page=2`, an ARK, or the pid alone.
_PID = re.compile(rf"(?<![0-9a-z])({PID_PATTERN})(?![0-9a-z])")


@dataclass(frozen=True)
class Choice:
    """Another picture of the work that can be compared."""

    pid: str
    number: int
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Beside:
    """The second picture and the work that it is of; `zoom_address` is empty where it has no tiles."""

    picture: Output
    title: Text
    item_pid: str
    zoom_address: str = ""


@dataclass(frozen=True)
class Comparison:
    """What of a work can be compared with the picture on view, and the second picture where one was asked for and found.

    `asked` is what was asked for. What is hidden is not found, like what never was. `warned_address` is the page of a work that was found
    and has a warning: it is looked at there, after that has been read.
    """

    choices: tuple[Choice, ...]
    asked: str = ""
    second: Beside | None = None
    warned_address: str = ""


def comparison_of(
    viewer: Viewer, item: Item, current: ItemFile, shown: Sequence[ItemFile], asked: str, language: str
) -> Comparison:
    """Return the comparison; reads another work (thirteen queries) only where one is asked for that is not this."""
    asked = asked.strip()[:ADDRESS_LETTERS]
    named = list(dict.fromkeys(_PID.findall(asked)))[:PIDS_MOST]
    choices = tuple(
        Choice(file.pid, number, file.label, file.pid == asked)
        for number, file in enumerate(shown, 1)
        if file is not current and has_tiles(file)
    )
    second = next((_of(file, item, language) for file in shown if file is not current and file.pid in named), None)
    for pid in named if second is None else ():
        other = None if pid == item.pid else _other(viewer, pid)
        if other is None:
            continue
        if cautions.caution_of(other, {}) is not None:
            return Comparison(choices, asked, warned_address=addresses.item(other))
        second = second or _first_of(other, language)
    return Comparison(choices, asked, second)


def has_tiles(file: ItemFile) -> bool:
    """Return whether a picture can be looked at closely. No query where derivatives are prefetched."""
    return file.derivative("pyramid") is not None


def _other(viewer: Viewer, pid: str) -> Item | None:
    try:
        return queries.item(viewer, pid)
    except queries.NotVisible:
        return None


def _first_of(other: Item, language: str) -> Beside | None:
    files: list[ItemFile] = other.visible_files  # type: ignore[attr-defined]  # set by whole_item
    found = [one for file in files if (one := _of(file, other, language)) is not None]
    return next((one for one in found if one.zoom_address), found[0] if found else None)


def _of(file: ItemFile, item: Item, language: str) -> Beside | None:
    made = renditions.renditions_of(file)
    middle, large = renditions.picture(made, MIDDLE_PX), renditions.picture(made, LARGE_PX)
    picture = middle or large
    if picture is None:
        return None
    zoom = f"{addresses.iiif_image(file)}/info.json" if has_tiles(file) else ""
    title = titles.picked(file.captions, language) or titles.marked_title(item, language)
    return Beside(picture, title, item.pid, zoom)
