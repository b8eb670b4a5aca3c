"""What `expand` adds to an answer: the headings that its items stand under, whole, each once, as their own lists tell them.

One level: what an expanded heading names is not expanded. With `files` each file comes as by itself, with all pages of a document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from access.viewer import Viewer
from archive import place_history, queries
from archive.models import Item, ItemPlace
from interop.api import headings
from interop.api.headings import Record

FILES = "files"
EXPANSIONS = ("peoples", "places", "subjects", "collections", FILES)
# Pages of a book are hundreds: with them a page of a list is shorter.
ITEMS_WITH_FILES_MOST = 50


def included(viewer: Viewer, chosen: Collection[str], items: Sequence[Item]) -> Record:
    """Return what is expanded of items that `archive.queries.described` read, by kind and slug; empty where only files are.

    Two queries for peoples and for collections, four for subjects; for places seven and those of their history.
    """
    found: Record = {}
    if "peoples" in chosen:
        peoples = queries.whole_peoples(viewer).filter(pk__in={one.pk for item in items for one in item.peoples.all()})
        found["peoples"] = [headings.of_people(one) for one in peoples]
    if "subjects" in chosen:
        keys = {one.pk for item in items for one in item.subjects.all()}
        found["subjects"] = [headings.of_subject(one) for one in queries.whole_subjects(viewer).filter(pk__in=keys)]
    if "collections" in chosen:
        keys = {one.pk for item in items for one in item.collections.all()}
        rows = queries.whole_collections(viewer).filter(pk__in=keys)
        found["collections"] = [headings.of_collection(one) for one in rows]
    if "places" in chosen:
        places = list(queries.whole_places(viewer).filter(pk__in=set(_exact_places(items))))
        histories = place_history.of_places(places)
        found["places"] = [headings.of_place(one, histories) for one in places]
    return found


def _exact_places(items: Iterable[Item]) -> Iterator[int]:
    """Yield the places that may be told as they are; of one that is kept back nothing is added to what the item says."""
    exact = ItemPlace.Precision.EXACT
    for item in items:
        yield from (row.place_id for row in item.located.all() if row.shown_precision == exact)
