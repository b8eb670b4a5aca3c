"""Works that stand near another one: of the same place, on the same subject, of the same people, in the same collection. What they share is
looked up in the index of the search, and only among what the viewer may see: nothing tells that there is more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from django.db.models import QuerySet
from pyroaring import BitMap

from access.viewer import Viewer
from archive import sights
from archive.models import Collection, Item, ItemPlace, People, Subject
from archive.noted import add, aside
from archive.prefetched import rows_of
from archive.prepared import Key, Prepared, known
from archive.search import SearchPreparing, following
from archive.search.index.shapes import Part

MOST = 6
# What a line of a list tells of a work: the whole of it is fifty columns.
_TOLD = ("pid", "identifier", "kind", "titles", "is_sample")
# What two works share, the closest first.
_SHARED = (
    ("place", "subject"),
    ("place", "people"),
    ("place",),
    ("subject", "people"),
    ("subject", "collection"),
    ("subject",),
    ("collection", "people"),
    ("collection",),
    ("people",),
)


def _works(keys: Sequence[Key], viewer: Viewer | None) -> QuerySet[Item]:
    seen = Item.objects.visible_to(known(viewer)).filter(pk__in=keys).select_related("effective_rule")
    return seen.only(*_TOLD, "effective_rule__digest", "effective_rule__body").order_by()


_WORKS = Prepared(_works)


def near(viewer: Viewer, item: Item, *, but: Iterable[int] = (), most: int = MOST) -> list[Item]:
    """Return works near an item read by `archive.queries.item`, the nearest first, without itself and those of the keys in `but`; none
    while the search is being prepared. Among equally near ones those come first that were published about
    when it was.

    One query for the works, and one for what was changed since the index was last asked, if anything was.
    A sight of these by staff is written down: raises
    sights.SightNotRecorded.
    """
    try:
        # The works themselves are noted; how far the index is says nothing of the page.
        with aside(), following.index().opened() as (part, _names):
            keys = list(_nearest(part, item, viewer.rule_ids, frozenset(but), most))
    except SearchPreparing:
        return []
    add(keys)
    found = {work.pk: work for work in _WORKS.rows(keys, viewer)}
    sights.see(viewer, items=found.values())
    return [found[key] for key in keys if key in found]


def _nearest(part: Part, item: Item, rules: frozenset[int], but: frozenset[int], most: int) -> Iterator[int]:
    own = part.numbers([item.pk])
    having = {name: _having(part, name, values) for name, values in _values(item).items()}
    if not any(having.values()):
        return
    # New for each question: what is in the index is never changed.
    open_ones = part.under(rules) - part.numbers([item.pk, *but])
    start = own.max() if own else 0
    for names in _SHARED:
        alike = reduce(lambda one, other: one & other, (having[name] for name in names), open_ones)
        chosen = list(_after(alike, start, most))
        for key in part.keys(chosen):
            yield int(key)
        most -= len(chosen)
        if most <= 0:
            return
        open_ones = open_ones - BitMap(chosen)


def _after(documents: BitMap, start: int, most: int) -> Iterator[int]:
    """Yield the first so many documents after a number, then from the beginning."""
    size = len(documents)
    first = documents.rank(start)
    for place in range(min(most, size)):
        yield documents[(first + place) % size]


def _having(part: Part, facet: str, values: Iterable[int]) -> BitMap:
    return reduce(or_, (part.valued(facet, str(value)) for value in values), BitMap())


def _values(item: Item) -> dict[str, list[int]]:
    """Return what the item is tied to, as the index calls it; places only where readers may learn them as they are."""
    exact = ItemPlace.Precision.EXACT
    return {
        "place": [row.place_id for row in rows_of(item, "located", ItemPlace) if row.shown_precision == exact],
        "subject": [row.pk for row in rows_of(item, "subjects", Subject)],
        "people": [row.pk for row in rows_of(item, "peoples", People)],
        "collection": [row.pk for row in rows_of(item, "collections", Collection)],
    }
