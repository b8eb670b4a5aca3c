"""What `expand` adds to an answer: the headings that its items stand under, whole, each once, as their own lists tell them.

One level: what an expanded heading names is not expanded. With `files` each file comes as by itself, with all pages of a document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from access.viewer import Viewer
from archive import place_history, ways, whole_headings
from archive.models import Collection as ArchiveCollection
from archive.models import Item, ItemPlace, People, Place, Subject
from archive.search.tallies import Tally
from interop.api import headings
from interop.api.headings import Record

FILES = "files"
EXPANSIONS = ("peoples", "places", "subjects", "collections", FILES)
# Pages of a book are hundreds: with them a page of a list is shorter.
ITEMS_WITH_FILES_MOST = 50


class _Kind(NamedTuple):
    """A kind of heading, and how one is told."""

    model: type[Any]  # Any: one of three models
    write: Callable[[Any], Record]  # Any: as above


_KINDS = {
    "peoples": _Kind(People, headings.of_people),
    "subjects": _Kind(Subject, headings.of_subject),
    "collections": _Kind(ArchiveCollection, headings.of_collection),
}


def included(viewer: Viewer, chosen: Collection[str], items: Sequence[Item]) -> Record:
    """Return what is expanded of items that `archive.queries.described` read, by kind and slug; empty where only files are.

    One query for what changed since the index; two for peoples and for collections, four for subjects; for places seven and those of
    their history.
    """
    found: Record = {}
    asked = [name for name in _KINDS if name in chosen]
    # One look at the index for all of them.
    models = [_KINDS[name].model for name in asked] + ([Place] if "places" in chosen else [])
    tally = ways.counted(viewer, *(whole_headings.FACETS[model] for model in models)) if models else Tally(0)
    for name in asked:
        kind = _KINDS[name]
        keys = {one.pk for item in items for one in getattr(item, name).all()}
        rows = whole_headings.among(viewer, kind.model, keys, tally=tally)
        found[name] = [kind.write(one) for one in rows]
    if "places" in chosen:
        places = whole_headings.among(viewer, Place, set(_exact_places(items)), tally=tally)
        histories = place_history.of_places(places)
        found["places"] = [headings.of_place(one, histories) for one in places]
    return found


def _exact_places(items: Iterable[Item]) -> Iterator[int]:
    """Yield the places that may be told as they are; of one that is kept back nothing is added to what the item says."""
    exact = ItemPlace.Precision.EXACT
    for item in items:
        yield from (row.place_id for row in item.located.all() if row.shown_precision == exact)
